// One of a few, as large buttons; what is chosen is a radio button underneath.
import { useId } from 'react'

type Option<T> = { value: T; text: string; more?: string }
type Props<T> = { legend: string; options: readonly Option<T>[]; value: T | null; onChange: (value: T) => void; hideLegend?: boolean }

export function Chips<T extends string>({ legend, options, value, onChange, hideLegend }: Props<T>) {
  const name = useId()
  return (
    <fieldset className="phone-field">
      <legend className={hideLegend ? 'visually-hidden' : undefined}>{legend}</legend>
      <div className="phone-chips">
        {options.map((option) => (
          <label key={option.value} className="phone-chip">
            <input type="radio" name={name} checked={option.value === value} onChange={() => onChange(option.value)} />
            <span>{option.text}</span>
            {option.more && <small>{option.more}</small>}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
