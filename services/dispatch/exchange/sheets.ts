// The subjects of import and export, one file each.
import type { ExchangeSubject } from '../../contracts/exchange.ts'
import type { Sheet } from './sheet.ts'
import { calendarDays } from './sheets/calendarDays.ts'
import { calendarYears } from './sheets/calendarYears.ts'
import { compounds } from './sheets/compounds.ts'
import { driverDutyDays } from './sheets/driverDutyDays.ts'
import { driverLeaves } from './sheets/driverLeaves.ts'
import { driverLoans } from './sheets/driverLoans.ts'
import { driverShifts } from './sheets/driverShifts.ts'
import { drivers } from './sheets/drivers.ts'
import { drivingLimits } from './sheets/drivingLimits.ts'
import { fuelCards } from './sheets/fuelCards.ts'
import { organisationPast } from './sheets/organisationPast.ts'
import { organisations } from './sheets/organisations.ts'
import { pastPlates } from './sheets/pastPlates.ts'
import { places } from './sheets/places.ts'
import { policies } from './sheets/policies.ts'
import { pools } from './sheets/pools.ts'
import { quotas } from './sheets/quotas.ts'
import { standards } from './sheets/standards.ts'
import { suppliers } from './sheets/suppliers.ts'
import { terminals } from './sheets/terminals.ts'
import { vehicles } from './sheets/vehicles.ts'
import { workingHours } from './sheets/workingHours.ts'

const bySubject: Record<ExchangeSubject, Sheet> = {
  organisations,
  organisationPast,
  places,
  compounds,
  pools,
  standards,
  policies,
  quotas,
  suppliers,
  vehicles,
  pastPlates,
  terminals,
  drivers,
  driverLoans,
  driverShifts,
  driverDutyDays,
  driverLeaves,
  drivingLimits,
  fuelCards,
  calendarYears,
  calendarDays,
  workingHours,
}

export const sheets: readonly Sheet[] = Object.values(bySubject)
export const sheetOf = (subject: ExchangeSubject): Sheet => bySubject[subject]
