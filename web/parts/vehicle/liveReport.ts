import type { VehicleStatus } from '../../../services/domain/status.ts'

/** The newest report of the selected vehicle that came over the live line. */
export type LiveReport = {
  vehicleId: number
  timeMs: number
  lon: number
  lat: number
  speedKph: number | null
  headingDeg: number | null
  status: VehicleStatus
}
