// The whole demo region from one seed number: pure data, the same every time.
import { buildFleet, type DemoVehicle } from './fleet.ts'
import { buildLedger, type DemoLedger } from './ledger.ts'
import { buildDuty, buildLicences, type DemoLeave, type DemoLicence, type DemoShift } from './licences.ts'
import { buildOrganisations, type DemoOrganisation } from './organisations.ts'
import { buildAccounts, buildDrivers, type DemoAccount, type DemoDriver } from './people.ts'
import { buildFuelCards, buildPlaces, buildSuppliers, type DemoFuelCard, type DemoPlace, type DemoSupplier } from './places.ts'
import { createRandom } from './random.ts'
import { chooseSecrets } from './secrets.ts'
import { buildTerms, type DemoTerms } from './terms.ts'

export type DemoRegion = {
  seed: number
  organisations: DemoOrganisation[]
  fleet: DemoVehicle[]
  drivers: DemoDriver[]
  accounts: DemoAccount[]
  ledger: DemoLedger
  licences: DemoLicence[]
  duty: { shifts: DemoShift[]; leaves: DemoLeave[] }
  places: DemoPlace[]
  suppliers: DemoSupplier[]
  fuelCards: DemoFuelCard[]
  terms: DemoTerms
  /** Sensitive vehicles, by number. */
  secrets: number[]
}

/** Registration dates are counted back from this day, so that the seed alone decides. */
const REFERENCE_DAY = new Date('2026-01-01T00:00:00Z')
/** What runs out is spread over the year from this day on. */
const EXPIRY_DAY = new Date('2026-12-01T00:00:00Z')

export function buildRegion(seed: number): DemoRegion {
  const organisations = buildOrganisations(createRandom(seed))
  const fleet = buildFleet(organisations, createRandom(seed + 1), REFERENCE_DAY)
  const drivers = buildDrivers(fleet, createRandom(seed + 2))
  const places = buildPlaces(organisations, createRandom(seed + 20))
  const suppliers = buildSuppliers(organisations, places, createRandom(seed + 21))
  const accounts = buildAccounts(organisations, drivers)
  return {
    seed,
    organisations,
    fleet,
    drivers,
    accounts,
    ledger: buildLedger(organisations, fleet, places, suppliers, createRandom(seed + 30), EXPIRY_DAY),
    licences: buildLicences(drivers, fleet, createRandom(seed + 22)),
    duty: buildDuty(drivers, createRandom(seed + 23)),
    places,
    suppliers,
    fuelCards: buildFuelCards(organisations, fleet, suppliers, createRandom(seed + 24)),
    terms: buildTerms(organisations, fleet, suppliers, createRandom(seed + 25)),
    secrets: chooseSecrets(fleet, accounts, createRandom(seed + 40)),
  }
}
