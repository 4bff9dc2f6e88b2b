// 号牌沿革: plates that a vehicle had until an instant.
import { plate, reference } from '../kinds.ts'
import type { Sheet } from '../sheet.ts'
import { instant } from '../timeKinds.ts'
import { words } from '../words.ts'
import { kept } from './common.ts'
import { plateColour } from './vehicles.ts'

export const pastPlates: Sheet = {
  subject: 'pastPlates',
  name: words('号牌沿革', 'Past plates'),
  view: 'ledger.view',
  table: 'vehicle_past_plates',
  id: 'past_id',
  subjectType: 'past-plate',
  key: ['vehicle', 'until'],
  owner: '(SELECT v.user_unit_id FROM vehicles v WHERE v.vehicle_id = t.vehicle_id)',
  vehicle: 't.vehicle_id',
  order: 't.vehicle_id, t.until',
  columns: [
    {
      key: 'vehicle',
      heading: words('现号牌', 'Plate now'),
      kind: reference(words('号牌号码', 'Plate')),
      sql: 'vehicle_id',
      refers: 'vehicle',
      recordAs: 'vehicleId',
      required: true,
      example: '蒙A·00000',
    },
    { key: 'until', heading: words('直至', 'Until'), kind: instant, sql: 'until', required: true, example: '2025-12-31 18:00:00' },
    { key: 'plate', heading: words('原号牌', 'Plate then'), kind: plate, sql: 'plate', required: true, fixed: kept, example: '蒙A·00001' },
    { ...plateColour, fixed: kept },
  ],
}
