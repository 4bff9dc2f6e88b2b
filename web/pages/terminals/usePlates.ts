// Which vehicles of the scope have these plates. Each plate is asked for once while the page is open, a few at a time.
import { useQuery } from '@tanstack/react-query'
import type { LedgerRow } from '../../../services/contracts/api/ledger.ts'
import { call, queryClient } from '../../kit/api/session.ts'
import { useSettled } from '../../kit/useSettled.ts'

/** More are a file's work: each is a question of its own. */
export const MAX_PLATES = 300
const AT_ONCE = 4

type Vehicle = Pick<LedgerRow, 'vehicleId' | 'plate' | 'userUnit'>

const plateQuery = (plate: string) => ({
  queryKey: ['plate', plate],
  staleTime: 60_000,
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Vehicle | null> => {
    const { rows } = await call('listLedger', { query: { q: plate, limit: 10 }, signal })
    return rows.find((row) => row.plate === plate) ?? null
  },
})

async function findAll(plates: readonly string[]): Promise<Map<string, Vehicle | null>> {
  const found = new Map<string, Vehicle | null>()
  const waiting = [...plates]
  const work = async () => {
    for (let plate = waiting.shift(); plate !== undefined; plate = waiting.shift())
      found.set(plate, await queryClient.fetchQuery(plateQuery(plate)))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return found
}

/** @returns `vehicles` by plate, null where there is none in scope; `checking` while one of the plates is not known yet */
export function usePlates(plates: readonly string[]): { vehicles: ReadonlyMap<string, Vehicle | null>; checking: boolean; error: unknown } {
  const wanted = plates.length > MAX_PLATES ? '' : plates.join(' ')
  const asked = useSettled(wanted, 400)
  const { data, error } = useQuery({
    queryKey: ['plates', asked],
    enabled: asked !== '',
    gcTime: 0,
    queryFn: () => findAll(asked.split(' ')),
  })
  const vehicles = asked === '' ? new Map<string, Vehicle | null>() : (data ?? new Map<string, Vehicle | null>())
  const checking = wanted !== '' && error === null && (asked !== wanted || data === undefined)
  return { vehicles, checking, error: wanted === '' ? null : error }
}
