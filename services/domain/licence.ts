// Which licence may drive which vehicle: 机动车驾驶证申领和使用规定 (公安部令第162号, 2021), annex 1 准驾车型及代号, for the vehicles
// of a government fleet. Sizes follow GA 802-2019: small ≤ 9 seats, medium 10–19, large ≥ 20 (the length of six metres is not in the ledger).
import { z } from 'zod'

export const licenceClasses = ['A1', 'A2', 'A3', 'B1', 'B2', 'C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'D', 'E', 'F', 'M', 'N', 'P'] as const
export type LicenceClass = (typeof licenceClasses)[number]

/** `truck`: its weight is not in the ledger, so only a licence for every weight will do. */
export const vehicleSizes = ['small', 'medium', 'large', 'truck'] as const
export type VehicleSize = (typeof vehicleSizes)[number]

/** What each class may drive; a class that is not here drives no car. C2 and C5 drive automatics only. */
const drives: Partial<Record<LicenceClass, readonly VehicleSize[]>> = {
  A1: ['small', 'medium', 'large', 'truck'],
  A2: ['small', 'medium', 'truck'],
  A3: ['small'],
  B1: ['small', 'medium'],
  B2: ['small', 'truck'],
  C1: ['small'],
  C2: ['small'],
}
const automaticOnly: readonly LicenceClass[] = ['C2']

const CLASS = /A[123]|B[12]|C[1-6]|[DEFMNP]/g

/** "A1A2" → [A1, A2]; undefined when it is no sequence of different classes. */
export function findLicenceClasses(text: string): LicenceClass[] | undefined {
  const found = text.match(CLASS) ?? []
  return found.length > 0 && found.join('') === text && new Set(found).size === found.length ? (found as LicenceClass[]) : undefined
}

export const licenceClassSchema = z
  .string()
  .trim()
  .toUpperCase()
  .max(12)
  .refine(
    (text) => findLicenceClasses(text) !== undefined,
    '准驾车型不正确：应为 A1、B1、C1、C2 等代号，可并列如 A1A2 / no licence class such as A1, B1, C1, C2 or A1A2',
  )

/**
 * The digit at the end of a licence number, which is the holder's identity number: GB 11643-1999, ISO 7064 MOD 11-2.
 * @param seventeen the digits before it
 */
export function licenceCheckDigit(seventeen: string): string {
  let sum = 0
  for (let i = 0; i < 17; i++) sum += Number(seventeen[i]) * (2 ** (17 - i) % 11)
  return '10X98765432'[sum % 11]!
}

export function isLicenceNo(text: string): boolean {
  if (!/^\d{17}[\dX]$/.test(text) || licenceCheckDigit(text) !== text[17]) return false
  const born = `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`
  return z.iso.date().safeParse(born).success
}

export const licenceNoSchema = z
  .string()
  .trim()
  .toUpperCase()
  .refine(isLicenceNo, '驾驶证号不正确：应为18位，末位校验码须相符 / no licence number: 18 characters whose last one checks the others')

/** The size that a vehicle's licence is judged by. 专用客车 (police cars, ambulances) go by their seats like any other. */
export function sizeOf({ bodyType, seats }: { bodyType: string | null; seats: number }): VehicleSize {
  if (bodyType === 'truck') return 'truck'
  return seats <= 9 ? 'small' : seats <= 19 ? 'medium' : 'large'
}

/** An electric motor needs no gears; of anything else the ledger does not say. */
export const isAutomatic = (energy: string): boolean | null => (energy === 'electric' || energy === 'plug_in_hybrid' ? true : null)

export type Qualification = 'qualified' | 'wrong_class' | 'gearbox_unknown'

/** May a holder of `classes` drive this vehicle? `automatic` null = the ledger does not say, and then C2 alone is not enough. */
export function qualifies(classes: readonly LicenceClass[], size: VehicleSize, automatic: boolean | null): Qualification {
  const fitting = classes.filter((licence) => drives[licence]?.includes(size))
  if (fitting.length === 0) return 'wrong_class'
  if (automatic === true || fitting.some((licence) => !automaticOnly.includes(licence))) return 'qualified'
  return automatic === null ? 'gearbox_unknown' : 'wrong_class'
}

/** The classes of which one is enough for a vehicle of this size, for a sentence that says what is missing. */
export const classesFor = (size: VehicleSize): LicenceClass[] => licenceClasses.filter((licence) => drives[licence]?.includes(size))
