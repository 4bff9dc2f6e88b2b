// Which messages are stored next (docs/decisions/0180). What is of the present goes first; what somebody has kept of a past has what room is left in
// each batch, and never less than a quarter of one: the present does not stand behind a past, and neither starves.
//
//   present   short, from a terminal that has sent no more lately than one that reports as always
//   past      all else, and whatever a terminal sends while something of its past waits: of one terminal nothing overtakes anything
//
// Of a past no more is taken in than half of the buffer. Further senders wait for their turn (turnstile.ts), each alone: their neighbours are read.
import { parseUplinkTopic, SERVICE_NAME } from '../contracts/topics.ts'
import { createPace } from '../platform/broker/budget.ts'
import { admit } from './admit.ts'
import { addTo, type Batch, emptyBatch, keptWeight } from './batch.ts'
import type { KnownTerminals } from './bind.ts'
import type { Kinds } from './kinds.ts'
import type { Message } from './message.ts'
import { createTurnstile } from './turnstile.ts'

export type LanesOptions = {
  /** Weight of a batch that is committed without waiting. */
  batchSize: number
  /** The longest that a message waits for others, ms. */
  batchAgeMs: number
  /** Weight of a past that may wait here. */
  mostPast: number
}
export type LanesDeps = {
  terminals: KnownTerminals
  kinds: Kinds
  nowMs: () => number
  /** Is anybody read just now? While nobody is, nobody is called. */
  reading: () => boolean
}
export type Lanes = {
  /**
   * Takes the message. A promise: it is not taken, for there is no room for more of a past; offer it again when its turn has come, and read its
   * sender no further until then. Never where the sender cannot wait alone.
   */
  put(message: Message, mayWait: boolean): Promise<void> | undefined
  /** Weight that is here. */
  weight(): number
  /** How many senders wait for their turn. */
  waiting(): number
  /** In how many ms a batch is due; undefined = nothing is here. */
  dueInMs(): number | undefined
  /** The next batch, due or not; undefined = nothing is here. */
  take(): Batch | undefined
  /** Reading goes on: who waits may be called again. */
  readOn(): void
}

/** Longer than some twenty positions: nobody's report of now. */
const LONG_BYTES = 4_096
/** What one terminal may send and be of the present, in messages and pieces of 256 bytes: several reports a second, and what a short hole in the network kept. */
const PRESENT = { burst: 60, perSecond: 10 }
const PIECE_BYTES = 256
/** A position in fewest words has some fifty bytes: what is waiting is not read before it is let in, and weighs this at most. */
const POSITION_BYTES = 50
/** Of each batch, a past that waits has this part at least. */
const PAST_SHARE = 1 / 4

/** Some messages of a past: to be taken together. */
type Portion = {
  batch: Batch
  /** Whose they are, one for each. */
  names: string[]
  /** The batch of the present that was open when the last of them came: what the same terminal sent before is in that one or stored. */
  after: number
}

export function createLanes({ terminals, kinds, nowMs, reading }: LanesDeps, { batchSize, batchAgeMs, mostPast }: LanesOptions): Lanes {
  const pace = createPace(PRESENT.burst, PRESENT.perSecond)
  const turnstile = createTurnstile(() => (reading() ? mostPast - pastWeight : 0))
  const full: Batch[] = []
  const past: Portion[] = []
  /** How many messages of its past each terminal has here. */
  const behind = new Map<string, number>()
  let open = emptyBatch(nowMs(), terminals.revision())
  /** Batches of the present that were begun before the open one. */
  let number = 0
  let fullWeight = 0
  let pastWeight = 0

  function isPast(name: string, { payload }: Message): boolean {
    if (name === SERVICE_NAME) return false
    return payload.length > LONG_BYTES || behind.has(name) || pace.waitMs(name, 1 + payload.length / PIECE_BYTES, nowMs()) > 0
  }

  function enter(batch: Batch, message: Message): void {
    if (admit(batch, message, terminals, kinds)) return
    batch.strangers.push(message)
    batch.weight += keptWeight(message)
  }

  function putPresent(message: Message): void {
    if (open.weight === 0) open = emptyBatch(nowMs(), terminals.revision())
    enter(open, message)
    if (open.weight < batchSize) return
    full.push(open)
    fullWeight += open.weight
    openNext()
  }

  function putPast(name: string, message: Message): void {
    let portion = past.at(-1)
    if (!portion || portion.batch.weight >= (batchSize * PAST_SHARE) / 4) {
      portion = { batch: emptyBatch(nowMs(), terminals.revision()), names: [], after: number }
      past.push(portion)
    }
    const before = portion.batch.weight
    enter(portion.batch, message)
    portion.names.push(name)
    portion.after = number
    behind.set(name, (behind.get(name) ?? 0) + 1)
    pastWeight += portion.batch.weight - before
  }

  function openNext(): void {
    open = emptyBatch(nowMs(), terminals.revision())
    number++
  }

  /** What of the past may go with this batch, in the order in which it came. */
  function addPast(batch: Batch, ofNumber: number): void {
    let room = Math.max(batchSize - batch.weight, batchSize * PAST_SHARE)
    for (let portion = past[0]; portion && room > 0 && portion.after <= ofNumber; portion = past[0]) {
      past.shift()
      room -= portion.batch.weight
      pastWeight -= portion.batch.weight
      addTo(batch, portion.batch)
      for (const name of portion.names) {
        const left = behind.get(name)! - 1
        if (left > 0) behind.set(name, left)
        else behind.delete(name)
      }
    }
    turnstile.call()
  }

  const weight = (): number => fullWeight + open.weight + pastWeight

  return {
    put(message, mayWait) {
      const name = message.refused?.sender ?? parseUplinkTopic(message.topic)?.terminalId ?? ''
      if (!isPast(name, message)) {
        putPresent(message)
        return undefined
      }
      const sender = message.from ?? name
      if (mayWait && !turnstile.called(sender) && (pastWeight >= mostPast || turnstile.waiting() > 0))
        return turnstile.wait(sender, message.from !== undefined, Math.ceil(message.payload.length / POSITION_BYTES))
      putPast(name, message)
      return undefined
    },
    weight,
    waiting: turnstile.waiting,
    dueInMs() {
      if (weight() === 0) return undefined
      if (weight() >= batchSize) return 0
      const oldestMs = Math.min(
        open.weight > 0 ? open.openedMs : Number.POSITIVE_INFINITY,
        past[0]?.batch.openedMs ?? Number.POSITIVE_INFINITY,
      )
      return Math.max(0, oldestMs + batchAgeMs - nowMs())
    },
    take() {
      if (weight() === 0) return undefined
      const ofNumber = number - full.length
      let batch = full.shift()
      if (batch) fullWeight -= batch.weight
      else {
        batch = open
        if (batch.weight === 0) batch = emptyBatch(nowMs(), terminals.revision())
        openNext()
      }
      addPast(batch, ofNumber)
      return batch
    },
    readOn: turnstile.call,
  }
}
