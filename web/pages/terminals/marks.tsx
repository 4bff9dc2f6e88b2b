// How a terminal stands, in a word and a mark: its state, when it was last heard, and what is wrong with it.
import type { TerminalRow } from '../../../services/contracts/api/terminals.ts'
import { MISSING } from '../../kit/format/number.ts'
import { formatAge, formatInstant } from '../../kit/format/time.ts'
import { useNow } from '../../kit/useNow.ts'
import { useText } from './texts.ts'

/** A parked terminal reports every five minutes: after a day without a word somebody should look. */
const SILENT_MS = 24 * 3_600_000

export const isSilent = ({ state, vehicle, lastContactAt }: TerminalRow, nowMs: number): boolean =>
  state === 'active' && vehicle !== null && (lastContactAt === null || nowMs - Date.parse(lastContactAt) > SILENT_MS)

export function StateTag({ terminal }: { terminal: TerminalRow }) {
  const { t } = useText()
  const silent = isSilent(terminal, useNow(60_000))
  return (
    <span className="terminal-states">
      <span className={`terminal-state terminal-${terminal.state}`}>{t(`terminalState.${terminal.state}`)}</span>
      {silent && <span className="terminal-state terminal-silent">{t('terminal.silent')}</span>}
      {terminal.refusedAt !== null && <span className="terminal-state terminal-silent">{t('terminal.lastRefused')}</span>}
    </span>
  )
}

/** When it was last heard, as an age; the moment itself on hover. */
export function Contact({ at, whole = false }: { at: string | null; whole?: boolean }) {
  const { t, locale } = useText()
  const nowMs = useNow(10_000)
  if (at === null) return <span className="quiet">{t('terminal.neverHeard')}</span>
  const ms = Date.parse(at)
  return (
    <time className="figure" dateTime={at} title={formatInstant(ms)}>
      {whole && `${formatInstant(ms)} · `}
      {formatAge((nowMs - ms) / 1000, locale)}
    </time>
  )
}

export function Moment({ at, none = MISSING }: { at: string | null; none?: string }) {
  return at === null ? (
    none
  ) : (
    <time className="figure" dateTime={at}>
      {formatInstant(Date.parse(at))}
    </time>
  )
}
