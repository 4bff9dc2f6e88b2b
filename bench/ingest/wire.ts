// MQTT 3.1.1 by hand, for the generator: CONNECT, a PUBLISH whose changing digits are written in place, PUBACKs read without objects.

const string = (text: string): Buffer => {
  const bytes = Buffer.from(text)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}

function packet(firstByte: number, body: Buffer): Buffer {
  const length: number[] = []
  let rest = body.length
  do {
    length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
    rest >>= 7
  } while (rest > 0)
  return Buffer.concat([Buffer.from([firstByte, ...length]), body])
}

/** CONNECT with user name and password, a clean session and no keep-alive. */
export const connectPacket = (clientId: string, username: string, password: string): Buffer =>
  packet(0x10, Buffer.concat([string('MQTT'), Buffer.from([4, 0b1100_0010, 0, 0]), string(clientId), string(username), string(password)]))

/** Where what changes stands in the packet; of each position the same. */
export type PublishTemplate = { bytes: Buffer; messageIdAt: number; timeAt: number[]; lonAt: number[]; latAt: number[] }

const TIME_DIGITS = 13

/** A QoS 1 PUBLISH of so many positions, more than one as an array, with every reading; its numbers have fixed widths, so they can be written over. */
export function publishTemplate(topic: string, positions = 1): PublishTemplate {
  const one =
    '{"time":1000000000000,"lon":111.1000000,"lat":41.1000000,"speedKph":36.5,"headingDeg":271,"altitudeM":1042,' +
    '"odometerM":48211345,"fuelPct":61.5,"ignition":true,"satellites":14,"alarms":0}'
  const json = positions === 1 ? one : `[${Array(positions).fill(one).join(',')}]`
  const bytes = packet(0x32, Buffer.concat([string(topic), Buffer.from([0, 0]), Buffer.from(json)]))
  const jsonAt = bytes.length - json.length
  const after = (text: string) =>
    Array.from({ length: positions }, (_, k) => bytes.indexOf(text, jsonAt + k * (one.length + 1)) + text.length)
  return { bytes, messageIdAt: jsonAt - 2, timeAt: after('"time":'), lonAt: after('"lon":111.1'), latAt: after('"lat":41.1') }
}

/** A new packet from the template. `timeMs`, of its first position, has 13 digits, each further one is `stepMs` later; `wander` moves the place by up to six digits. */
export function publishPacket(template: PublishTemplate, messageId: number, timeMs: number, wander: number, stepMs = 0): Buffer {
  const bytes = Buffer.allocUnsafe(template.bytes.length)
  template.bytes.copy(bytes)
  bytes.writeUInt16BE(messageId, template.messageIdAt)
  for (let k = 0; k < template.timeAt.length; k++) {
    writeDigits(bytes, template.timeAt[k]!, TIME_DIGITS, timeMs + k * stepMs)
    writeDigits(bytes, template.lonAt[k]!, 6, (wander + k) % 1_000_000)
    writeDigits(bytes, template.latAt[k]!, 6, (wander * 7 + k) % 1_000_000)
  }
  return bytes
}

function writeDigits(bytes: Buffer, at: number, digits: number, value: number): void {
  let rest = value
  for (let i = at + digits - 1; i >= at; i--) {
    const next = Math.floor(rest / 10)
    bytes[i] = 48 + (rest - next * 10)
    rest = next
  }
}

export const DUP_FLAG = 0x08
