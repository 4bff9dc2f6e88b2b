// decode → validate → bind: one message becomes readings and faults in a batch. Pure but for the batch it fills.
import type { QuarantineReason } from '../contracts/position.ts'
import { parseUplinkTopic } from '../contracts/topics.ts'
import { type Batch, keptWeight } from './batch.ts'
import { decode } from './decode.ts'
import type { Message, Reading } from './message.ts'
import type { Terminals } from './terminals.ts'
import { validate } from './validate.ts'

/** Puts the message into the batch. False = its terminal is not in memory: look it up and admit the message again. */
export function admit(batch: Batch, message: Message, terminals: Pick<Terminals, 'terminal'>): boolean {
  const uplink = parseUplinkTopic(message.topic)
  const terminalId = uplink?.terminalId ?? null
  const terminal = terminalId === null || message.refused ? null : terminals.terminal(terminalId)
  if (terminal === undefined) return false

  const fault = (reason: QuarantineReason, detail: string, positions: number): true => {
    batch.faults.push({ message, terminalId, reason, detail, positions })
    batch.received += positions
    batch.weight += keptWeight(message)
    return true
  }
  batch.acks.push(message.ack)
  const decoded = decode(message.payload)
  if (!uplink || message.refused || uplink.kind !== 'location') {
    const positions = 'elements' in decoded ? decoded.elements.length : decoded.positions
    return fault('bad-topic', message.refused ?? 'not the topic of a location', positions)
  }
  if ('reason' in decoded) return fault(decoded.reason, decoded.detail, decoded.positions)

  const good: Reading[] = []
  const bad = new Map<QuarantineReason, { detail: string; positions: number }>()
  decoded.elements.forEach((element, index) => {
    const validated = validate(element, message.receivedMs)
    if ('position' in validated) {
      good.push({ vehicleId: terminal?.vehicleId ?? 0, terminalId: uplink.terminalId, position: validated.position, message })
      return
    }
    const sofar = bad.get(validated.reason)
    if (sofar) sofar.positions++
    else bad.set(validated.reason, { detail: `[${index}] ${validated.detail}`, positions: 1 })
  })
  for (const [reason, { detail, positions }] of bad) fault(reason, detail, positions)
  if (good.length === 0) return true
  if (!terminal) return fault('unknown-terminal', `no terminal ${uplink.terminalId}`, good.length)
  if (terminal.vehicleId === null) return fault('terminal-not-bound', `terminal ${uplink.terminalId} is on no vehicle`, good.length)
  for (const reading of good) batch.readings.push(reading)
  batch.received += good.length
  batch.weight += good.length
  return true
}
