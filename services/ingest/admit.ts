// decode → validate → bind: one message becomes readings and faults in a batch. Pure but for the batch it fills.
import type { Position, QuarantineReason } from '../contracts/position.ts'
import { parseUplinkTopic, receiptTopic } from '../contracts/topics.ts'
import { type Batch, keptWeight, type Receipt } from './batch.ts'
import { bindPositions, type KnownTerminals } from './bind.ts'
import { decode } from './decode.ts'
import type { Message } from './message.ts'
import { validate } from './validate.ts'

/** Puts the message into the batch. False = its terminal is not in memory: look it up and admit the message again. */
export function admit(batch: Batch, message: Message, terminals: Pick<KnownTerminals, 'terminal'>): boolean {
  const uplink = parseUplinkTopic(message.topic)
  const { refused } = message
  const terminalId = refused ? refused.sender : (uplink?.terminalId ?? null)
  const terminal = terminalId === null || refused ? null : terminals.terminal(terminalId)
  if (terminal === undefined) return false

  const receipt: Receipt | undefined =
    uplink?.receiptId === undefined || refused
      ? undefined
      : { topic: receiptTopic(uplink.adcode, uplink.terminalId, uplink.receiptId), message, positions: 0 }
  if (receipt) batch.receipts.push(receipt)

  const fault = (reason: QuarantineReason, detail: string, positions: number): true => {
    batch.faults.push({ message, terminalId, reason, detail, positions })
    batch.received += positions
    batch.weight += keptWeight(message)
    if (receipt) receipt.positions += positions
    return true
  }
  batch.acks.push(message.ack)
  const decoded = decode(message.payload)
  if (!uplink || refused || uplink.kind !== 'location') {
    const positions = 'elements' in decoded ? decoded.elements.length : decoded.positions
    return fault('bad-topic', refused ? `${refused.why}: it came on ${message.topic}` : 'not the topic of a location', positions)
  }
  if ('reason' in decoded) return fault(decoded.reason, decoded.detail, decoded.positions)

  const good: Position[] = []
  const bad = new Map<QuarantineReason, { detail: string; positions: number }>()
  decoded.elements.forEach((element, index) => {
    const validated = validate(element, message.receivedMs)
    if ('position' in validated) {
      good.push(validated.position)
      return
    }
    const sofar = bad.get(validated.reason)
    if (sofar) sofar.positions++
    else bad.set(validated.reason, { detail: `[${index}] ${validated.detail}`, positions: 1 })
  })
  for (const [reason, { detail, positions }] of bad) fault(reason, detail, positions)
  if (good.length === 0) return true
  const faultsBefore = batch.faults.length
  bindPositions(terminal, message, uplink.terminalId, good, batch.readings, batch.faults)
  batch.received += good.length
  batch.weight += good.length + (batch.faults.length > faultsBefore ? keptWeight(message) : 0)
  if (receipt) receipt.positions += good.length
  return true
}
