// What is stored next: the present does not stand behind a past, neither starves, of one terminal nothing overtakes anything, and nothing is lost.
import fc from 'fast-check'
import t from 'tap'
import { createLocation } from '../../services/ingest/kinds/location.ts'
import { createLanes } from '../../services/ingest/lanes.ts'
import type { Message } from '../../services/ingest/message.ts'
import { runs } from '../harness/long.ts'
import { position, topicOf } from './world.ts'

const NOW = Date.UTC(2026, 10, 1, 8)
const kinds = new Map([['location', createLocation(() => Buffer.alloc(0))]])
const terminals = {
  terminal: (terminalId: string) => ({ terminalId, vehicleId: 1, boundSinceMs: null, past: [], revoked: false, revision: 0 }),
  revision: () => 0,
}
const readings = (count: number) => Array.from({ length: count }, (_, i) => position({ time: NOW - i * 1000 }))

/** Lanes with batches of 20, and a note of every ack. */
function rig({ mostPast = 1_000 } = {}) {
  const acked: string[] = []
  const world = { nowMs: NOW, reading: true }
  const lanes = createLanes(
    { terminals, kinds, nowMs: () => world.nowMs, reading: () => world.reading },
    { batchSize: 20, batchAgeMs: 50, mostPast },
  )
  const message = (name: string, terminalId: string, payload: string, from?: string): Message => ({
    topic: topicOf(terminalId),
    payload: Buffer.from(payload),
    receivedMs: NOW,
    ack: () => acked.push(name),
    from,
  })
  return {
    lanes,
    world,
    /** One position of now. */
    short: (name: string, terminalId: string, from?: string) => message(name, terminalId, JSON.stringify(position({ time: NOW })), from),
    /** A message too long to be of the present, whatever it holds. */
    long: (name: string, terminalId: string, positions: number, from?: string) =>
      message(name, terminalId, JSON.stringify(readings(positions)).padEnd(5_000), from),
    /** Takes the next batch; the names of its messages, in the order of their acks. */
    take() {
      const batch = lanes.take()
      for (const ack of batch?.acks ?? []) ack()
      return acked.splice(0)
    },
  }
}
const immediate = () => new Promise((resolve) => setImmediate(resolve))
const id = (n: number) => `T${String(n).padStart(4, '0')}`

t.test('what is of the present is stored before a past that came long before it', (t) => {
  const { lanes, short, long, take } = rig()
  for (let n = 0; n < 10; n++) lanes.put(long(`past ${n}`, id(n), 10), true)
  t.equal(lanes.dueInMs(), 0)
  for (let n = 10; n < 15; n++) lanes.put(short(`present ${n}`, id(n)), true)
  t.same(
    take(),
    ['present 10', 'present 11', 'present 12', 'present 13', 'present 14', 'past 0', 'past 1'],
    'and what room is left is the past’s',
  )
  t.same(take(), ['past 2', 'past 3'], 'and all of it where there is nothing else')
  t.equal(lanes.weight(), 60)
  t.end()
})

t.test('a past has a quarter of a batch at least, however much there is of the present', (t) => {
  const { lanes, short, long, take } = rig()
  for (let n = 0; n < 3; n++) lanes.put(long(`past ${n}`, id(100 + n), 3), true)
  for (let n = 0; n < 60; n++) lanes.put(short('present', id(n)), true)
  const pastOf = (names: string[]) => names.filter((name) => name !== 'present')
  t.same(pastOf(take()), ['past 0', 'past 1'], 'five positions, and the message is whole')
  t.same(pastOf(take()), ['past 2'])
  t.equal(take().length, 20)
  t.same(take(), [])
  t.equal(lanes.weight(), 0)
  t.end()
})

t.test('of one terminal nothing overtakes anything, whichever lane it would be in', (t) => {
  const { lanes, short, long, take } = rig()
  lanes.put(long('1', id(1), 30), true)
  lanes.put(long('2', id(2), 10), true)
  lanes.put(short('3', id(2)), true)
  lanes.put(short('4', id(3)), true)
  t.same(take(), ['4', '1'])
  lanes.put(short('5', id(1)), true)
  t.same(take(), ['5', '2', '3'], 'and what has nothing before it is of the present again')

  // Two batches of the present wait: who is in the second one has a past after that.
  for (let n = 0; n < 39; n++) lanes.put(short('others', id(10 + n)), true)
  lanes.put(short('6', id(1)), true)
  lanes.put(long('7', id(1), 2), true)
  t.notOk(take().includes('7'))
  const second = take()
  t.equal(second.indexOf('6'), 19)
  t.notOk(second.includes('7'), 'it came when the third one was begun')
  t.same(take(), ['7'])
  t.end()
})

t.test('a terminal that sends more than any that reports as always is telling a past, in however many messages', (t) => {
  const { lanes, short, take } = rig()
  for (let n = 0; n < 100; n++) lanes.put(short(`T1 ${n}`, id(1)), true)
  lanes.put(short('neighbour', id(2)), true)
  const order = [...take(), ...take(), ...take(), ...take(), ...take(), ...take()]
  t.same(
    order.filter((name) => name !== 'neighbour'),
    Array.from({ length: 100 }, (_, n) => `T1 ${n}`),
  )
  t.ok(order.indexOf('neighbour') < 60, `its neighbour comes as number ${order.indexOf('neighbour')}`)
  t.end()
})

t.test('what our own service brings in is of the present', (t) => {
  const { lanes, long, take } = rig()
  for (let n = 0; n < 9; n++) lanes.put(long(`past ${n}`, id(n), 10), true)
  lanes.put(long('service', 'morin-service', 1, 'morin-service'), true)
  t.equal(take()[0], 'service')
  t.end()
})

t.test('without room for more of a past its sender waits alone, and is called in the order of coming', async (t) => {
  const { lanes, short, long, take } = rig({ mostPast: 20 })
  t.equal(lanes.put(long('past 1', id(1), 20), true), undefined)
  const called: string[] = []
  const wait = (who: string, message: Message) => void lanes.put(message, true)!.then(() => called.push(who))
  wait('T2', long('past 2', id(2), 20))
  wait('T3', long('past 3', id(3), 20))
  t.equal(lanes.put(short('present', id(4)), true), undefined, 'the present has room')
  t.equal(lanes.put(long('no choice', id(5), 20), false), undefined, 'and so has what cannot wait alone')
  wait('T2', long('past 2 on another connection', id(2), 20))
  await immediate()
  t.same(called, [], 'nobody before there is room')
  t.same(take(), ['present', 'past 1'])
  await immediate()
  t.same(called, [])
  t.same(take(), ['no choice'])
  await immediate()
  t.same(called, ['T2', 'T2'], 'one place, of which both connections hear')
  t.equal(lanes.put(long('past 2', id(2), 20), true), undefined)
  wait('T2', long('past 2 again', id(2), 20))
  t.same(take(), ['past 2'])
  await immediate()
  t.same(called.slice(2), ['T3'])
})

t.test('a gateway and a terminal are called by turns, and those who have gone keep nobody waiting', async (t) => {
  const { lanes, long, take } = rig({ mostPast: 20 })
  lanes.put(long('first', id(1), 20), true)
  const called: string[] = []
  for (let n = 2; n < 6; n++) void lanes.put(long('', id(n), 20), true)!.then(() => called.push(id(n)))
  void lanes.put(long('', id(9), 20, 'GATE1'), true)!.then(() => called.push('GATE1'))
  take()
  while (called.length < 5) await immediate()
  t.same(called, ['GATE1', id(2), id(3), id(4), id(5)], 'nobody of them came in')
})

t.test('while nobody is read nobody is called', async (t) => {
  const { lanes, world, long, take } = rig({ mostPast: 20 })
  lanes.put(long('first', id(1), 20), true)
  let called = false
  void lanes.put(long('second', id(2), 20), true)!.then(() => {
    called = true
  })
  world.reading = false
  take()
  await immediate()
  t.equal(called, false)
  world.reading = true
  lanes.readOn()
  await immediate()
  t.equal(called, true)
})

t.test('a batch is due when it is full, or when what is oldest of either lane has waited long enough', (t) => {
  const { lanes, world, short, long } = rig()
  t.equal(lanes.dueInMs(), undefined)
  lanes.put(long('past', id(1), 3), true)
  t.equal(lanes.dueInMs(), 50)
  world.nowMs += 20
  lanes.put(short('present', id(2)), true)
  t.equal(lanes.dueInMs(), 30)
  lanes.put(long('past', id(3), 16), true)
  t.equal(lanes.dueInMs(), 0)
  t.end()
})

type Step = { terminal: number; positions: number } | 'take'
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ terminal: fc.nat(7), positions: fc.constantFrom(0, 0, 0, 3, 12, 30) }) },
    { weight: 1, arbitrary: fc.constant('take' as const) },
  ),
  { maxLength: 80 },
)

t.test('whoever sends what, all of it is stored once, in the order of each terminal, and nothing is starved', async (t) => {
  const always = fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 1, max: 60 }), async (given: Step[], mostPast) => {
      const { lanes, short, long, take } = rig({ mostPast })
      const sent: string[][] = Array.from({ length: 8 }, () => [])
      const stored: string[][] = Array.from({ length: 8 }, () => [])
      const accepted = new Array<number>(8).fill(0)
      /** What each has still to say: its first is offered, and offered again when it is called. */
      const waiting: Message[][] = Array.from({ length: 8 }, () => [])
      const held = new Set<number>()
      /** By which take each must be stored: the present passes it, but leaves a quarter of each batch, that is five. */
      const latest = new Map<string, number>()
      let takes = 0
      const offer = (terminal: number): void => {
        for (let next = waiting[terminal]![0]; next && !held.has(terminal); next = waiting[terminal]![0]) {
          const turn = lanes.put(next, true)
          if (!turn) {
            waiting[terminal]!.shift()
            latest.set(`${terminal} ${accepted[terminal]!++}`, takes + 2 + Math.ceil(lanes.weight() / 5))
            continue
          }
          held.add(terminal)
          void turn.then(() => {
            held.delete(terminal)
            offer(terminal)
          })
        }
      }
      const takeOne = async () => {
        const before = lanes.weight()
        const names = take()
        takes++
        for (const name of names) {
          stored[Number(name.split(' ')[0])]!.push(name)
          if (takes > latest.get(name)!) throw new Error(`${name} is starved`)
        }
        if (before > 0 && names.length === 0) throw new Error('nothing is taken')
        await immediate()
      }
      for (const step of given) {
        if (step === 'take') {
          await takeOne()
          continue
        }
        const { terminal, positions } = step
        const name = `${terminal} ${sent[terminal]!.length}`
        sent[terminal]!.push(name)
        waiting[terminal]!.push(positions === 0 ? short(name, id(terminal)) : long(name, id(terminal), positions))
        offer(terminal)
      }
      for (let more = 0; lanes.weight() > 0 || held.size > 0; more++) {
        if (more > 200) throw new Error(`${held.size} still wait`)
        await takeOne()
      }
      return JSON.stringify(stored) === JSON.stringify(sent)
    }),
    { numRuns: runs(100, 1_000) },
  )
  await t.resolves(always)
})
