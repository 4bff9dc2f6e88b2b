// What has come so far of tracks that are on their way, to be drawn at once and apart from the page: nothing of it waits for a component.
import { Store } from '../../kit/store.ts'

/** 1e-7 degrees; index ranges that are one line, both ends included. `madeOf`: of a sketch, how many reports it was made of. */
export type DraftLine = { lonE7: Float64Array; latE7: Float64Array; runs: [number, number][]; madeOf?: number }

class Drafts {
  readonly store = new Store<ReadonlyMap<number, readonly DraftLine[]>>(new Map())

  /** Of a vehicle anew. */
  begin(vehicleId: number): { add(line: DraftLine): void; end(): void } {
    this.forget([vehicleId])
    return {
      add: (line) => this.store.set(new Map(this.store.get()).set(vehicleId, [...(this.store.get().get(vehicleId) ?? []), line])),
      end: () => this.forget([vehicleId]),
    }
  }

  /** Their tracks are there, or are asked for no more. */
  forget(vehicleIds: readonly number[]): void {
    const known = this.store.get()
    if (!vehicleIds.some((id) => known.has(id))) return
    const left = new Map(known)
    for (const id of vehicleIds) left.delete(id)
    this.store.set(left)
  }
}

export const drafts = new Drafts()
