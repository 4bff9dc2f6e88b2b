// Views by what they see, so that a hundred people before the same map cost one: rights, filter and place being equal, so is every byte.
import { randomInt } from 'node:crypto'
import { type Bounds, paddedBounds } from './bounds.ts'
import type { LiveScope } from './filter.ts'
import type { FleetPicture } from './fleetPicture.ts'
import { View, type ViewRequest } from './view.ts'

export class Sights {
  readonly #views = new Map<string, { view: View; readers: number }>()

  /** The view of a sight, of this picture; give it back by `leave`. */
  take(picture: FleetPicture, scope: LiveScope, request: ViewRequest): View {
    const key = keyOf(scope, request, paddedBounds(request.bbox))
    let known = this.#views.get(key)
    if (known?.view.picture !== picture) {
      known = { view: new View(picture, scope, request, randomInt(1, 2 ** 32)), readers: 0 }
      this.#views.set(key, known)
    }
    known.readers++
    return known.view
  }

  leave(view: View): void {
    for (const [key, known] of this.#views) if (known.view === view && --known.readers === 0) this.#views.delete(key)
  }

  get count(): number {
    return this.#views.size
  }
}

/** Whatever decides what is in a frame. Cells are cut by the whole zoom. */
const keyOf = (scope: LiveScope, { detail, filter, zoom }: ViewRequest, bounds: Bounds): string =>
  JSON.stringify([
    scope.organisationId,
    scope.vehicleId,
    scope.cleared,
    detail,
    Object.entries(filter).sort(),
    Math.floor(zoom),
    Object.values(bounds),
  ])
