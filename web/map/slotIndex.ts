// Vehicle id → slot. Ids are small database numbers, so an array answers in a few nanoseconds; a Map holds the rest.

const DENSE_IDS = 1 << 20

export class SlotIndex {
  /** Slot + 1 by id; 0 = none. */
  private dense = new Uint32Array(1 << 15)
  private readonly sparse = new Map<number, number>()

  /** The slot of an id, or −1. */
  find(id: number): number {
    if (id < this.dense.length) return this.dense[id]! - 1
    return id < DENSE_IDS ? -1 : (this.sparse.get(id) ?? -1)
  }

  set(id: number, slot: number): void {
    if (id >= DENSE_IDS) {
      this.sparse.set(id, slot)
      return
    }
    if (id >= this.dense.length) {
      const wider = new Uint32Array(Math.min(DENSE_IDS, Math.max(id + 1, this.dense.length * 2)))
      wider.set(this.dense)
      this.dense = wider
    }
    this.dense[id] = slot + 1
  }

  delete(id: number): void {
    if (id >= DENSE_IDS) this.sparse.delete(id)
    else if (id < this.dense.length) this.dense[id] = 0
  }
}
