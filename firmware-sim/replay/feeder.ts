// Sends the rows of all devices when they are due, in order, one message of a device under way at a time, until each is acknowledged.
import type { PositionMessage } from '../../services/contracts/position.ts'
import type { Links } from '../send/links.ts'
import { BATCH_MOST } from '../send/uplink.ts'

/** The rows of one device on their topic, each with the time after the start at which it is due. */
export type Track = { topic: string; positions: readonly PositionMessage[]; dueMs: Float64Array }

export class Feeder {
  sent = 0
  acknowledged = 0
  messages = 0
  readonly rows: number
  private readonly tracks: readonly (Track & { next: number; underWay: boolean })[]
  private readonly links: Links
  private elapsedMs = 0
  private readonly onDone: () => void

  constructor(tracks: readonly Track[], links: Links, onDone: () => void) {
    this.tracks = tracks.map((track) => ({ ...track, next: 0, underWay: false }))
    this.links = links
    this.onDone = onDone
    this.rows = tracks.reduce((sum, { positions }) => sum + positions.length, 0)
    for (const link of links.all) link.on('room', () => this.pump())
  }

  /** Lets time pass: sends what has become due. */
  runUntil(elapsedMs: number): void {
    this.elapsedMs = elapsedMs
    this.pump()
  }

  private pump(): void {
    this.tracks.forEach((track, n) => {
      const link = this.links.all[this.links.of(n)]
      if (!link || track.underWay || link.room <= 0) return
      let end = track.next
      while (end < track.positions.length && end - track.next < BATCH_MOST && (track.dueMs[end] as number) <= this.elapsedMs) end++
      if (end === track.next) return
      const batch = track.positions.slice(track.next, end)
      track.next = end
      track.underWay = true
      this.sent += batch.length
      this.messages++
      link.publish(track.topic, JSON.stringify(batch.length === 1 ? batch[0] : batch), () => {
        track.underWay = false
        this.acknowledged += batch.length
        if (this.acknowledged === this.rows) this.onDone()
      })
    })
  }
}
