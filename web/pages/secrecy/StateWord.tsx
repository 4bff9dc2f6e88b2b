// The state of an unmasking in words, with its end; a form and a colour, never a colour alone.

import { unmaskingStateAt } from '../../../services/domain/lifecycle.ts'
import type { UnmaskingState } from '../../../services/domain/secrecy.ts'
import { formatDuration, formatInstant } from '../../kit/format/time.ts'
import { useNow } from '../../kit/useNow.ts'
import { useText } from './texts.ts'

const signs: Record<UnmaskingState, string> = { pending: '○', approved: '●', refused: '×', withdrawn: '–', ended: '–', expired: '–' }

/** Time ends it while the page is open: what is shown follows the clock, not the last answer. */
export function useStateNow({ state, until }: { state: UnmaskingState; until: string | null }): UnmaskingState {
  return unmaskingStateAt(state, until === null ? null : Date.parse(until), useNow(1_000))
}

export function StateWord({ state, until }: { state: UnmaskingState; until: string | null }) {
  const { t, locale } = useText()
  const nowMs = useNow(1_000)
  const now = useStateNow({ state, until })
  const untilMs = until === null ? null : Date.parse(until)
  return (
    <span className={`secrecy-state secrecy-${now}`}>
      <span aria-hidden="true">{signs[now]}</span>
      {now === 'approved' && untilMs !== null
        ? t('secrecy.state.approved', { until: formatInstant(untilMs).slice(0, 16), left: formatDuration(untilMs - nowMs, locale) })
        : t(`unmaskingState.${now === 'approved' ? 'ended' : now}`)}
    </span>
  )
}
