// What one has asked for: what is still ahead first, the past folded.
import { useState } from 'react'
import type { RequestRow } from '../../../services/contracts/api/requests.ts'
import type { RequestState } from '../../../services/domain/requests.ts'
import { useText } from '../texts.ts'
import { RequestCard } from './RequestCard.tsx'

const PAST_SHOWN = 5
/** Each asks how its order stands. */
const AHEAD_SHOWN = 8
const over: readonly RequestState[] = ['COMPLETED', 'DECLINED', 'REJECTED', 'CANCELLED', 'EXPIRED']
/** Over, but for the confirmation of its trip. */
const isOver = ({ state, order }: RequestRow): boolean => over.includes(state) && !(state === 'COMPLETED' && order?.state === 'RETURNED')

export function MyRequests({ rows }: { rows: readonly RequestRow[] }) {
  const { t } = useText()
  const [all, setAll] = useState(false)
  const [allAhead, setAllAhead] = useState(false)
  const ahead = rows.filter((row) => !isOver(row)).reverse()
  const past = rows.filter(isOver)
  return (
    <section aria-labelledby="my-requests" className="phone-cards">
      <h2 id="my-requests">{t('mine.title')}</h2>
      {rows.length === 0 && <p className="quiet">{t('mine.none')}</p>}
      {(allAhead ? ahead : ahead.slice(0, AHEAD_SHOWN)).map((row) => (
        <RequestCard key={row.requestId} row={row} live />
      ))}
      {!allAhead && ahead.length > AHEAD_SHOWN && (
        <button type="button" className="phone-button" onClick={() => setAllAhead(true)}>
          {t('mine.all', { n: ahead.length })}
        </button>
      )}
      {past.length > 0 && <h3 className="quiet">{t('mine.past')}</h3>}
      {(all ? past : past.slice(0, PAST_SHOWN)).map((row) => (
        <RequestCard key={row.requestId} row={row} live={false} />
      ))}
      {!all && past.length > PAST_SHOWN && (
        <button type="button" className="phone-button" onClick={() => setAll(true)}>
          {t('mine.all', { n: past.length })}
        </button>
      )}
    </section>
  )
}
