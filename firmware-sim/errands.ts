// The errands that the demo's people give, read again when their file has changed. Without a file every vehicle does as it likes.
import { readFileSync, statSync } from 'node:fs'
import { type Errand, errandsSchema } from '../services/contracts/errands.ts'

export class Errands {
  readonly #path: string
  #readMs = 0
  #byPlate = new Map<string, Errand[]>()

  constructor(path: string) {
    this.#path = path
  }

  /** Looks whether there are others. What is not there yet, or not whole, is looked for again. */
  refresh(): void {
    try {
      const { mtimeMs } = statSync(this.#path)
      if (mtimeMs === this.#readMs) return
      this.#byPlate = byPlate(errandsSchema.parse(JSON.parse(readFileSync(this.#path, 'utf8'))))
      this.#readMs = mtimeMs
    } catch {
      // Until the demand writes it anew.
    }
  }

  /** Of a vehicle, the earliest first. */
  of(plate: string): readonly Errand[] {
    return this.#byPlate.get(plate) ?? []
  }
}

/** Errands by plate, each vehicle's in order. */
export function byPlate(errands: readonly Errand[]): Map<string, Errand[]> {
  const found = new Map<string, Errand[]>()
  for (const errand of [...errands].sort((a, b) => a.leaveMs - b.leaveMs))
    found.set(errand.plate, [...(found.get(errand.plate) ?? []), errand])
  return found
}
