// What is promised to a trip stays with its unit, whatever a file says.
import t from 'tap'
import { release, reserve } from '../../services/dispatch/kernel/reservations.ts'
import { openRegion, startWorld } from '../dispatch/world.ts'
import { csv, exportFile, importFile, upload, VEHICLE_HEADINGS, vehicleRow } from './files.ts'

const db = await openRegion(t)
await db.query(
  `INSERT INTO ledger_policies (organisation_id, effective_from, over_quota, over_standard) VALUES (1, '2000-01-01', 'flag', 'flag')`,
)
const world = await startWorld(t, db)
const bureau = await world.signIn('bureau_admin')
const vehicles = (...rows: unknown[][]) => csv(VEHICLE_HEADINGS, ...rows)
const faults = async (subject: string, file: Buffer) =>
  (await upload(world, bureau, subject, file)).json().problems.map(({ row, column }) => `${row}:${column}`)

t.test('what is promised to a trip is not moved to another unit by a file, vehicle or driver', async (t) => {
  await importFile(world, bureau, 'vehicles', vehicles(vehicleRow('蒙AA8090')))
  await db.query(
    `UPDATE drivers SET licence_no = '152101199001010030', licence_class = 'C1', licence_expires_on = '2030-05-01' WHERE driver_id = 1`,
  )
  const drivers = async () =>
    Buffer.from((await exportFile(world, bureau, 'drivers', { format: 'csv' })).toString().replaceAll('甲单位', '乙单位'))
  const { rows } = await db.query<{ id: number }>(`SELECT vehicle_id AS id FROM every_vehicle WHERE plate = '蒙AA8090'`)
  const span = { fromMs: world.clock.nowMs() + 7 * 86_400_000, untilMs: world.clock.nowMs() + 8 * 86_400_000 }
  for (const promised of [{ vehicleId: rows[0]!.id }, { driverId: 1 }]) await reserve(db, promised, span, 'order:1')
  const moved = (await upload(world, bureau, 'vehicles', vehicles(vehicleRow('蒙AA8090', '乙单位')))).json()
  t.match(moved.problems, [{ row: 2, column: 'userUnit', message: { zh: /order:1.*2026-03-09 12:00:00/ } }])
  t.match((await upload(world, bureau, 'drivers', await drivers())).json().problems, [
    { column: 'unit', message: { en: /booked for “order:1”/ } },
  ])
  t.same(await faults('vehicles', vehicles(vehicleRow('蒙AA8090', '甲单位', { 7: 7 }))), [], 'where it is it may change')
  await release(db, 'order:1')
  t.same(await faults('vehicles', vehicles(vehicleRow('蒙AA8090', '乙单位'))), [])
  t.same(await faults('drivers', await drivers()), [])
})
