// The Postgres v3 protocol, as much of it as a server needs: cutting a byte stream into messages, and writing the server's own.
// https://www.postgresql.org/docs/17/protocol-message-formats.html

/** One frontend message, header included; `type` is its first byte. */
export type Frame = { type: number; bytes: Buffer }

export const letter = (name: string): number => name.charCodeAt(0)

export const SSL_REQUEST = 80_877_103
export const GSS_REQUEST = 80_877_104
export const CANCEL_REQUEST = 80_877_102
export const PROTOCOL_3 = 196_608

/** Thrown when the bytes cannot be this protocol, or a message is larger than we take. */
export class ProtocolViolation extends Error {}

/** Cuts what arrives into whole messages. A message in many chunks is copied once, when its last chunk is there. */
export class FrameReader {
  #chunks: Buffer[] = []
  #total = 0

  constructor(readonly maxBytes: number) {}

  get bufferedBytes(): number {
    return this.#total
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#total += chunk.length
  }

  /** The next whole message, or undefined until more arrives. A startup packet has no type byte: its type is 0. */
  next(startup: boolean): Frame | undefined {
    const headerBytes = startup ? 4 : 5
    const header = this.#peek(headerBytes)
    if (!header) return undefined
    const length = header.readUInt32BE(startup ? 0 : 1)
    const size = startup ? length : length + 1
    if (length < 4 || length > (startup ? 10_000 : this.maxBytes))
      throw new ProtocolViolation(`a message of ${length} bytes is not taken here`)
    const whole = this.#peek(size)
    if (!whole) return undefined
    const rest = this.#chunks[0]!.subarray(size)
    if (rest.length) this.#chunks[0] = rest
    else this.#chunks.shift()
    this.#total -= size
    return { type: startup ? 0 : whole[0]!, bytes: whole }
  }

  /** Takes out what is not a whole message yet, or was not asked for. */
  rest(): Buffer {
    const rest = Buffer.concat(this.#chunks)
    this.#chunks = []
    this.#total = 0
    return rest
  }

  #peek(size: number): Buffer | undefined {
    if (this.#total < size) return undefined
    if (this.#chunks[0]!.length < size) this.#chunks = [Buffer.concat(this.#chunks)]
    return this.#chunks[0]!.subarray(0, size)
  }
}

/** A message of type `type` with the given body parts; strings are written with their closing zero. */
export function message(type: string, ...parts: (string | Uint8Array)[]): Buffer {
  const body = parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part))
  const length = body.reduce((sum, part) => sum + part.length, 4)
  const header = Buffer.allocUnsafe(5)
  header.write(type, 'latin1')
  header.writeUInt32BE(length, 1)
  return Buffer.concat([header, ...body], length + 1)
}

export const int16 = (value: number): Buffer => Buffer.of((value >> 8) & 255, value & 255)
export function int32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeInt32BE(value)
  return bytes
}

export const sync = message('S')
export const simpleQuery = (sql: string): Buffer => message('Q', sql)

const report = (type: string, severity: string, code: string, text: string): Buffer =>
  message(type, `S${severity}`, `V${severity}`, `C${code}`, `M${text}`, Buffer.of(0))

export const errorResponse = (severity: 'ERROR' | 'FATAL', code: string, text: string): Buffer => report('E', severity, code, text)
export const warning = (code: string, text: string): Buffer => report('N', 'WARNING', code, text)
export const readyForQuery = (status: string): Buffer => message('Z', Buffer.from(status, 'latin1'))
export const authenticationOk = message('R', int32(0))
export const authenticationCleartextPassword = message('R', int32(3))
export const parameterStatus = (name: string, value: string): Buffer => message('S', name, value)
export const backendKeyData = (id: number, key: number): Buffer => message('K', int32(id), int32(key))

/** Reads the zero-ended string that starts at `offset`; `end` is the offset after its zero. */
export function readString(bytes: Buffer, offset: number): { text: string; end: number } {
  const zero = bytes.indexOf(0, offset)
  if (zero < 0) throw new ProtocolViolation('a string without an end')
  return { text: bytes.toString('utf8', offset, zero), end: zero + 1 }
}

/** The fields of an ErrorResponse body by their letter: C = SQLSTATE, M = message. */
export function errorFields(bytes: Buffer): Record<string, string> {
  const fields: Record<string, string> = {}
  for (let at = 5; bytes[at]; ) {
    const { text, end } = readString(bytes, at + 1)
    fields[String.fromCharCode(bytes[at]!)] = text
    at = end
  }
  return fields
}
