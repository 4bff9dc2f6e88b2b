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
