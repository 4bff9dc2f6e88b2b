// The live frame: a struct of arrays, little-endian. One per committed batch (ingest → dispatch), and per tick (dispatch → browser).
//
//   offset  size   field
//        0  u32    magic 'MLF1'
//        4  u32    count n
//        8  u32    sequence, +1 per frame of one sender, starting at 1; a jump is a gap
//       12  u32    sender number (random per process start)
//       16  f64    commit time, ms since 1970
//       24  u32×n  vehicle id · i32×n lon 1e-7° · i32×n lat 1e-7° · u32×n device time, never after its arrival, s since 1970
//           u16×n  speed 0.1 km/h (0xFFFF unknown) · u16×n heading ° (0xFFFF unknown) · u8×n flags

const MAGIC = 0x31464c4d
const HEADER_BYTES = 24
const BYTES_PER_VEHICLE = 21

export const HEADING_UNKNOWN = 0xffff
export const SPEED_UNKNOWN = 0xffff
/** Flag bits: 0 ignition; 1–2 status (index in `vehicleStatuses`, dispatch → browser only); 3 displaced, 4 stuck (domain/status.ts,
 * ingest → dispatch only); 7 = has left the view. */
export const FLAG_STATUS_SHIFT = 1
export const FLAG_STATUS_MASK = 0b110
export const FLAG_GONE = 0x80

export type LiveFrame = {
  sequence: number
  sender: number
  committedAtMs: number
  count: number
  vehicleId: Uint32Array
  lonE7: Int32Array
  latE7: Int32Array
  timeS: Uint32Array
  speedDkph: Uint16Array
  headingDeg: Uint16Array
  flags: Uint8Array
}

/** An empty frame for `count` vehicles whose arrays are views of one buffer: fill them, then send `bytesOf(frame)`. */
export function allocateLiveFrame(count: number, head: { sequence: number; sender: number; committedAtMs: number }): LiveFrame {
  const buffer = new ArrayBuffer(HEADER_BYTES + count * BYTES_PER_VEHICLE)
  const view = new DataView(buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint32(4, count, true)
  view.setUint32(8, head.sequence, true)
  view.setUint32(12, head.sender, true)
  view.setFloat64(16, head.committedAtMs, true)
  return viewsOf(buffer)
}

/** The bytes of a frame, without a copy. */
export const bytesOf = (frame: LiveFrame): Uint8Array => new Uint8Array(frame.vehicleId.buffer as ArrayBuffer)

/** Reads a frame. Copies only when the bytes are a part of a larger buffer (a Node Buffer usually is, and its slice() would not copy). Throws RangeError when they are no frame. */
export function decodeLiveFrame(bytes: Uint8Array): LiveFrame {
  const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength
  const buffer = (whole ? bytes.buffer : new Uint8Array(bytes).buffer) as ArrayBuffer
  if (buffer.byteLength < HEADER_BYTES || new DataView(buffer).getUint32(0, true) !== MAGIC) throw new RangeError('not a live frame')
  const count = new DataView(buffer).getUint32(4, true)
  if (buffer.byteLength !== HEADER_BYTES + count * BYTES_PER_VEHICLE)
    throw new RangeError(`live frame of ${count} vehicles has ${buffer.byteLength} bytes`)
  return viewsOf(buffer)
}

function viewsOf(buffer: ArrayBuffer): LiveFrame {
  const head = new DataView(buffer)
  const count = head.getUint32(4, true)
  const at = (words: number) => HEADER_BYTES + words * 4 * count
  return {
    sequence: head.getUint32(8, true),
    sender: head.getUint32(12, true),
    committedAtMs: head.getFloat64(16, true),
    count,
    vehicleId: new Uint32Array(buffer, at(0), count),
    lonE7: new Int32Array(buffer, at(1), count),
    latE7: new Int32Array(buffer, at(2), count),
    timeS: new Uint32Array(buffer, at(3), count),
    speedDkph: new Uint16Array(buffer, at(4), count),
    headingDeg: new Uint16Array(buffer, at(4) + 2 * count, count),
    flags: new Uint8Array(buffer, at(5), count),
  }
}
