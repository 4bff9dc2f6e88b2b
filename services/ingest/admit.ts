// decode → validate → bind: one message becomes readings and faults in a batch. Pure but for the batch it fills.
import type { QuarantineReason } from '../contracts/position.ts'
import { parseUplinkTopic, receiptTopic, SERVICE_NAME } from '../contracts/topics.ts'
import { type Batch, keptWeight, openPart, type Receipt } from './batch.ts'
import { bindElements, type KnownTerminals } from './bind.ts'
import { noKind } from './kinds/noKind.ts'
import type { Kinds } from './kinds.ts'
import type { Message } from './message.ts'

/** Puts the message into the batch. False = its terminal is not in memory: look it up and admit the message again. */
export function admit(batch: Batch, message: Message, terminals: Pick<KnownTerminals, 'terminal'>, kinds: Kinds): boolean {
  const uplink = parseUplinkTopic(message.topic)
  const { refused } = message
  const terminalId = refused ? refused.sender : (uplink?.terminalId ?? null)
  const isOurs = uplink?.terminalId === SERVICE_NAME
  const terminal = terminalId === null || refused || isOurs ? null : terminals.terminal(terminalId)
  if (terminal === undefined) return false

  const named = uplink && kinds.get(uplink.kind)
  // What says itself whose it is comes from our own service, and our service brings in nothing else.
  const known = named && (named.vehicleOf !== undefined) === isOurs ? named : undefined
  const kind = known ?? noKind
  const part = openPart(batch, kind)
  const receipt: Receipt | undefined =
    uplink?.receiptId === undefined || refused
      ? undefined
      : { topic: receiptTopic(uplink.adcode, uplink.terminalId, uplink.receiptId), message, counted: kind.counted, elements: 0 }
  if (receipt) batch.receipts.push(receipt)

  const fault = (reason: QuarantineReason, detail: string, elements: number): true => {
    part.faults.push({ message, terminalId, reason, detail, elements })
    part.received.elements += elements
    batch.weight += keptWeight(message)
    if (receipt) receipt.elements += elements
    return true
  }
  batch.acks.push(message.ack)
  part.received.messages++
  const decoded = kind.decode(message.payload)
  if (refused || !uplink || !known) {
    const elements = 'elements' in decoded ? decoded.elements.length : decoded.lost
    return fault('bad-topic', refused ? `${refused.why}: it came on ${message.topic}` : 'not a topic on which terminals send', elements)
  }
  if ('reason' in decoded) return fault(decoded.reason, decoded.detail, decoded.lost)

  const good: unknown[] = []
  // Made where it is needed: nearly no message has anything bad in it.
  let bad: Map<QuarantineReason, { detail: string; elements: number }> | undefined
  decoded.elements.forEach((element, index) => {
    const validated = kind.validate(element, message.receivedMs)
    if ('value' in validated) {
      good.push(validated.value)
      return
    }
    bad ??= new Map()
    const sofar = bad.get(validated.reason)
    if (sofar) sofar.elements++
    else bad.set(validated.reason, { detail: `[${index}] ${validated.detail}`, elements: 1 })
  })
  if (bad) for (const [reason, { detail, elements }] of bad) fault(reason, detail, elements)
  if (good.length === 0) return true
  const faultsBefore = part.faults.length
  bindElements(kind, terminal, message, uplink.terminalId, good, part.readings, part.faults)
  part.received.elements += good.length
  batch.weight += good.length + (part.faults.length > faultsBefore ? keptWeight(message) : 0)
  if (receipt) receipt.elements += good.length
  return true
}
