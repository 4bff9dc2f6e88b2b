// The fields that most lists are filtered by.
import { Checkbox, Select } from 'antd'
import type { Values } from '../i18n/i18n.ts'
import type { Filter, Said } from './declareList.ts'

type Choice<V extends string | number, K extends string> = {
  url?: string
  label: K
  values: readonly V[]
  /** The text of a value, or the text and what it is filled with; without it the value itself. */
  word?: (value: V) => K | readonly [K, Values]
  /** What it is called, where that is no text of the room. */
  name?: (value: V, said: Said<NoInfer<K>>) => string
  /** What holds where nothing is chosen: it is shown, and cannot be taken away. */
  otherwise?: NoInfer<V>
  /** Long: what is looked for can be typed. */
  search?: true
}

/** One of some values. */
export const choice = <const V extends string | number, const K extends string>({
  url,
  label,
  values,
  word,
  name,
  otherwise,
  search,
}: Choice<V, K>): Filter<V, K> => ({
  url,
  read: (text) => values.find((each) => String(each) === text),
  show: ({ t, locale, text, set }) => {
    const labelOf = (value: V): string => {
      if (name) return name(value, { t, locale })
      const said = word?.(value)
      if (said === undefined) return String(value)
      return typeof said === 'string' ? t(said) : t(...(said as readonly [K, Values]))
    }
    return (
      <Select
        allowClear={otherwise === undefined}
        {...(search ? { showSearch: { optionFilterProp: 'label' } } : {})}
        aria-label={t(label)}
        placeholder={t(label)}
        value={values.some((each) => String(each) === text) ? text : otherwise === undefined ? undefined : String(otherwise)}
        options={values.map((value) => ({ value: String(value), label: labelOf(value) }))}
        onChange={(value: string | undefined) => set(value)}
        popupMatchSelectWidth={false}
      />
    )
  },
})

/** Asked for or not; `text` is how it stands in the address. */
export const check = <V extends string, K extends string>(
  label: K,
  value: V,
  { url, text = value }: { url?: string; text?: string } = {},
): Filter<V, K> => ({
  url,
  read: (found) => (found === text ? value : undefined),
  show: ({ t, text: found, set }) => (
    <Checkbox checked={found === text} onChange={({ target }) => set(target.checked ? text : undefined)}>
      {t(label)}
    </Checkbox>
  ),
})
