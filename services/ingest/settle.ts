// Commits a batch whatever happens: waits for a database that is away, and finds the one row that a database refuses.
// Trying again is safe even when the answer to a COMMIT was lost: what that transaction stored is then counted as duplicate, and the
// minute's `received` counts those positions twice; received = stored + duplicate + quarantined holds all the same.
import { setTimeout } from 'node:timers/promises'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/log.ts'
import type { Committed, Work } from './commit.ts'

export type SettleDeps = { commit: (work: Work, nowMs: number) => Promise<Committed>; clock: Clock; log: Logger }

const FIRST_WAIT_MS = 50
const LONGEST_WAIT_MS = 2_000
/** An internal error of the database (class XX) may pass; when it stays it is this batch's fault. */
const INTERNAL_ERRORS_BORNE = 3

/** Resolves when every reading is stored, counted as duplicate, or quarantined. Never rejects; nothing is to be acked before. */
export async function settle(work: Work, deps: SettleDeps): Promise<Committed> {
  for (let attempt = 1; ; attempt++) {
    try {
      const committed = await deps.commit(work, deps.clock.nowMs())
      if (attempt > 1) deps.log.info({ attempt }, 'batch committed')
      return committed
    } catch (error) {
      const parts = isRefusal(error, attempt) ? split(work, error as Error) : undefined
      if (parts) {
        deps.log.warn({ error: (error as Error).message, readings: work.readings.length }, 'batch refused: looking for the row')
        return settleAll(parts, deps)
      }
      deps.log.error({ error: (error as Error).message, attempt }, 'batch not committed: trying again, nothing is acked meanwhile')
      await setTimeout(backOffMs(attempt))
    }
  }
}

/** How long to wait before the next attempt, ms: doubling, to a limit. */
export const backOffMs = (attempt: number): number => Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt - 1, 10))

async function settleAll(parts: Work[], deps: SettleDeps): Promise<Committed> {
  const total: Committed = { stored: 0, duplicate: 0, quarantined: 0, moved: [] }
  for (const part of parts) {
    const { stored, duplicate, quarantined, moved } = await settle(part, deps)
    total.stored += stored
    total.duplicate += duplicate
    total.quarantined += quarantined
    total.moved.push(...moved)
  }
  return total
}

/** Is it the data that the database will not have, rather than the database that is not well? */
function isRefusal(error: unknown, attempt: number): boolean {
  if (error instanceof RangeError || error instanceof TypeError) return true
  const sqlState = (error as { code?: unknown }).code
  if (typeof sqlState !== 'string' || sqlState.length !== 5) return false
  if (sqlState.startsWith('XX')) return attempt > INTERNAL_ERRORS_BORNE
  // 22 data exception, 23 integrity constraint: of these data, and for ever.
  return sqlState.startsWith('22') || sqlState.startsWith('23')
}

/** Halves of the work; of a single reading, its quarantining. undefined = there is nothing left to divide. */
function split({ readings, faults }: Work, error: Error): Work[] | undefined {
  if (readings.length + faults.length > 1) {
    const middle = Math.ceil(readings.length / 2)
    const faultsMiddle = readings.length > 1 ? faults.length : Math.ceil(faults.length / 2)
    return [
      workOf(readings.slice(0, middle), faults.slice(0, faultsMiddle)),
      workOf(readings.slice(middle), faults.slice(faultsMiddle)),
    ].filter((part) => part.received > 0)
  }
  const [reading] = readings
  if (!reading) return undefined
  const { message, terminalId } = reading
  return [workOf([], [{ message, terminalId, reason: 'schema', detail: `the database refuses it: ${error.message}`, positions: 1 }])]
}

const workOf = (readings: Work['readings'], faults: Work['faults']): Work => ({
  readings,
  faults,
  received: readings.length + faults.reduce((sum, { positions }) => sum + positions, 0),
})
