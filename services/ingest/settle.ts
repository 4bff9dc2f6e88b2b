// Commits a batch whatever happens: waits for a database that is away, and finds the one row that a database refuses.
// Trying again is safe even when the answer to a COMMIT was lost: what that transaction stored is then counted as duplicate, and the
// minute's `received` counts those positions twice; received = stored + duplicate + quarantined holds all the same.
import { setTimeout } from 'node:timers/promises'
import type { Clock } from '../platform/clock.ts'
import { isRefusedData } from '../platform/db.ts'
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
  const total: Committed = { stored: 0, duplicate: 0, quarantined: 0, faults: [], moved: [] }
  for (const part of parts) {
    const { stored, duplicate, quarantined, faults, moved } = await settle(part, deps)
    total.stored += stored
    total.duplicate += duplicate
    total.quarantined += quarantined
    total.faults = [...total.faults, ...faults]
    total.moved.push(...moved)
  }
  return total
}

/** Is it the data that the database will not have, rather than the database that is not well? */
function isRefusal(error: unknown, attempt: number): boolean {
  const internal = String((error as { code?: unknown }).code).startsWith('XX')
  return internal ? attempt > INTERNAL_ERRORS_BORNE : isRefusedData(error)
}

/** Halves of the work; of a single reading, its quarantining. undefined = there is nothing left to divide. */
function split({ readings, faults, revision = 0 }: Work, error: Error & { code?: unknown }): Work[] | undefined {
  if (readings.length + faults.length > 1) {
    const middle = Math.ceil(readings.length / 2)
    const faultsMiddle = readings.length > 1 ? faults.length : Math.ceil(faults.length / 2)
    return [
      workOf(readings.slice(0, middle), faults.slice(0, faultsMiddle), revision),
      workOf(readings.slice(middle), faults.slice(faultsMiddle), revision),
    ].filter((part) => part.received > 0)
  }
  const [reading] = readings
  if (!reading) return undefined
  const { message, terminalId } = reading
  // Its code and not its words, which may quote the row: a detail is seen by those who do not see the bytes.
  const detail = `the database refuses it (${error.code ?? error.name})`
  return [workOf([], [{ message, terminalId, reason: 'schema', detail, positions: 1 }], revision)]
}

const workOf = (readings: Work['readings'], faults: Work['faults'], revision: number): Work => ({
  readings,
  faults,
  revision,
  received: readings.length + faults.reduce((sum, { positions }) => sum + positions, 0),
})
