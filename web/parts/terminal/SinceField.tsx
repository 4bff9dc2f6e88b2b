// The moment from which something holds: now, unless an earlier one is given, as when a fitter reports in the evening what was done at noon.
import { Input } from 'antd'
import { useState } from 'react'
import { Field } from '../../kit/form/FormDialog.tsx'
import { fromWallClock, toWallClock } from '../../kit/format/time.ts'
import { useText } from '../texts.ts'

type Since = {
  text: string
  set: (text: string) => void
  /** As it is sent; undefined = when the server does it. */
  value: string | undefined
  ready: boolean
}

const minuteOf = (ms: number) => toWallClock(Math.floor(ms / 60_000) * 60_000)

/** `first`: what is there to be put right; otherwise now. */
export function useSince(first: string | null = null): Since {
  const [now] = useState(() => minuteOf(first === null ? Date.now() : Date.parse(first)))
  const [text, set] = useState(now)
  const ms = fromWallClock(text)
  const untouched = text === now
  return { text, set, value: untouched || ms === undefined ? undefined : new Date(ms).toISOString(), ready: untouched || ms !== undefined }
}

export function SinceField({ since, hint }: { since: Since; hint?: string }) {
  const { t } = useText()
  return (
    <Field name="since" label={t('terminalAct.since')} whole>
      <Input type="datetime-local" value={since.text} max={minuteOf(Date.now())} onChange={(event) => since.set(event.target.value)} />
      <span className="quiet">{hint ?? t('terminalAct.sinceHint')}</span>
    </Field>
  )
}
