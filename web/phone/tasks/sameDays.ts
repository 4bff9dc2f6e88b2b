// What else the unit drives on the days of a trip that is to be decided: pure, over the requests that are within reach.
import type { RequestRow } from '../../../services/contracts/api/requests.ts'
import { dayAt } from '../../../services/domain/days.ts'
import type { RequestState } from '../../../services/domain/requests.ts'

/** Those that will be driven, are, or may be. */
const counts: readonly RequestState[] = ['SUBMITTED', 'APPROVED', 'DISPATCHED', 'COMPLETED']
const dayOf = (instant: string): string => dayAt(Date.parse(instant))

/** Other trips of its unit that share a day with `row`: those to the same destination first, then by departure. */
export function sameDays(row: RequestRow, all: readonly RequestRow[]): RequestRow[] {
  const [first, last] = [dayOf(row.startsAt), dayOf(row.endsAt)]
  return all
    .filter(
      (other) =>
        other.requestId !== row.requestId &&
        other.unit.organisationId === row.unit.organisationId &&
        counts.includes(other.state) &&
        dayOf(other.startsAt) <= last &&
        dayOf(other.endsAt) >= first,
    )
    .sort((a, b) => Number(goesThere(b, row)) - Number(goesThere(a, row)) || (a.startsAt < b.startsAt ? -1 : 1))
}

export const goesThere = (other: RequestRow, row: RequestRow): boolean => other.to.name === row.to.name
