// The demo's drivers, places, suppliers and cards keep the laws that the ledger holds everyone to; and the national calendar.
import t from 'tap'
import { findLicenceClasses, isAutomatic, isLicenceNo, qualifies, sizeOf } from '../../services/domain/licence.ts'
import { findShapeProblem } from '../../services/domain/places.ts'
import { buildRegion } from '../../services/embedded/demo/region.ts'
import { listNationalDays } from '../../services/platform/nationalCalendar.ts'

const region = buildRegion(1)

t.test('every driver has a licence in good form that no one can hold, and may drive the usual vehicle', async (t) => {
  t.equal(new Set(region.licences.map((row) => row.licenceNo)).size, region.drivers.length)
  t.ok(region.licences.every((row) => isLicenceNo(row.licenceNo) && row.licenceNo.startsWith('99')))
  t.ok(region.licences.every((row) => row.issuedOn < row.expiresOn))
  for (const { vehicleId, driverId } of region.drivers) {
    const vehicle = region.fleet[vehicleId! - 1]!
    const classes = findLicenceClasses(region.licences[driverId - 1]!.licenceClass)!
    const size = sizeOf({ bodyType: null, seats: vehicle.seats })
    if (qualifies(classes, size, isAutomatic(vehicle.energy)) !== 'qualified') t.fail(`driver ${driverId} and vehicle ${vehicleId}`)
  }
})

t.test('places have sound shapes near their unit, and suppliers and cards hang on what there is', async (t) => {
  for (const place of region.places) {
    const shape = place.ring
      ? { type: 'polygon' as const, ring: place.ring }
      : { type: 'circle' as const, centre: place.centre, radiusM: place.radiusM! }
    t.equal(findShapeProblem(shape, place.kind), null, place.name)
  }
  t.equal(new Set(region.fuelCards.map((card) => card.cardNo)).size, region.fuelCards.length)
  t.equal(new Set(region.fuelCards.map((card) => card.vehicleId)).size, region.fuelCards.length, 'one card, one vehicle')
  t.ok(region.fuelCards.every((card) => region.fleet[card.vehicleId - 1]!.energy !== 'electric'))
  t.ok(region.fuelCards.every((card) => region.suppliers[card.supplierId - 1]!.kinds.includes('fuel')))
  t.ok(region.suppliers.every((row) => row.placeId === null || region.places[row.placeId - 1]!.organisationId === row.organisationId))
})

t.test('the national calendar knows 2026 with its worked weekends, and nothing of 2027', async (t) => {
  const days = listNationalDays(2026)
  t.same(
    days.filter((row) => row.kind === 'makeup').map((row) => row.day),
    ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
  )
  t.equal(days.filter((row) => row.kind === 'holiday').length, 33)
  t.same(listNationalDays(2027), [])
})
