// What the slice of drivers decides and this one must not decide again.
import type { FitnessReason, Span } from '../../domain/driverFitness.ts'
import type { VehicleSize } from '../../domain/licence.ts'
import type { Queryable } from '../../platform/db.ts'
import type { TravelTimes } from '../../platform/routing/port.ts'
import type { ActDeps } from '../kernel/act.ts'
import type { Sight } from '../kernel/caller.ts'
import type { DrivenM } from './track.ts'
import type { BringIn } from './tracker.ts'

export type FitDriver = {
  driverId: number
  name: string
  unitId: number
  /** The vehicle that he usually drives. */
  usual: number | null
  /** Orders of the week before and after. */
  ordersNear: number
  /** Minutes that his orders take of the day on which the time begins. */
  dayMin: number
  /** Why not at the time that was asked about, whatever the vehicle is; what he is booked for is not judged. */
  reasons: readonly FitnessReason[]
  /** The year whose calendar nobody has announced, where it hangs on that whether he is on duty; null: it does not. */
  unknownYear: string | null
  /** Off duty, and called for an emergency. */
  onCall: boolean
  /** Why not, of such a vehicle: his licence. */
  judge(vehicle: { size: VehicleSize; automatic: boolean | null }): FitnessReason[]
}
/** Drivers within reach for a time; one alone where he is named. The time of the order `orderId` is given up for it. `urgent`: who is off duty may be on call. */
export type ListDrivers = (
  db: Queryable,
  scope: Sight,
  window: Span,
  nowMs: number,
  only?: { driverId?: number | undefined; orderId?: number | undefined; urgent?: boolean },
) => Promise<FitDriver[]>
export type OrdersDeps = ActDeps & {
  listDrivers: ListDrivers
  travelTimes: TravelTimes
  bringIn: BringIn
  drivenM: DrivenM
  /** Seals the links of printed orders; without it none can be printed. */
  key: Buffer | undefined
}
