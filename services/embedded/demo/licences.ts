// Licences, duty and leave of the demo's drivers. A licence number has the form of an identity number and a right check digit, but its
// first six digits, 99xxxx, name no place of the country: it can belong to nobody.
import { addDays } from '../../domain/days.ts'
import { type LicenceClass, licenceCheckDigit, sizeOf } from '../../domain/licence.ts'
import type { DemoVehicle } from './fleet.ts'
import type { DemoDriver } from './people.ts'
import type { Random } from './random.ts'

export type DemoLicence = {
  driverId: number
  licenceNo: string
  licenceClass: string
  issuedOn: string
  expiresOn: string
  suspended: boolean
}
export type DemoShift = { driverId: number; weekdays: number; startMinute: number; endMinute: number; fromDay: string }
export type DemoLeave = { driverId: number; kind: 'annual' | 'sick' | 'personal' | 'training'; fromDay: string; untilDay: string }

const FIRST_DAY = '2026-01-01'
/** Days over which leave is spread, so that some are on leave on any day of the demo. */
const LEAVE_DAYS = 730

/** Nobody's licence is younger than this, or some would end before they began. */
const LAST_ISSUE = '2025-12-31'
const earlier = (a: string, b: string) => (a < b ? a : b)

const pad = (n: number, width: number) => String(n).padStart(width, '0')

export function buildLicences(drivers: readonly DemoDriver[], fleet: readonly DemoVehicle[], random: Random): DemoLicence[] {
  return drivers.map(({ driverId, vehicleId }) => {
    const vehicle = vehicleId === null ? undefined : fleet[vehicleId - 1]
    const born = addDays('1966-01-01', random.int(0, 37 * 365))
    const seventeen = `99${pad(Math.floor(driverId / 1000), 4)}${born.replaceAll('-', '')}${pad(driverId % 1000, 3)}`
    // Most licences are renewed in time; a few have just run out, as in life.
    const expiresOn = addDays(FIRST_DAY, random.next() < 0.01 ? random.int(120, 420) : random.int(420, 2900))
    return {
      driverId,
      licenceNo: seventeen + licenceCheckDigit(seventeen),
      licenceClass: classFor(vehicle, random),
      issuedOn: earlier(addDays(born, 365 * 18 + random.int(100, 2500)), LAST_ISSUE),
      expiresOn,
      suspended: random.next() < 0.006,
    }
  })
}

function classFor(vehicle: DemoVehicle | undefined, random: Random): LicenceClass {
  const size = vehicle ? sizeOf({ bodyType: null, seats: vehicle.seats }) : 'small'
  if (size === 'large') return 'A1'
  if (size === 'medium') return random.next() < 0.3 ? 'A1' : 'B1'
  const common: (readonly [LicenceClass, number])[] = [
    ['C1', 74],
    ['B2', 9],
    ['B1', 6],
    ['A1', 4],
    ['A2', 3],
  ]
  return random.weighted(vehicle?.energy === 'electric' ? [...common, ['C2', 6] as const] : common)
}

/** One in twenty works by shifts of the week; everyone else the office hours of the unit. */
export function buildDuty(drivers: readonly DemoDriver[], random: Random): { shifts: DemoShift[]; leaves: DemoLeave[] } {
  const shifts: DemoShift[] = []
  const leaves: DemoLeave[] = []
  for (const { driverId } of drivers) {
    if (random.next() < 0.05) {
      // Day and night in turn: three days a week from the morning, or two nights.
      const night = random.next() < 0.5
      const weekdays = night ? 0b0100100 << random.int(0, 1) : 0b0010101 << random.int(0, 2)
      shifts.push({ driverId, weekdays, startMinute: night ? 1050 : 450, endMinute: night ? 1950 : 1140, fromDay: FIRST_DAY })
    }
    if (random.next() < 0.1) {
      const fromDay = addDays(FIRST_DAY, random.int(0, LEAVE_DAYS))
      const kind = random.weighted([
        ['annual', 6],
        ['sick', 2],
        ['personal', 1],
        ['training', 1],
      ] as const)
      leaves.push({ driverId, kind, fromDay, untilDay: addDays(fromDay, random.int(0, 9)) })
    }
  }
  return { shifts, leaves }
}
