// The limits of sign-in and passwords, as the security administrator sets them: rows with a date, never constants.
import { z } from 'zod'
import { type Role, roles } from './permissions.ts'

/** Six months, the longest six there are being 184 days. */
const MIN_AUDIT_KEEP_DAYS = 184

const whole = (min: number, max: number) => z.int().min(min).max(max)

export const securityLimitsSchema = z.object({
  minLength: whole(10, 64),
  /** Of small letters, capitals, digits and signs. */
  classes: whole(2, 4),
  /** So many of the last passwords may not come again. */
  history: whole(1, 24),
  maxAgeDays: whole(1, 365),
  /** From so many days before its end on, a password's end is announced. */
  warnDays: whole(0, 60),
  lockAfterFailures: whole(3, 20),
  lockMinutes: whole(1, 1440),
  idleMinutes: whole(5, 240),
  absoluteHours: whole(1, 24),
  tokenMaxDays: whole(1, 365),
  /** Audit records are kept at least so long: six months or more. Nothing in the product removes one (docs/decisions/0010). */
  auditKeepDays: whole(MIN_AUDIT_KEEP_DAYS, 36_500),
  /** Roles that sign in with a second factor. */
  secondFactorRoles: z.array(z.enum(roles)).max(roles.length),
})
export type SecurityLimits = z.infer<typeof securityLimitsSchema>

/** Administrators and auditors always need a second factor; a policy cannot take it from them. */
export const alwaysSecondFactorRoles: readonly Role[] = ['system_admin', 'security_admin', 'audit_admin', 'bureau_admin', 'inspector']

export const passwordFaults = ['too-short', 'too-few-classes', 'holds-user-name', 'too-common', 'used-before'] as const
export type PasswordFault = (typeof passwordFaults)[number]

/** Passwords that everybody tries first, in small letters and without signs around them. */
const worst = [
  'password',
  'passw0rd',
  'p@ssw0rd',
  '1234567890',
  '0123456789',
  '12345678',
  'qwertyuiop',
  'qwerty123',
  '1q2w3e4r5t',
  '1qaz2wsx3edc',
  'abc123456',
  'iloveyou',
  'admin123',
  'administrator',
  'woaini1314',
  'a123456789',
  'zaq12wsx',
  'changeme',
  'welcome123',
  'morin2026',
]

const classesOf = (password: string): number => [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(password)).length

/** What is wrong with a new password, beside having been used before, which only the server can tell. Empty when it will do. */
export function faultsOf(password: string, username: string, limits: Pick<SecurityLimits, 'minLength' | 'classes'>): PasswordFault[] {
  const faults: PasswordFault[] = []
  const plain = password.toLowerCase()
  // A worst one with a year and a sign behind it is as bad; so is one character again and again.
  const core = plain.replace(/^[^a-z\d]+|[^a-z\d]+$/g, '')
  if ([...password].length < limits.minLength) faults.push('too-short')
  if (classesOf(password) < limits.classes) faults.push('too-few-classes')
  if (username.length >= 3 && plain.includes(username.toLowerCase())) faults.push('holds-user-name')
  if (new Set(plain).size < 5 || worst.some((each) => core === each || core.replace(/\d{1,4}$/, '') === each)) faults.push('too-common')
  return faults
}
