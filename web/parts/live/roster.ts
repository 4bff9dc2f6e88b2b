// Who the marks are: plate, class and unit by vehicle id, held outside React because the map asks for every mark.
import type { AnswerOf } from '../../../services/contracts/api.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { call } from '../../kit/api/session.ts'

export class Roster {
  readonly #indexOf = new Map<number, number>()
  readonly #rows: AnswerOf<'getRoster'>

  constructor(rows: AnswerOf<'getRoster'>) {
    this.#rows = rows
    rows.vehicleId.forEach((id, index) => {
      this.#indexOf.set(id, index)
    })
  }

  /** The plate as printed, '' when the vehicle is not on the roster. */
  plateOf(vehicleId: number): string {
    const index = this.#indexOf.get(vehicleId)
    return index === undefined ? '' : plateAsPrinted(this.#rows.plate[index]!)
  }

  /** Index in `vehicleClasses`; 0 when not on the roster. */
  classOf(vehicleId: number): number {
    return this.#rows.class[this.#indexOf.get(vehicleId) ?? -1] ?? 0
  }

  /** When the unmasking ends under which the vehicle is seen; null for any other. */
  unmaskedUntil(vehicleId: number): string | null {
    return this.#rows.unmasked.find((each) => each.vehicleId === vehicleId)?.until ?? null
  }

  unitOf(vehicleId: number): number | undefined {
    return this.#rows.userUnitId[this.#indexOf.get(vehicleId) ?? -1]
  }
}

export const rosterQuery = {
  queryKey: ['roster'],
  staleTime: 10 * 60_000,
  queryFn: async ({ signal }: { signal: AbortSignal }) => new Roster(await call('getRoster', { signal })),
}
