// The case within which a vehicle's past is looked at, by whoever must have one: chosen in the address, otherwise the latest that holds the vehicle.
import { useQuery } from '@tanstack/react-query'
import type { CaseRow } from '../../../services/contracts/api/cases.ts'
import { call, useAccount } from '../../kit/api/session.ts'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import type { Range } from './liveUrl.ts'

export type CaseOf = {
  /** Whether anything may be read: nothing is required, or a case is there. */
  ready: boolean
  required: boolean
  /** Undefined while they are looked for. */
  cases: CaseRow[] | undefined
  chosen: CaseRow | undefined
  choose: (caseId: number) => void
  error: unknown
}

export function useCaseOf(vehicleId: number | null): CaseOf {
  const account = useAccount()
  const { url, change } = useUrl()
  const required = account.permissions['track.view']?.caseRequired === true
  const query = useQuery({
    queryKey: ['cases', 'of', vehicleId],
    enabled: required && vehicleId !== null,
    queryFn: ({ signal }) => call('listCases', { query: { vehicleId: vehicleId!, state: 'OPEN', limit: 50 }, signal }),
  })
  const cases = query.data?.rows
  const chosen = cases?.find(({ caseId }) => String(caseId) === url.case) ?? cases?.[0]
  return {
    ready: !required || chosen !== undefined,
    required,
    cases,
    chosen,
    choose: (caseId) => change((old) => withEntries(old, { case: String(caseId) })),
    error: query.error,
  }
}

/** As much of a range as lies within the case; all of it where none does, so that the refusal says what would be accepted. */
export function cutToCase(range: Range, chosen: CaseRow | undefined): Range {
  if (!chosen) return range
  const cut = { fromMs: Math.max(range.fromMs, Date.parse(chosen.from)), toMs: Math.min(range.toMs, Date.parse(chosen.until)) }
  return cut.fromMs < cut.toMs ? cut : range
}
