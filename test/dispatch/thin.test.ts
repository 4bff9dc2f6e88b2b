import t from 'tap'
import { putState } from './region.ts'
import { ask, openRegion, startWorld } from './world.ts'

t.test('someone signs in, lists the vehicles of the scope and reads one', async (t) => {
  const db = await openRegion(t)
  await putState(db, { vehicleId: 202, speedDkph: 455, flags: 1 })
  const world = await startWorld(t, db)
  const manager = await world.signIn('fleet_manager')
  const list = await ask(world, 'listVehicles', manager)
  t.equal(list.status, 200, list.body)
  t.same(
    list.json().rows.map(({ plate, status }) => [plate, status]),
    [
      ['蒙AA0202', 'moving'],
      ['蒙AD12345', 'offline'],
    ],
  )
  const vehicle = await ask(world, 'getVehicle', manager, { params: { vehicleId: 202 } })
  t.equal(vehicle.status, 200, vehicle.body)
  t.match(vehicle.json(), { driver: { phone: '138****0001' }, last: { speedKph: 45.5 }, registeredOn: '2022-05-01' })
})
