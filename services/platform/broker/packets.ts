// The few bytes of MQTT 3.1.1 that the tap reads itself: the fixed header, the CONNECT's keep-alive, the PUBLISH.

export const CONNECT = 1
export const PUBLISH = 3
export const PUBREL = 6
const PUBACK_BYTE = 0x40
const PUBREC_BYTE = 0x50
const PUBCOMP_BYTE = 0x70

export const typeOf = (bytes: Buffer, at: number): number => bytes[at]! >> 4

/** Length of the whole packet at `at`: 0 = its header is not complete yet, -1 = not MQTT. `headerLength` gets the fixed header's. */
export function packetLength(bytes: Buffer, at: number, out: { headerLength: number }): number {
  let length = 0
  for (let i = 1; i <= 4; i++) {
    if (at + i >= bytes.length) return 0
    const byte = bytes[at + i]!
    length += (byte & 0x7f) * 128 ** (i - 1)
    if (byte < 0x80) {
      out.headerLength = i + 1
      return length + i + 1
    }
  }
  return -1
}

export type Publish = { qos: number; topic: string; messageId: number; payload: Buffer }

/** Reads the PUBLISH in `packet`, its payload as a view. undefined when it is malformed. */
export function readPublish(packet: Buffer, headerLength: number): Publish | undefined {
  const qos = (packet[0]! >> 1) & 3
  if (qos === 3 || packet.length < headerLength + 2) return undefined
  const topicStart = headerLength + 2
  const topicEnd = topicStart + packet.readUInt16BE(headerLength)
  const payloadStart = qos === 0 ? topicEnd : topicEnd + 2
  if (payloadStart > packet.length) return undefined
  const messageId = qos === 0 ? 0 : packet.readUInt16BE(topicEnd)
  return { qos, topic: packet.toString('utf8', topicStart, topicEnd), messageId, payload: packet.subarray(payloadStart) }
}

/** The keep-alive of a CONNECT in seconds, and where it stands. undefined when there is no room for one. */
export function keepAliveOf(packet: Buffer, headerLength: number): { seconds: number; at: number } | undefined {
  if (packet.length < headerLength + 2) return undefined
  // protocol name, its length, level, flags
  const at = headerLength + 2 + packet.readUInt16BE(headerLength) + 2
  return at + 2 <= packet.length ? { seconds: packet.readUInt16BE(at), at } : undefined
}

const answer = (first: number, messageId: number): Buffer => Buffer.from([first, 2, messageId >> 8, messageId & 0xff])
export const pubcomp = (messageId: number): Buffer => answer(PUBCOMP_BYTE, messageId)

/** The acks of several messages in one piece: PUBACK for QoS 1, PUBREC for QoS 2. `acks` holds qos × 65536 + message id. */
export function ackBytes(acks: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(acks.length * 4)
  for (let i = 0, at = 0; i < acks.length; i++, at += 4) {
    const ack = acks[i]!
    bytes[at] = ack >> 16 === 2 ? PUBREC_BYTE : PUBACK_BYTE
    bytes[at + 1] = 2
    bytes[at + 2] = (ack >> 8) & 0xff
    bytes[at + 3] = ack & 0xff
  }
  return bytes
}
