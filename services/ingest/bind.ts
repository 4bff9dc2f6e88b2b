// Whose an element is: the vehicle in which its terminal was at the device time (docs/decisions/0029). Pure but for `bindAnew`'s question.
import type { QuarantineReason } from '../contracts/position.ts'
import type { Queryable } from '../platform/db.ts'
import type { Kind } from './kinds/kind.ts'
import type { Fault, Message, Reading } from './message.ts'
import type { Part, Work } from './work.ts'

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

/** The vehicle in which the terminal was at that time, or why the element is nobody's. */
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

/** Binds what one message holds: adds what is stored to `readings` and what is not to `faults`, one for each reason. */
export function bindElements<V>(
  kind: Pick<Kind<V>, 'timeMs' | 'vehicleOf'>,
  terminal: BoundTerminal | null,
  message: Message,
  terminalId: string,
  values: readonly V[],
  readings: Reading<V>[],
  faults: Fault<V>[],
): void {
  const { vehicleOf } = kind
  if (vehicleOf) {
    for (const value of values) readings.push({ vehicleId: vehicleOf(value), terminalId, value, message })
    return
  }
  let bad: Map<QuarantineReason, Fault<V> & { unbound: V[] }> | undefined
  for (const value of values) {
    const bound = bind(terminal, terminalId, kind.timeMs(value))
    if ('vehicleId' in bound) {
      readings.push({ vehicleId: bound.vehicleId, terminalId, value, message })
      continue
    }
    bad ??= new Map()
    const fault = bad.get(bound.reason)
    if (fault) {
      fault.unbound.push(value)
      fault.elements++
    } else bad.set(bound.reason, { message, terminalId, ...bound, elements: 1, unbound: [value] })
  }
  if (bad) faults.push(...bad.values())
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
  return { parts: work.parts.map((part) => bindPart(part, terminals, since)), revision: terminals.revision() }
}

function bindPart<V>(part: Part<V>, terminals: KnownTerminals, since: number): Part<V> {
  const changed = (terminalId: string): boolean => (terminals.terminal(terminalId)?.revision ?? Number.POSITIVE_INFINITY) > since
  const again = new Map<Message, { terminalId: string; values: V[] }>()
  const put = (message: Message, terminalId: string, values: readonly V[]): void => {
    const sofar = again.get(message)
    if (sofar) sofar.values.push(...values)
    else again.set(message, { terminalId, values: [...values] })
  }
  const readings: Reading<V>[] = []
  const faults: Fault<V>[] = []
  for (const reading of part.readings) {
    if (changed(reading.terminalId)) put(reading.message, reading.terminalId, [reading.value])
    else readings.push(reading)
  }
  for (const fault of part.faults) {
    if (fault.unbound && fault.terminalId !== null && changed(fault.terminalId)) put(fault.message, fault.terminalId, fault.unbound)
    else faults.push(fault)
  }
  for (const [message, { terminalId, values }] of again)
    bindElements(part.kind, terminals.terminal(terminalId) ?? null, message, terminalId, values, readings, faults)
  return { ...part, readings, faults }
}
