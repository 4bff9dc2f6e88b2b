// With which vehicle: its plate, or whose it is where it is a supplier's; one that the reader may not see has no name.
import type { OrderRow } from '../../../services/contracts/api/orders.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import type { Say } from './texts.ts'

export function vehicleText({ vehicle, lease }: Pick<OrderRow, 'vehicle' | 'lease'>, t: Say): string {
  const plate = vehicle && plateAsPrinted(vehicle.plate)
  if (!lease) return plate ?? t('trip.hidden')
  const kind = lease.bodyType ? t(`body.${lease.bodyType}`) : ''
  return t('trip.leased', { name: lease.supplier.name, what: plate ?? kind })
}
