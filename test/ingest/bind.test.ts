// Bindings without a database: whatever changes while a batch waits, and in whatever order, what is stored is the truth by device time.
import fc from 'fast-check'
import t from 'tap'
import { admit } from '../../services/ingest/admit.ts'
import { emptyBatch } from '../../services/ingest/batch.ts'
import { type BoundTerminal, bind, bindChanged, type PastBinding } from '../../services/ingest/bind.ts'
import { createLocation } from '../../services/ingest/kinds/location.ts'
import type { Message } from '../../services/ingest/message.ts'
import type { PositionReading } from '../../services/ingest/positions/rows.ts'
import type { Work } from '../../services/ingest/work.ts'
import { position, topicOf } from './world.ts'

const START = Date.UTC(2026, 10, 1)
const MINUTE = 60_000
const IDS = ['T0001', 'T0002', 'T0003']
const kinds = new Map([['location', createLocation(() => Buffer.alloc(0))]])

/** What befell a terminal, in the order of its minutes: into a vehicle, out of one (null), revoked or taken back. */
type Event = { minute: number; vehicleId: number | null } | 'revoked' | 'restored' | 'removed'

/** The terminal as the database has it after these events; undefined = it is not there. */
function terminalAfter(terminalId: string, events: readonly Event[], revision: number): BoundTerminal | undefined {
  let now: BoundTerminal | undefined
  for (const event of events) {
    if (event === 'removed') now = undefined
    else if (event === 'revoked' || event === 'restored') now = now && { ...now, revoked: event === 'revoked' }
    else {
      const atMs = START + event.minute * MINUTE
      const past: PastBinding[] = [...(now?.past ?? [])]
      if (now && now.vehicleId !== null) past.push([now.vehicleId, now.boundSinceMs, atMs])
      const boundSinceMs = now ? atMs : null
      now = { terminalId, vehicleId: event.vehicleId, boundSinceMs, past, revoked: now?.revoked ?? false, revision }
    }
  }
  return now && { ...now, revision }
}

/** Whose a time is, told another way than by the code: the last change before it. */
function truth(events: readonly Event[], tsMs: number): number | string {
  const removed = events.lastIndexOf('removed')
  const since = events.slice(removed + 1)
  const moves = since.filter((event) => typeof event === 'object')
  if (moves.length === 0) return 'unknown-terminal'
  const others = since.slice(since.indexOf(moves[0]!)).filter((event) => typeof event === 'string')
  if (others.at(-1) === 'revoked') return 'terminal-revoked'
  const holds = moves.findLast(({ minute }, i) => i === 0 || START + minute * MINUTE <= tsMs)!
  return holds.vehicleId ?? 'terminal-not-bound'
}

const minutes = fc.nat(600)
const events = fc
  .tuple(
    fc.uniqueArray(minutes, { minLength: 1, maxLength: 6 }),
    fc.array(fc.option(fc.integer({ min: 1, max: 9 }), { freq: 4 }), { minLength: 6, maxLength: 6 }),
    fc.array(fc.tuple(fc.nat(6), fc.constantFrom('revoked', 'restored', 'removed')), { maxLength: 2 }),
  )
  .map(([times, vehicles, others]): Event[] => {
    const all: Event[] = times.sort((a, b) => a - b).map((minute, i) => ({ minute, vehicleId: vehicles[i]! }))
    // A move that stays in the same vehicle is none.
    const moves = all.filter(
      (event, i) =>
        i === 0 || (event as { vehicleId: unknown }).vehicleId !== (all[i - 1] as typeof event & { vehicleId: unknown }).vehicleId,
    )
    for (const [at, other] of others) moves.splice(at, 0, other as Event)
    return moves
  })
const histories = fc.tuple(events, events, events)
const messages = fc.array(
  fc.record({ id: fc.nat(2), times: fc.array(fc.tuple(minutes, fc.nat(59_999)), { minLength: 1, maxLength: 5 }) }),
  {
    minLength: 1,
    maxLength: 12,
  },
)

t.test(
  'whose each position is does not depend on when the changes were heard of: before the message came, or while it waited',
  async (t) => {
    fc.assert(
      fc.property(histories, fc.tuple(fc.nat(8), fc.nat(8), fc.nat(8)), messages, (lives, heard, sent) => {
        // As it was known when the messages came, and as it is when they are stored.
        const stateOf = (i: number, until: number) => terminalAfter(IDS[i]!, lives[i]!.slice(0, until), until < lives[i]!.length ? 1 : 2)
        const before = new Map(IDS.map((id, i) => [id, stateOf(i, heard[i]!)]))
        const all = IDS.map((_, i) => stateOf(i, lives[i]!.length))
        // What had been heard of whole has not changed since.
        const after = new Map(IDS.map((id, i) => [id, heard[i]! < lives[i]!.length ? all[i] : all[i] && { ...all[i], revision: 1 }]))
        const batch = emptyBatch(0, 1)
        for (const { id, times } of sent) {
          const body = times.map(([minute, ms]) => position({ time: START + minute * MINUTE + ms }))
          const message: Message = {
            topic: topicOf(IDS[id]!),
            payload: Buffer.from(JSON.stringify(body)),
            receivedMs: Date.now(),
            ack: () => undefined,
          }
          admit(batch, message, { terminal: (terminalId) => before.get(terminalId) ?? null }, kinds)
        }
        const known = { terminal: (terminalId: string) => after.get(terminalId) ?? null, revision: () => 2 }
        return isTruth(bindChanged(batch, known, 1), lives, sent)
      }),
      { numRuns: 1000 },
    )
    t.pass('always the truth by device time')
  },
)

/** Every position once, each where it belongs, and the counts as they are told. */
function isTruth(work: Work, lives: readonly Event[][], sent: readonly { id: number; times: [number, number][] }[]): boolean {
  const told: string[] = []
  const [part] = work.parts
  for (const { terminalId, vehicleId, value } of part!.readings as PositionReading[]) told.push(`${terminalId} ${value.tsMs} ${vehicleId}`)
  for (const { terminalId, reason, unbound, elements } of part!.faults) {
    if (unbound!.length !== elements) return false
    for (const { tsMs } of unbound as PositionReading['value'][]) told.push(`${terminalId} ${tsMs} ${reason}`)
  }
  const expected = sent.flatMap(({ id, times }) =>
    times.map(([minute, ms]) => START + minute * MINUTE + ms).map((tsMs) => `${IDS[id]} ${tsMs} ${truth(lives[id]!, tsMs)}`),
  )
  return part!.received.elements === expected.length && told.sort().join() === expected.sort().join()
}

t.test('of one message there is one entry a reason, however many positions, and it says since when and until when', async (t) => {
  const at = (minute: number): string => new Date(START + minute * MINUTE).toISOString()
  const life: Event[] = [10, 20, 30, 40].map((minute, i) => ({ minute, vehicleId: i % 2 === 0 ? 1 : null }))
  const terminal = terminalAfter('T0001', life, 1)!
  const detail = (minute: number) => bind(terminal, 'T0001', START + minute * MINUTE)
  t.match(detail(0), { vehicleId: 1 }, 'as far back as anybody knows')
  t.match(detail(20), { reason: 'terminal-not-bound', detail: `terminal T0001 was on no vehicle since ${at(20)} until ${at(30)}` })
  t.match(detail(30), { vehicleId: 1 })
  t.match(detail(50), { reason: 'terminal-not-bound', detail: `terminal T0001 is on no vehicle since ${at(40)}` })
  const fitted = { ...terminal, vehicleId: 2, boundSinceMs: START, past: [] }
  t.match(bind(fitted, 'T0001', START - 1), { detail: `terminal T0001 was on no vehicle until ${at(0)}` })
  t.match(bind({ ...fitted, vehicleId: null, boundSinceMs: null }, 'T0001', START), { detail: 'terminal T0001 is on no vehicle' })
  const batch = emptyBatch(0, 1)
  const body = JSON.stringify([21, 22, 45, 11].map((minute) => position({ time: START + minute * MINUTE })))
  const message: Message = { topic: topicOf('T0001'), payload: Buffer.from(body), receivedMs: Date.now(), ack: () => undefined }
  admit(batch, message, { terminal: () => terminal }, kinds)
  t.match(batch.parts, [{ faults: [{ reason: 'terminal-not-bound', elements: 3 }], received: { elements: 4, messages: 1 } }])
  t.equal(batch.parts[0]!.readings.length, 1)
})
