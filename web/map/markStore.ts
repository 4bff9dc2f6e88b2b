// Every mark on the map, as slots of typed arrays: dense, slot = draw number, the last slot fills a hole.
// A slot's record says how it moves: from where it is drawn to where the last report was, and never further.
// Kept twice, told the same: by the page, which is asked who is under the pointer, and by the worker that draws.
import { FLAG_GONE, FLAG_STATUS_MASK, FLAG_STATUS_SHIFT, HEADING_UNKNOWN, type LiveFrame } from '../../services/contracts/liveFrame.ts'
import { SlotIndex } from './slotIndex.ts'
import { worldXOfE7, worldYOfE7 } from './worldPoint.ts'

/** Bytes of one record: i32 fromX fromY toX toY · u32 startMs · u16 durationMs headingFrom headingTo · u8 status class. */
const RECORD_BYTES = 28
const KIND = 26
const WORDS = RECORD_BYTES / 4
const HALVES = RECORD_BYTES / 2

/** Longest glide to a new report. Terminals report every 10 s; a longer glide would show old positions as present ones. */
export const GLIDE_MAX_MS = 1_500
/** After a silence this long the mark is set down at its place instead of gliding over ground nobody reported. */
const GLIDE_SILENCE_S = 60
/** About 5 km at 45° N: no vehicle glides further between two reports. */
const GLIDE_MAX_UNITS = 760_000
const STATUSES = 4
/** Share of a glide after which the mark looks where it goes. */
const TURNED_AT = 0.6

export class MarkStore {
  count = 0
  vehicleId = new Uint32Array(0)
  timeS = new Uint32Array(0)
  speedDkph = new Uint16Array(0)
  private bytes = new Uint8Array(0)
  /** Slots in drawing order: offline at the bottom, moving on top. */
  private order = new Uint32Array(0)
  private orderDirty = true
  /** When the last glide ends, and the widest one in world units: they decide whether another frame is worth drawing. */
  glideEndMs = 0
  glideUnits = 0
  readonly byStatus = [0, 0, 0, 0]
  private readonly slots = new SlotIndex()
  private i32 = new Int32Array(0)
  private u32 = new Uint32Array(0)
  private u16 = new Uint16Array(0)
  private seen = new Uint32Array(0)
  private round = 0
  private readonly classOf: (vehicleId: number) => number

  /** @param classOf index of a vehicle's class; asked when a mark is added. */
  constructor(classOf: (vehicleId: number) => number) {
    this.classOf = classOf
  }

  /** Makes the frame the whole truth: marks that are not in it go. */
  replace(frame: LiveFrame, nowMs: number, glide: boolean): void {
    this.apply(frame, nowMs, glide)
    for (let slot = this.count - 1; slot >= 0; slot--) if (this.seen[slot] !== this.round) this.removeSlot(slot)
  }

  /** Adds, moves and removes the frame's vehicles. `nowMs` counts from any fixed moment, in whole milliseconds. */
  apply(frame: LiveFrame, nowMs: number, glide: boolean): void {
    this.round++
    if (nowMs >= this.glideEndMs) this.glideUnits = 0
    this.grow(this.count + frame.count)
    for (let i = 0; i < frame.count; i++) {
      const id = frame.vehicleId[i]!
      const flags = frame.flags[i]!
      const slot = this.slots.find(id)
      if ((flags & FLAG_GONE) !== 0) {
        if (slot >= 0) this.removeSlot(slot)
      } else if (slot < 0) this.add(frame, i, id, flags)
      else this.move(slot, frame, i, flags, nowMs, glide)
    }
  }

  clear(): void {
    for (let slot = 0; slot < this.count; slot++) this.slots.delete(this.vehicleId[slot]!)
    this.count = 0
    this.byStatus.fill(0)
    this.orderDirty = true
  }

  slotOf(vehicleId: number): number {
    return this.slots.find(vehicleId)
  }

  status(slot: number): number {
    return this.bytes[slot * RECORD_BYTES + KIND]!
  }

  vehicleClass(slot: number): number {
    return this.bytes[slot * RECORD_BYTES + KIND + 1]!
  }

  /** Where the last report was, in world units. */
  targetX(slot: number): number {
    return this.i32[slot * WORDS + 2]!
  }

  targetY(slot: number): number {
    return this.i32[slot * WORDS + 3]!
  }

  /** Does the mark still move at `nowMs`, by more than `least` world units in all? */
  glidesOn(slot: number, nowMs: number, least: number): boolean {
    const word = slot * WORDS
    if (nowMs - this.u32[word + 4]! >= this.u16[slot * HALVES + 10]!) return false
    const [dx, dy] = [(this.i32[word + 2]! - this.i32[word]!) | 0, (this.i32[word + 3]! - this.i32[word + 1]!) | 0]
    return Math.abs(dx) >= least || Math.abs(dy) >= least
  }

  /** Degrees from north as drawn at a moment, −1 = unknown; it turns within the first half of a glide. `least`: see `glidesOn`. */
  headingAt(slot: number, nowMs: number, least: number): number {
    const half = slot * HALVES
    const after = this.u16[half + 12]!
    if (after === HEADING_UNKNOWN) return -1
    const before = this.u16[half + 11]!
    if (before === HEADING_UNKNOWN || before === after || !this.glidesOn(slot, nowMs, least)) return after
    const part = Math.min(1, (nowMs - this.u32[slot * WORDS + 4]!) / this.u16[half + 10]! / TURNED_AT)
    const turn = ((after - before + 540) % 360) - 180
    return (before + turn * part * part * (3 - 2 * part) + 360) % 360
  }

  /** Where the mark is drawn at a moment; axis 0 = x, 1 = y. */
  drawn(slot: number, axis: 0 | 1, nowMs: number): number {
    const word = slot * WORDS
    const from = this.i32[word + axis]!
    const to = this.i32[word + 2 + axis]!
    const duration = this.u16[slot * HALVES + 10]!
    const elapsed = nowMs - this.u32[word + 4]!
    if (elapsed >= duration) return to
    return (from + Math.round(((to - from) | 0) * Math.max(0, elapsed / duration))) | 0
  }

  /** Slots sorted by what should lie on top; a counting sort, because it runs with most deltas. */
  refreshOrder(): Uint32Array {
    if (!this.orderDirty) return this.order
    const next = [0, 0, 0, 0]
    for (let status = STATUSES - 2; status >= 0; status--) next[status] = next[status + 1]! + this.byStatus[status + 1]!
    for (let slot = 0; slot < this.count; slot++) this.order[next[this.status(slot)]!++] = slot
    this.orderDirty = false
    return this.order
  }

  private add(frame: LiveFrame, i: number, id: number, flags: number): void {
    const slot = this.count++
    this.slots.set(id, slot)
    this.vehicleId[slot] = id
    const status = (flags & FLAG_STATUS_MASK) >> FLAG_STATUS_SHIFT
    this.bytes[slot * RECORD_BYTES + KIND] = status
    this.bytes[slot * RECORD_BYTES + KIND + 1] = this.classOf(id)
    this.byStatus[status]!++
    this.orderDirty = true
    const word = slot * WORDS
    const x = worldXOfE7(frame.lonE7[i]!)
    const y = worldYOfE7(frame.latE7[i]!)
    this.i32[word] = x
    this.i32[word + 1] = y
    this.i32[word + 2] = x
    this.i32[word + 3] = y
    this.u16[slot * HALVES + 10] = 0
    this.u16[slot * HALVES + 11] = frame.headingDeg[i]!
    this.record(slot, frame, i)
  }

  private move(slot: number, frame: LiveFrame, i: number, flags: number, nowMs: number, glide: boolean): void {
    const word = slot * WORDS
    const half = slot * HALVES
    const x = worldXOfE7(frame.lonE7[i]!)
    const y = worldYOfE7(frame.latE7[i]!)
    const fromX = this.drawn(slot, 0, nowMs)
    const fromY = this.drawn(slot, 1, nowMs)
    const units = Math.max(Math.abs((x - fromX) | 0), Math.abs((y - fromY) | 0))
    const silenceS = frame.timeS[i]! - this.timeS[slot]!
    const glides = glide && units > 0 && units <= GLIDE_MAX_UNITS && silenceS <= GLIDE_SILENCE_S
    const duration = glides ? Math.min(GLIDE_MAX_MS, Math.max(1, silenceS) * 1000) : 0
    this.i32[word] = glides ? fromX : x
    this.i32[word + 1] = glides ? fromY : y
    this.i32[word + 2] = x
    this.i32[word + 3] = y
    this.u32[word + 4] = nowMs
    this.u16[half + 10] = duration
    this.u16[half + 11] = glides ? this.u16[half + 12]! : frame.headingDeg[i]!
    if (glides) {
      this.glideEndMs = Math.max(this.glideEndMs, nowMs + duration)
      this.glideUnits = Math.max(this.glideUnits, units)
    }
    const kind = slot * RECORD_BYTES + KIND
    const before = this.bytes[kind]!
    const status = (flags & FLAG_STATUS_MASK) >> FLAG_STATUS_SHIFT
    if (status !== before) {
      this.byStatus[before]!--
      this.byStatus[status]!++
      this.bytes[kind] = status
      this.orderDirty = true
    }
    this.record(slot, frame, i)
  }

  private record(slot: number, frame: LiveFrame, i: number): void {
    this.u16[slot * HALVES + 12] = frame.headingDeg[i]!
    this.timeS[slot] = frame.timeS[i]!
    this.speedDkph[slot] = frame.speedDkph[i]!
    this.seen[slot] = this.round
  }

  private removeSlot(slot: number): void {
    const last = --this.count
    this.slots.delete(this.vehicleId[slot]!)
    this.byStatus[this.status(slot)]!--
    this.orderDirty = true
    if (slot === last) return
    this.bytes.copyWithin(slot * RECORD_BYTES, last * RECORD_BYTES, (last + 1) * RECORD_BYTES)
    for (const column of [this.vehicleId, this.timeS, this.speedDkph, this.seen]) column[slot] = column[last]!
    this.slots.set(this.vehicleId[slot]!, slot)
  }

  private grow(wanted: number): void {
    if (wanted <= this.vehicleId.length) return
    const capacity = Math.max(wanted, Math.ceil(this.vehicleId.length * 1.5), 1024)
    const bytes = new Uint8Array(capacity * RECORD_BYTES)
    bytes.set(this.bytes)
    this.bytes = bytes
    this.i32 = new Int32Array(bytes.buffer)
    this.u32 = new Uint32Array(bytes.buffer)
    this.u16 = new Uint16Array(bytes.buffer)
    const wider = (column: Uint32Array) => {
      const copy = new Uint32Array(capacity)
      copy.set(column)
      return copy
    }
    this.vehicleId = wider(this.vehicleId)
    this.timeS = wider(this.timeS)
    this.seen = wider(this.seen)
    this.order = new Uint32Array(capacity)
    const speed = new Uint16Array(capacity)
    speed.set(this.speedDkph)
    this.speedDkph = speed
    this.orderDirty = true
  }
}
