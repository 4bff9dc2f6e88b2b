// A form inside a page of the phone: what is missing is said when it is sent, what was refused below, and its two buttons stand beside each other.
import { type ReactNode, useState } from 'react'
import { useText } from '../texts.ts'
import { Fault } from './Fault.tsx'
import { useInSight } from './useInSight.ts'

type Props = {
  verb: string
  /** What is wrong with it as it stands; null: it can be sent. */
  problem: string | null
  deed: { busy: boolean; error: unknown }
  onSend: () => Promise<unknown>
  onLeave: () => void
  children: ReactNode
}

export function PhoneForm({ verb, problem, deed, onSend, onLeave, children }: Props) {
  const { t } = useText()
  const [asked, setAsked] = useState(false)
  const form = useInSight<HTMLFormElement>(true, 'nearest')
  const said = useInSight<HTMLDivElement>(asked && problem, 'nearest')
  return (
    <form
      ref={form}
      className="phone-inset"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setAsked(true)
        if (problem === null) void onSend()
      }}
    >
      {children}
      <div ref={said} role="alert">
        {asked && problem !== null && <p className="error-text">{problem}</p>}
      </div>
      <Fault error={deed.error} />
      <div className="phone-buttons">
        <button type="button" className="phone-button" onClick={onLeave}>
          {t('kit.cancel')}
        </button>
        <button type="submit" className="phone-button phone-strong" disabled={deed.busy}>
          {verb}
        </button>
      </div>
    </form>
  )
}
