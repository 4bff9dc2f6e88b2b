import { type VehicleStatus, vehicleStatuses } from '../../../services/domain/status.ts'

/** Status of the two status bits of a live frame. */
export const statusOfIndex = (index: number): VehicleStatus => vehicleStatuses[index] ?? 'offline'
