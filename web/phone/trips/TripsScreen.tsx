// 行程: the orders that are driven, those of today first; one of them alone is the page of its trip.
import { useQueries, useQuery } from '@tanstack/react-query'
import type { OrderRow } from '../../../services/contracts/api/orders.ts'
import { drivenStates, heldStates } from '../../../services/domain/orders.ts'
import { startOfDay } from '../../kit/format/time.ts'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { useNow } from '../../kit/useNow.ts'
import { type Entry, lookAhead } from '../outbox/entries.ts'
import { useEntries } from '../outbox/outbox.ts'
import type { ScreenProps } from '../screen.ts'
import { useText } from '../texts.ts'
import { orderQuery, ordersQuery } from './queries.ts'
import { TripCard } from './TripCard.tsx'
import { TripPage } from './TripPage.tsx'

const groups = ['underWay', 'today', 'later', 'over'] as const

export function TripsScreen({ account, rest: [id] }: ScreenProps) {
  if (id && Number.isInteger(Number(id))) return <TripPage orderId={Number(id)} account={account} />
  return <Trips username={account.username} />
}

/** So many orders are ready where there is no network. */
const AHEAD = 20

function Trips({ username }: { username: string }) {
  const { t } = useText()
  const entries = useEntries().filter((entry) => entry.username === username)
  const now = useNow(60_000)
  const { data, error, refetch } = useQuery(ordersQuery(username))
  const rows = data?.rows ?? []
  const held = rows.filter(({ state }) => heldStates.includes(state) || state === 'RELEASED').slice(-AHEAD)
  const details = useQueries({ queries: held.map(({ orderId }) => orderQuery(username, orderId)) })
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <div className="bone" aria-busy="true" />
  const stateOf = (row: OrderRow, of: readonly Entry[]) => {
    const detail = details.find((one) => one.data?.orderId === row.orderId)?.data
    return detail ? lookAhead(detail, of).state : row.state
  }
  const shown = rows
    .map((row) => {
      const own = entries.filter(({ orderId }) => orderId === row.orderId)
      return {
        row,
        waiting: own.filter(({ aside }) => !aside).length,
        aside: own.filter(({ aside }) => aside).length,
        state: stateOf(row, own),
      }
    })
    .sort((a, b) => Date.parse(a.row.startsAt) - Date.parse(b.row.startsAt))
  const groupOf = ({ state, row }: (typeof shown)[number]): (typeof groups)[number] => {
    if (drivenStates.includes(state)) return 'underWay'
    if (!heldStates.includes(state) && state !== 'RELEASED') return 'over'
    return startOfDay(Date.parse(row.startsAt)) <= startOfDay(now) ? 'today' : 'later'
  }
  return (
    <div className="phone-page">
      <h1>{t('trips.title')}</h1>
      {shown.length === 0 && <EmptyState title={t('trips.none')} text={t('trips.noneText')} />}
      {groups.map((group) => {
        const of = shown.filter((one) => groupOf(one) === group)
        if (of.length === 0) return null
        return (
          <section key={group} className="phone-cards" aria-labelledby={`trips-${group}`}>
            <h2 id={`trips-${group}`}>{t(`trips.${group}`)}</h2>
            {(group === 'over' ? [...of].reverse() : of).map(({ row, ...more }) => (
              <TripCard key={row.orderId} row={row} {...more} />
            ))}
          </section>
        )
      })}
    </div>
  )
}
