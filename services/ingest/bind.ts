// Whose a position is: the vehicle in which its terminal was at the device time (docs/decisions/0029). Pure but for `bindAnew`'s question.
import type { Position, QuarantineReason } from '../contracts/position.ts'
import type { Queryable } from '../platform/db.ts'
import type { Work } from './commit.ts'
import type { Fault, Message, Reading } from './message.ts'

/** A vehicle that the terminal was in: from (included; null = as far back as anybody knows) until (excluded), ms since 1970. */
export type PastBinding = [vehicleId: number, fromMs: number | null, untilMs: number]
export type BoundTerminal = {
  terminalId: string
  /** The vehicle it is in, since `boundSinceMs`; null = out of one since then. */
  vehicleId: number | null
  boundSinceMs: number | null
  /** In the order of their ends. */
  past: PastBinding[]
  /** It may not send: what comes from it all the same is quarantined. */
  revoked: boolean
  /** Grows with every change of these. */
  revision: number
}
export type KnownTerminals = { terminal(terminalId: string): BoundTerminal | null | undefined; revision(): number }

type Bound = { vehicleId: number } | { reason: QuarantineReason; detail: string }

/** The vehicle in which the terminal was at that time, or why the position is nobody's. */
export function bind(terminal: BoundTerminal | null, terminalId: string, tsMs: number): Bound {
  if (!terminal) return { reason: 'unknown-terminal', detail: `no terminal ${terminalId}` }
  if (terminal.revoked) return { reason: 'terminal-revoked', detail: `terminal ${terminalId} was revoked` }
  const { vehicleId, boundSinceMs, past } = terminal
  const now = boundSinceMs === null || tsMs >= boundSinceMs
  if (now && vehicleId !== null) return { vehicleId }
  const then = past.find(([, fromMs, untilMs]) => tsMs < untilMs && (fromMs === null || tsMs >= fromMs))
  if (then) return { vehicleId: then[0] }
  return { reason: 'terminal-not-bound', detail: `terminal ${terminalId} ${outOfVehicles(terminal, tsMs)}` }
}

function outOfVehicles({ vehicleId, boundSinceMs, past }: BoundTerminal, tsMs: number): string {
  const sinceMs = past.findLast(([, , untilMs]) => untilMs <= tsMs)?.[2]
  const since = sinceMs === undefined ? '' : ` since ${iso(sinceMs)}`
  const begins = [...past.map(([, fromMs]) => fromMs), vehicleId === null ? null : boundSinceMs]
  const untilMs = begins.find((fromMs) => fromMs !== null && fromMs > tsMs)
  return untilMs == null ? `is on no vehicle${since}` : `was on no vehicle${since} until ${iso(untilMs)}`
}

const iso = (ms: number): string => new Date(Math.round(ms)).toISOString()

/** Binds positions of one message: adds what is stored to `readings` and what is not to `faults`, one for each reason. */
export function bindPositions(
  terminal: BoundTerminal | null,
  message: Message,
  terminalId: string,
  positions: readonly Position[],
  readings: Reading[],
  faults: Fault[],
): void {
  const bad = new Map<QuarantineReason, Fault & { unbound: Position[] }>()
  for (const position of positions) {
    const bound = bind(terminal, terminalId, position.tsMs)
    if ('vehicleId' in bound) {
      readings.push({ vehicleId: bound.vehicleId, terminalId, position, message })
      continue
    }
    const fault = bad.get(bound.reason)
    if (fault) {
      fault.unbound.push(position)
      fault.positions++
    } else bad.set(bound.reason, { message, terminalId, ...bound, positions: 1, unbound: [position] })
  }
  faults.push(...bad.values())
}

/**
 * The work as it is bound now: terminals that have changed since it was bound are bound anew. To be asked in the transaction that stores
 * it, before anything else: from then on nobody changes a terminal until that transaction has ended.
 */
export async function bindAnew(client: Queryable, work: Work, terminals: KnownTerminals & Pick<CatchingUp, 'catchUp'>): Promise<Work> {
  const { rows } = await client.query<{ revision: number }>('SELECT share_terminals() AS revision')
  if (rows[0]!.revision > terminals.revision()) await terminals.catchUp(client)
  const since = work.revision ?? 0
  return terminals.revision() > since ? bindChanged(work, terminals, since) : work
}
type CatchingUp = { catchUp(client: Queryable): Promise<void> }

/** Binds anew what is of terminals with a higher revision than `since`, or of terminals that are no longer there. */
export function bindChanged(work: Work, terminals: KnownTerminals, since: number): Work {
  const changed = (terminalId: string): boolean => (terminals.terminal(terminalId)?.revision ?? Number.POSITIVE_INFINITY) > since
  const again = new Map<Message, { terminalId: string; positions: Position[] }>()
  const put = (message: Message, terminalId: string, positions: readonly Position[]): void => {
    const sofar = again.get(message)
    if (sofar) sofar.positions.push(...positions)
    else again.set(message, { terminalId, positions: [...positions] })
  }
  const readings: Reading[] = []
  const faults: Fault[] = []
  for (const reading of work.readings) {
    if (changed(reading.terminalId)) put(reading.message, reading.terminalId, [reading.position])
    else readings.push(reading)
  }
  for (const fault of work.faults) {
    if (fault.unbound && fault.terminalId !== null && changed(fault.terminalId)) put(fault.message, fault.terminalId, fault.unbound)
    else faults.push(fault)
  }
  for (const [message, { terminalId, positions }] of again)
    bindPositions(terminals.terminal(terminalId) ?? null, message, terminalId, positions, readings, faults)
  return { readings, faults, received: work.received, revision: terminals.revision() }
}
