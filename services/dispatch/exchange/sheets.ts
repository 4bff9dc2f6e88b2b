// The subjects of import and export, one file each.
import type { ExchangeSubject } from '../../contracts/exchange.ts'
import type { Sheet } from './sheet.ts'
import { drivers } from './sheets/drivers.ts'
import { fuelCards } from './sheets/fuelCards.ts'
import { organisations } from './sheets/organisations.ts'
import { quotas } from './sheets/quotas.ts'
import { suppliers } from './sheets/suppliers.ts'
import { terminals } from './sheets/terminals.ts'
import { vehicles } from './sheets/vehicles.ts'

const bySubject: Record<ExchangeSubject, Sheet> = { organisations, quotas, suppliers, vehicles, terminals, drivers, fuelCards }

export const sheets: readonly Sheet[] = Object.values(bySubject)
export const sheetOf = (subject: ExchangeSubject): Sheet => bySubject[subject]
