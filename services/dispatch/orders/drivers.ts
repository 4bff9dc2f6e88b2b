// What the slice of drivers decides and this one must not decide again.
import type { FitnessReason, Span } from '../../domain/driverFitness.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import type { Sight } from '../kernel/caller.ts'

export type FitDriver = {
  driverId: number
  name: string
  unitId: number
  /** The vehicle that he usually drives. */
  usual: number | null
  /** Why not, of such a vehicle at the time that was asked about; none = fit. */
  judge(vehicle: { bodyType: string | null; seats: number; energy: string }): FitnessReason[]
}
/** Drivers within reach for a time; one alone where he is named. */
export type ListDrivers = (db: Queryable, scope: Sight, window: Span, nowMs: number, driverId?: number) => Promise<FitDriver[]>
export type OrdersDeps = { db: Database; clock: Clock; listDrivers: ListDrivers }
