// Beside what is to be decided: what else the unit drives on that day, and whether it goes to the same place.
import { useQuery } from '@tanstack/react-query'
import type { RequestRow } from '../../../services/contracts/api/requests.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { call } from '../../kit/api/session.ts'
import { formatClock } from '../../kit/format/time.ts'
import { spanText } from '../../parts/trip/when.ts'
import { useText } from '../texts.ts'
import { goesThere, sameDays } from './sameDays.ts'

const SHOWN = 3

/** The day is the one above, unless the trip goes over it. */
function timesOf({ startsAt, endsAt }: RequestRow): string {
  const [from, until] = [Date.parse(startsAt), Date.parse(endsAt)]
  return dayAt(from) === dayAt(until) ? `${formatClock(from)}–${formatClock(until)}` : spanText(startsAt, endsAt)
}

export function SameDays({ row }: { row: RequestRow }) {
  const { t } = useText()
  const { organisationId } = row.unit
  const { data } = useQuery({
    queryKey: ['phone', 'unit', organisationId],
    queryFn: () => call('listRequests', { query: { organisationId, limit: 200 } }),
    staleTime: 60_000,
  })
  if (!data) return null
  const others = sameDays(row, data.rows)
  if (others.length === 0) return <p className="quiet">{t('tasks.alone')}</p>
  const item = (other: RequestRow) => (
    <li key={other.requestId}>
      <span>
        <span className="figure">{timesOf(other)}</span>{' '}
        {goesThere(other, row) ? <strong className="warn-text">{t('tasks.sameWay', { to: other.to.name })}</strong> : other.to.name}
      </span>
      <span className="quiet phone-whole">{t(`requestState.${other.state}`)}</span>
    </li>
  )
  return (
    <div className="phone-same">
      <p className="quiet">{t('tasks.sameDays', { n: others.length })}</p>
      <ul className="rows">{others.slice(0, SHOWN).map(item)}</ul>
      {others.length > SHOWN && (
        <details>
          <summary>{t('tasks.sameMore', { n: others.length - SHOWN })}</summary>
          <ul className="rows">{others.slice(SHOWN).map(item)}</ul>
        </details>
      )}
    </div>
  )
}
