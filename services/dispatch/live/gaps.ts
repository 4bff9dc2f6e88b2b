// Notices lost frames: each sender numbers its own from 1 without a hole.

export type Arrival = 'in-order' | 'gap' | 'unknown-sender'

/** Senders are process starts; more than these are long gone. */
const MAX_SENDERS = 64

export class GapDetector {
  readonly #last = new Map<number, number>()

  /** A sender first heard in the middle may have been missed, or have been silent since the snapshot: `unknown-sender`. */
  arrive(sender: number, sequence: number): Arrival {
    const last = this.#last.get(sender)
    this.#last.delete(sender)
    this.#last.set(sender, Math.max(sequence, last ?? 0))
    if (this.#last.size > MAX_SENDERS) this.#last.delete(this.#last.keys().next().value!)
    if (last === undefined) return sequence === 1 ? 'in-order' : 'unknown-sender'
    return sequence > last + 1 ? 'gap' : 'in-order'
  }
}
