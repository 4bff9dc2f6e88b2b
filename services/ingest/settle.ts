// Commits a batch whatever happens: waits for a database that is away, and finds the one row that a database refuses.
// Trying again is safe even when the answer to a COMMIT was lost: what that transaction stored is then counted as duplicate, and the
// minute's `received` counts those elements twice; received = stored + duplicate + quarantined holds all the same.
import { setTimeout } from 'node:timers/promises'
import type { Clock } from '../platform/clock.ts'
import { isRefusedData } from '../platform/db.ts'
import type { Logger } from '../platform/log.ts'
import type { Message } from './message.ts'
import { type Committed, type CommittedPart, type Counts, messagesOf, type Part, partOf, type Work } from './work.ts'

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
        deps.log.warn(
          { error: (error as Error).message, readings: work.parts.reduce((sum, { readings }) => sum + readings.length, 0) },
          'batch refused: looking for the row',
        )
        return settleAll(parts, deps)
      }
      deps.log.error({ error: (error as Error).message, attempt }, 'batch not committed: trying again, nothing is acked meanwhile')
      await setTimeout(backOffMs(attempt))
    }
  }
}

/** How long to wait before the next attempt, ms: doubling, to a limit. */
export const backOffMs = (attempt: number): number => Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt - 1, 10))

async function settleAll(works: Work[], deps: SettleDeps): Promise<Committed> {
  const total = new Map<CommittedPart['kind'], CommittedPart>()
  for (const work of works)
    for (const part of await settle(work, deps)) {
      const sofar = total.get(part.kind)
      total.set(part.kind, sofar ? sumOf(sofar, part) : part)
    }
  return [...total.values()]
}

const sumOf = (a: CommittedPart, b: CommittedPart): CommittedPart => ({
  kind: a.kind,
  elements: sumOfCounts(a.elements, b.elements),
  messages: sumOfCounts(a.messages, b.messages),
  faults: [...a.faults, ...b.faults],
  duplicates: [...a.duplicates, ...b.duplicates],
  news: [...a.news, ...b.news],
})
const sumOfCounts = (a: Counts, b: Counts): Counts => ({
  received: a.received + b.received,
  stored: a.stored + b.stored,
  duplicate: a.duplicate + b.duplicate,
  quarantined: a.quarantined + b.quarantined,
})

/** Is it the data that the database will not have, rather than the database that is not well? */
function isRefusal(error: unknown, attempt: number): boolean {
  const internal = String((error as { code?: unknown }).code).startsWith('XX')
  return internal ? attempt > INTERNAL_ERRORS_BORNE : isRefusedData(error)
}

/** Halves of the work; of a single reading, its quarantining. undefined = there is nothing left to divide. */
function split({ parts, revision = 0 }: Work, error: Error & { code?: unknown }): Work[] | undefined {
  const [part] = parts
  if (!part) return undefined
  const middle = Math.ceil(parts.length / 2)
  const halves = parts.length > 1 ? [parts.slice(0, middle), parts.slice(middle)] : splitPart(part, error)?.map((half) => [half])
  return halves?.map((half) => ({ parts: half, revision }))
}

function splitPart({ kind, readings, faults, counted }: Part, error: Error & { code?: unknown }): Part[] | undefined {
  if (readings.length + faults.length > 1) {
    const middle = Math.ceil(readings.length / 2)
    const faultsMiddle = readings.length > 1 ? faults.length : Math.ceil(faults.length / 2)
    const first = partOf(kind, readings.slice(0, middle), faults.slice(0, faultsMiddle), counted)
    // A message that the middle divides is counted with its first half.
    const countedFirst: ReadonlySet<Message> = new Set([...(counted ?? []), ...messagesOf(first)])
    return [first, partOf(kind, readings.slice(middle), faults.slice(faultsMiddle), countedFirst)].filter(
      ({ received }) => received.elements > 0,
    )
  }
  const [reading] = readings
  if (!reading) return undefined
  const { message, terminalId } = reading
  // Its code and not its words, which may quote the row: a detail is seen by those who do not see the bytes.
  const detail = `the database refuses it (${error.code ?? error.name})`
  return [partOf(kind, [], [{ message, terminalId, reason: 'schema', detail, elements: 1 }], counted)]
}
