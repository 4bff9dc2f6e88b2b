// Personal numbers by role: a telephone in clear only for those who must be able to ring, a licence number only for those who keep the
// driver's file. Everyone else sees enough to tell two people apart and no more.
import type { Role } from './permissions.ts'

const personalNumbers = ['phone', 'licence'] as const
export type PersonalNumber = (typeof personalNumbers)[number]

/** Who sees which number in clear. A role that is not named sees it masked. */
const clearFor: Record<PersonalNumber, readonly Role[]> = {
  // The administrators of accounts see telephones masked too: they confirm a person by the last digits.
  phone: ['bureau_admin', 'dispatcher', 'fleet_manager'],
  licence: ['bureau_admin', 'fleet_manager'],
}

const seesClear = (role: Role, kind: PersonalNumber): boolean => clearFor[kind].includes(role)

/** 13812340000 → 138****0000. Too short to keep both ends: stars alone. */
export const maskPhone = (phone: string): string => (phone.length < 8 ? '****' : `${phone.slice(0, 3)}****${phone.slice(-4)}`)

/** 152101199001010012 → 1521********0012. Too short to keep both ends: stars alone. */
export const maskLicence = (licence: string): string =>
  licence.length < 12 ? '********' : `${licence.slice(0, 4)}********${licence.slice(-4)}`

const masks: Record<PersonalNumber, (value: string) => string> = { phone: maskPhone, licence: maskLicence }

/** The number as `role` may see it. `own`: it belongs to whoever looks. */
export const shownTo = (role: Role, kind: PersonalNumber, value: string, own = false): string =>
  own || seesClear(role, kind) ? value : masks[kind](value)
