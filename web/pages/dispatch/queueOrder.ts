// In which order requests wait for a vehicle.
import type { RequestRow } from '../../../services/contracts/api/requests.ts'

/** What cannot wait first, then the next departure. */
export const inOrder = <R extends Pick<RequestRow, 'kind' | 'startsAt'>>(rows: readonly R[]): R[] =>
  [...rows].sort(
    (a, b) => Number(b.kind === 'emergency') - Number(a.kind === 'emergency') || Date.parse(a.startsAt) - Date.parse(b.startsAt),
  )
