// Why something is refused or given back: by a touch, or in one's own words.
import { useId, useState } from 'react'
import { useText } from '../texts.ts'
import { Fault } from './Fault.tsx'

type Props = {
  title: string
  /** What is said most often. */
  reasons: readonly string[]
  verb: string
  busy: boolean
  error: unknown
  onDone: (reason: string) => void
  onLeave: () => void
}

export function ReasonForm({ title, reasons, verb, busy, error, onDone, onLeave }: Props) {
  const { t } = useText()
  const [reason, setReason] = useState('')
  const id = useId()
  return (
    <form
      className="phone-inset"
      onSubmit={(event) => {
        event.preventDefault()
        if (reason.trim().length >= 2) onDone(reason.trim())
      }}
    >
      <label htmlFor={id}>{title}</label>
      <div className="phone-chips">
        {reasons.map((one) => (
          <button key={one} type="button" className="phone-chip" aria-pressed={reason === one} onClick={() => setReason(one)}>
            {one}
          </button>
        ))}
      </div>
      <textarea id={id} rows={2} maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
      <Fault error={error} />
      <div className="phone-buttons">
        <button type="button" className="phone-button" onClick={onLeave}>
          {t('kit.cancel')}
        </button>
        <button type="submit" className="phone-button phone-strong" disabled={busy || reason.trim().length < 2}>
          {verb}
        </button>
      </div>
    </form>
  )
}
