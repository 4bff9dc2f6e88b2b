// Path A. A message's way, in order:
//
//   decode → validate → bind   admit.ts     at the door, as it arrives; by its kind (kinds.ts), which nothing here knows by name
//   batch                      lanes.ts     until it is full, or old enough and the database is free: the present first, then what was kept of a past
//   bind anew                  bind.ts      in that transaction, where a terminal has changed meanwhile
//   commit                     commit.ts    one transaction; tried until the database has it
//   ack                        source.ts    PUBACK: stored or quarantined, and only now
//   receipt                    for who asked for one: a server broker's PUBACK comes from the broker, this from us
//   tell                       kinds/       what a kind has for those who listen: of positions, a live frame
//
// While a batch commits the next one fills. With the embedded database, which runs one transaction after the other, the next one is in its queue by
// then (`inFlight`), so that it need not wait for us between two; acks are given batch by batch in their order all the same. When the buffer is
// full the senders are not read, and who brings a past waits earlier, alone: nothing is dropped, they keep what is not acked. A worker holds nothing
// that a second worker could contradict.

import { setTimeout as sleep } from 'node:timers/promises'
import { parseUplinkTopic } from '../contracts/topics.ts'
import { createQuietWarning } from '../platform/broker/budget.ts'
import type { BrokerSource } from '../platform/broker/source.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/log.ts'
import { admit } from './admit.ts'
import { type Batch, keptWeight, type Receipt } from './batch.ts'
import type { Kinds } from './kinds.ts'
import { createLanes } from './lanes.ts'
import type { Message } from './message.ts'
import { backOffMs, settle } from './settle.ts'
import type { Terminals } from './terminals.ts'
import type { Committed, Work } from './work.ts'

export type PipelineOptions = {
  worker: string
  /** Weight of a batch that is committed without waiting. */
  batchSize: number
  /** The longest that a message waits for others, ms. */
  batchAgeMs: number
  /** Weight that may be held before the senders are paused. */
  buffer: number
  /** Batches that are given to the database at once; more than one only where it runs one transaction after the other. Default 1. */
  inFlight?: number
}
export type PipelineDeps = {
  source: BrokerSource
  terminals: Pick<Terminals, 'terminal' | 'resolve' | 'revision'>
  kinds: Kinds
  commit: (work: Work, nowMs: number) => Promise<Committed>
  clock: Clock
  log: Logger
  /** Told of every message as it comes. */
  onMessage?: (message: Message) => void
  /** Told of every commit, for metrics. */
  onCommit?: (committed: Committed, ms: number) => void
}
export type Pipeline = {
  start(): Promise<void>
  /** Weight held: read and not yet acked. */
  held(): number
  /** Senders with a past that wait for their turn. */
  waiting(): number
  /** Stops reading, commits and acks what was read. Resolves when nothing is held. */
  drain(): Promise<void>
}

/** What those who asked for a receipt are told, each on its topic. */
function receiptsOf(receipts: readonly Receipt[], committed: Committed): [topic: string, Uint8Array][] {
  if (receipts.length === 0) return []
  const quarantined = new Map<Message, number>()
  for (const { faults } of committed)
    for (const { message, elements } of faults) quarantined.set(message, (quarantined.get(message) ?? 0) + elements)
  return receipts.map(({ topic, message, counted, elements }) => [
    topic,
    Buffer.from(JSON.stringify({ [counted]: elements, quarantined: quarantined.get(message) ?? 0 })),
  ])
}

/** Parts of which received is not stored + duplicate + quarantined: a defect of ours. */
const unbalanced = (committed: Committed): Committed =>
  committed.filter(({ elements, messages }) =>
    [elements, messages].some(({ received, stored, duplicate, quarantined }) => received !== stored + duplicate + quarantined),
  )

/** The pipeline between a broker and the database; `start` connects the source. */
export function createPipeline(deps: PipelineDeps, options: PipelineOptions): Pipeline {
  const { source, terminals, kinds, clock, log } = deps
  const warn = createQuietWarning(log)
  const { inFlight = 1, batchSize, batchAgeMs, buffer } = options
  const lanes = createLanes(
    { terminals, kinds, nowMs: clock.nowMs, reading: () => !paused && !draining },
    { batchSize, batchAgeMs, mostPast: buffer / 2 },
  )
  /** Weight of the batches that are being committed. */
  let onTheWay = 0
  const committing = new Set<Promise<void>>()
  let last: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let draining = false
  let paused = false

  const held = (): number => lanes.weight() + onTheWay

  function receive(message: Message): Promise<void> | undefined {
    const wasDue = lanes.dueInMs()
    const turn = lanes.put(message, source.holdsSenders === true && !message.refused)
    if (turn) return turn
    deps.onMessage?.(message)
    if (held() >= buffer) pause()
    if (wasDue === undefined || lanes.dueInMs() === 0) work()
    return undefined
  }

  /** Commits the next batch if one is due and there is room for it on its way; otherwise sees to it that it will be. */
  function work(): void {
    if (committing.size >= inFlight) return
    const waitMs = lanes.dueInMs()
    if (waitMs === undefined) return
    if (waitMs > 0 && !draining) {
      timer ??= setTimeout(() => {
        timer = undefined
        work()
      }, waitMs)
      return
    }
    const batch = lanes.take()!
    onTheWay += batch.weight
    const running = run(batch, last).finally(() => {
      committing.delete(running)
      onTheWay -= batch.weight
      if (paused && !draining && held() < buffer * 0.75) resume()
      work()
    })
    last = running
    committing.add(running)
    work()
  }

  async function run(batch: Batch, before: Promise<void>): Promise<void> {
    const startedMs = performance.now()
    await bindStrangers(batch)
    const committed = await settle(batch, deps)
    // Each sender is answered in the order in which it sent.
    await before
    for (const ack of batch.acks) ack()
    for (const [topic, receipt] of receiptsOf(batch.receipts, committed)) source.publish(topic, receipt)
    for (const { kind, news } of committed)
      if (kind.tell && news.length > 0) source.publish(...kind.tell(options.worker, news, clock.nowMs()))
    deps.onCommit?.(committed, performance.now() - startedMs)
    for (const { kind, elements, messages } of unbalanced(committed))
      log.error({ kind: kind.name, elements, messages }, 'conservation broken')
  }

  /** Messages of terminals that were not in memory: one look-up for all of them, then in at the same door. */
  async function bindStrangers(batch: Batch): Promise<void> {
    if (batch.strangers.length === 0) return
    const strangers = batch.strangers.splice(0)
    const before = batch.weight
    await lookUp(strangers)
    for (const message of strangers) {
      batch.weight -= keptWeight(message)
      // Known by now, as there or as not there; a third answer would be a defect of `terminals`.
      if (!admit(batch, message, terminals, kinds)) throw new Error(`terminal of ${message.topic} stays unresolved`)
    }
    onTheWay += batch.weight - before
  }

  async function lookUp(strangers: readonly Message[]): Promise<void> {
    const ids = [...new Set(strangers.map(({ topic }) => parseUplinkTopic(topic)!.terminalId))]
    for (let attempt = 1; ; attempt++) {
      try {
        return await terminals.resolve(...ids)
      } catch (error) {
        log.error({ error: (error as Error).message, attempt }, 'terminals cannot be looked up: trying again')
        await sleep(backOffMs(attempt))
      }
    }
  }

  return {
    async start() {
      await source.start((topic, payload, ack, refused, from) => receive({ topic, payload, ack, refused, from, receivedMs: clock.nowMs() }))
    },
    held,
    waiting: lanes.waiting,
    async drain() {
      draining = true
      source.pause()
      work()
      while (committing.size > 0) await Promise.all(committing)
      clearTimeout(timer)
    },
  }

  function pause(): void {
    if (paused) return
    paused = true
    source.pause()
    warn({ held: held() }, 'buffer full: senders wait')
  }

  function resume(): void {
    paused = false
    source.resume()
    lanes.readOn()
  }
}
