// What is said of a request for leave wherever it stands.
import type { LeaveRequest } from '../../../services/contracts/api/leave.ts'
import { spanInWords } from '../../parts/trip/when.ts'
import { useText } from '../texts.ts'

export const daysText = ({ fromDay, untilDay }: Pick<LeaveRequest, 'fromDay' | 'untilDay'>): string =>
  fromDay === untilDay ? fromDay : `${fromDay} – ${untilDay}`

/** Trips that he has been given in those days. */
export function LeaveTrips({ row: { trips } }: { row: LeaveRequest }) {
  const { t, locale } = useText()
  return (
    <div className="phone-why">
      <strong>{t('leave.trips')}</strong>
      <ul className="rows">
        {trips.map(({ number, startsAt, endsAt, to }) => (
          <li key={startsAt}>
            <span>
              <span className="figure">{number ?? t('leave.tripHidden')}</span> {to}
            </span>
            <span className="quiet">{spanInWords(startsAt, endsAt, locale)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
