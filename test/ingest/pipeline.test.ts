// The pipeline without broker and database: when it acks, when it makes senders wait, what it does while the database is away.
import { EventEmitter, once } from 'node:events'
import t from 'tap'
import { decodeLiveFrame } from '../../services/contracts/liveFrame.ts'
import { createLocation } from '../../services/ingest/kinds/location.ts'
import { createPipeline, type PipelineOptions } from '../../services/ingest/pipeline.ts'
import type { PositionReading } from '../../services/ingest/positions/rows.ts'
import { settle } from '../../services/ingest/settle.ts'
import { type Committed, countElements, countMessages, type Work } from '../../services/ingest/work.ts'
import type { OnMessage } from '../../services/platform/broker/source.ts'
import { systemClock } from '../../services/platform/clock.ts'
import { createLogger } from '../../services/platform/log.ts'
import { positionWork } from './positionWork.ts'
import { position, topicOf } from './world.ts'

const log = createLogger('test', 'silent')
const location = createLocation(() => Buffer.alloc(0))
const all = (work: Work): Committed =>
  work.parts.map((part) => ({
    kind: part.kind,
    elements: countElements(part, []),
    messages: countMessages(part, []),
    faults: part.faults,
    duplicates: [],
    news: part.readings,
  }))
const readingsOf = (work: Work) => work.parts.flatMap(({ readings }) => readings as PositionReading[])

/** A source and a database whose commits the test lets happen one by one. */
async function rig(options: Partial<PipelineOptions> = {}) {
  const happened = new EventEmitter()
  const commits: { work: Work; succeed: () => void; fail: (error: Error) => void }[] = []
  const frames: Uint8Array[] = []
  let onMessage: OnMessage = () => undefined
  let paused = false
  const pipeline = createPipeline(
    {
      source: {
        start: (receiver) => {
          onMessage = receiver
          return Promise.resolve()
        },
        pause: () => {
          paused = true
        },
        resume: () => {
          paused = false
          happened.emit('resumed')
        },
        publish: (_topic, frame) => frames.push(frame),
        leave: () => Promise.resolve(),
        close: () => Promise.resolve(),
      },
      terminals: {
        terminal: (id) => ({
          terminalId: id,
          vehicleId: Number(id.slice(1)),
          boundSinceMs: null,
          past: [],
          revoked: false,
          revision: 0,
          gatewayId: null,
          credentialHash: new Uint8Array(),
        }),
        resolve: () => Promise.resolve(),
        revision: () => 0,
      },
      kinds: new Map([['location', location]]),
      commit: (work) =>
        new Promise((resolve, reject) => {
          commits.push({ work, succeed: () => resolve(all(work)), fail: reject })
          happened.emit('commit')
        }),
      clock: systemClock,
      log,
    },
    { worker: 'w', batchSize: 10, batchAgeMs: 5, buffer: 30, ...options },
  )
  await pipeline.start()
  const acked: number[] = []
  return {
    pipeline,
    commits,
    frames,
    acked,
    happened,
    paused: () => paused,
    send: (n: number) =>
      onMessage(topicOf(`T000${(n % 9) + 1}`), Buffer.from(JSON.stringify(position({ time: 1.7e12 + n }))), () => acked.push(n)),
    sendBytes: (bytes: Buffer) => onMessage(topicOf('T0001'), bytes, () => undefined),
    committing: async (count: number) => {
      while (commits.length < count) await once(happened, 'commit')
    },
  }
}

t.test('nothing is acked before its commit, everything right after it, and one live frame follows', async (t) => {
  // Full, not old: on a busy machine the first message alone can take longer than a batch may age.
  const { send, committing, commits, acked, frames, pipeline } = await rig({ batchAgeMs: 60_000 })
  for (let n = 0; n < 10; n++) send(n)
  await committing(1)
  t.same(acked, [])
  commits[0]!.succeed()
  await pipeline.drain()
  t.same(acked, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  t.equal(frames.length, 1)
  t.equal(decodeLiveFrame(frames[0]!).count, 10)
})

t.test('with two batches on their way the second waits for no answer to the first, and senders are answered in their order', async (t) => {
  const { send, committing, commits, acked, pipeline } = await rig({ batchAgeMs: 60_000, inFlight: 2 })
  for (let n = 0; n < 25; n++) send(n)
  await committing(2)
  t.equal(commits.length, 2, 'and no third one')
  commits[1]!.succeed()
  await new Promise((resolve) => setImmediate(resolve))
  t.same(acked, [])
  commits[0]!.succeed()
  const drained = pipeline.drain()
  await committing(3)
  commits[2]!.succeed()
  await drained
  t.same(
    acked,
    Array.from({ length: 25 }, (_, n) => n),
  )
})

t.test('a batch that does not fill is committed by its age', async (t) => {
  const { send, committing, commits } = await rig()
  send(1)
  await committing(1)
  t.equal(readingsOf(commits[0]!.work).length, 1)
})

t.test('while one batch commits the next fills, and no two commits run at once', async (t) => {
  const { send, committing, commits, acked } = await rig({ batchAgeMs: 300 })
  for (let n = 0; n < 25; n++) send(n)
  await committing(1)
  t.equal(commits.length, 1)
  commits[0]!.succeed()
  await committing(2)
  t.equal(acked.length, 10)
  commits[1]!.succeed()
  await committing(3)
  t.same(
    commits.map(({ work }) => readingsOf(work).length),
    [10, 10, 5],
  )
})

t.test('a full buffer makes the senders wait, and lets them go on once it has emptied', async (t) => {
  const { send, committing, commits, paused, happened, pipeline } = await rig()
  for (let n = 0; n < 29; n++) send(n)
  t.equal(paused(), false)
  send(29)
  t.equal(paused(), true)
  t.equal(pipeline.held(), 30)
  await committing(1)
  const resumed = once(happened, 'resumed')
  commits[0]!.succeed()
  await resumed
  t.equal(paused(), false)
})

t.test('a flood of rubbish is bounded by its bytes, not by its number', async (t) => {
  const { sendBytes, paused } = await rig({ batchSize: 1_000_000 })
  sendBytes(Buffer.alloc(256 * 20, 'x'))
  t.equal(paused(), false)
  sendBytes(Buffer.alloc(256 * 20, 'x'))
  t.equal(paused(), true)
})

t.test('a drain commits and acks what was read, and reads no more', async (t) => {
  const { send, committing, commits, acked, paused, pipeline } = await rig({ batchAgeMs: 60_000 })
  send(1)
  const drained = pipeline.drain()
  await committing(1)
  t.equal(paused(), true)
  commits[0]!.succeed()
  await drained
  t.same(acked, [1])
  t.equal(pipeline.held(), 0)
})

t.test('while the database is away the batch stays, and is tried until it is back', async (t) => {
  const { send, committing, commits, acked, pipeline } = await rig()
  send(1)
  await committing(1)
  commits[0]!.fail(Object.assign(new Error('connection lost'), { code: '57P01' }))
  await committing(2)
  t.same(acked, [])
  t.equal(commits[1]!.work, commits[0]!.work)
  commits[1]!.fail(new Error('connect ECONNREFUSED'))
  await committing(3)
  commits[2]!.succeed()
  await pipeline.drain()
  t.same(acked, [1])
})

const readings = (count: number): Work => {
  const message = { topic: topicOf('T0001'), payload: Buffer.from('x'), receivedMs: 0, ack: () => undefined }
  const at = (tsMs: number) => ({ tsMs, lonE7: 1, latE7: 1, speedDkph: null, headingDeg: null, altitudeM: null, odometerM: null })
  const rest = { fuelPermille: null, socPermille: null, ignition: false, satellites: null, alarms: 0 }
  const made = Array.from({ length: count }, (_, i) => ({ vehicleId: 1, terminalId: 'T0001', message, value: { ...at(i), ...rest } }))
  return positionWork(location, made)
}

t.test('a batch with rows that the database refuses is divided until they are alone, and nothing is lost or counted twice', async (t) => {
  const bad = new Set([3, 700, 701])
  const refused: string[] = []
  let transactions = 0
  const commit = async (work: Work): Promise<Committed> => {
    transactions++
    if (readingsOf(work).some(({ value }) => bad.has(value.tsMs))) throw Object.assign(new Error('out of range'), { code: '22003' })
    refused.push(...work.parts.flatMap(({ faults }) => faults.map(({ detail }) => detail)))
    return all(work)
  }
  const committed = await settle(readings(1000), { commit, clock: systemClock, log })
  t.match(committed, [{ elements: { received: 1000, stored: 997, duplicate: 0, quarantined: 3 }, messages: { received: 1 } }])
  t.same(refused, new Array(3).fill('the database refuses it (22003)'))
  t.ok(transactions < 80, `${transactions} transactions`)
})

t.test('an internal error of the database is borne a few times before it is taken for the fault of a row', async (t) => {
  let failures = 0
  const commit = async (work: Work): Promise<Committed> => {
    if (readingsOf(work).length > 0 && failures++ < 2) throw Object.assign(new Error('passes'), { code: 'XX000' })
    return all(work)
  }
  t.match(await settle(readings(4), { commit, clock: systemClock, log }), [{ elements: { stored: 4, quarantined: 0 } }])
})
