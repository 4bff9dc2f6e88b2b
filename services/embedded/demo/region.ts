// The whole demo region from one seed number: pure data, the same every time.
import { buildFleet, type DemoVehicle } from './fleet.ts'
import { buildOrganisations, type DemoOrganisation } from './organisations.ts'
import { buildAccounts, buildDrivers, type DemoAccount, type DemoDriver } from './people.ts'
import { createRandom } from './random.ts'

export type DemoRegion = {
  seed: number
  organisations: DemoOrganisation[]
  fleet: DemoVehicle[]
  drivers: DemoDriver[]
  accounts: DemoAccount[]
}

/** Registration dates are counted back from this day, so that the seed alone decides. */
const REFERENCE_DAY = new Date('2026-01-01T00:00:00Z')

export function buildRegion(seed: number): DemoRegion {
  const organisations = buildOrganisations(createRandom(seed))
  const fleet = buildFleet(organisations, createRandom(seed + 1), REFERENCE_DAY)
  const drivers = buildDrivers(fleet, createRandom(seed + 2))
  return { seed, organisations, fleet, drivers, accounts: buildAccounts(organisations, drivers) }
}
