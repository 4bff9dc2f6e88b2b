// What still stands between a right password and the work, judged from the account as it is now.
// Order: prove the second factor, or show the code of another person where one is needed, change the password, enrol a second factor, read the notice.
import type { SignInStep } from '../../contracts/api/identity.ts'
import type { ErrorCode } from '../../contracts/errors.ts'
import { DAY_MS } from '../../domain/days.ts'
import type { Role } from '../../domain/permissions.ts'
import { alwaysSecondFactorRoles, type SecurityLimits } from '../../domain/securityPolicy.ts'
import type { Queryable } from '../../platform/db.ts'

export type Standing = {
  role: Role
  demo: boolean
  enrolled: boolean
  mustChangePassword: boolean
  passwordSetAtMs: number | null
  /** The password was given by somebody else, and so somebody else may know it. */
  passwordGiven: boolean
  /** The second factor was taken off, or became necessary, by what somebody else did. */
  unproven: boolean
  /** The notice in force that this account has not acknowledged, where its position is shown. */
  dueNoticeId: number | null
}

/** The password's end; null where it has none (demo accounts, whose password everybody knows). */
export function passwordEndMs(
  { demo, passwordSetAtMs }: Pick<Standing, 'demo' | 'passwordSetAtMs'>,
  limits: SecurityLimits,
): number | null {
  return demo || passwordSetAtMs === null ? null : passwordSetAtMs + limits.maxAgeDays * DAY_MS
}

/** `demoTotp`: demo accounts need a second factor too. */
export function needsSecondFactor({ role, demo }: Pick<Standing, 'role' | 'demo'>, limits: SecurityLimits, demoTotp: boolean): boolean {
  if (demo && !demoTotp) return false
  return alwaysSecondFactorRoles.includes(role) || limits.secondFactorRoles.includes(role)
}

/** What a session has proven, and what it came by. `binds`: it is to bind an issuer's subject that is not bound yet. */
export type Passed = { factor: boolean; vouched: boolean; method: 'password' | 'oidc'; binds: boolean }

/** Does this entrance take another person's code? What the session has proven already is as good. */
export function needsEntryCode({ passwordGiven, unproven }: Pick<Standing, 'passwordGiven' | 'unproven'>, passed: Passed): boolean {
  if (passed.factor || passed.vouched) return false
  return (passed.method === 'password' && passwordGiven) || unproven || passed.binds
}

export function decideStep(standing: Standing, passed: Passed, limits: SecurityLimits, demoTotp: boolean, nowMs: number): SignInStep {
  const endMs = passwordEndMs(standing, limits)
  if (standing.enrolled && !passed.factor) return 'totp'
  if (needsEntryCode(standing, passed)) return 'entry'
  if (passed.method === 'password' && (standing.mustChangePassword || (endMs !== null && endMs <= nowMs))) return 'password'
  if (!standing.enrolled && needsSecondFactor(standing, limits, demoTotp)) return 'enrol'
  if (standing.dueNoticeId !== null) return 'notice'
  return 'open'
}

/** How a session that has a step to do is refused everything else. */
export const refusalOfStep = {
  totp: 'TOTP_REQUIRED',
  entry: 'ENTRY_CODE_REQUIRED',
  password: 'PASSWORD_CHANGE_REQUIRED',
  enrol: 'TOTP_ENROLMENT_REQUIRED',
  notice: 'NOTICE_REQUIRED',
} as const satisfies Record<Exclude<SignInStep, 'open'>, ErrorCode>

/** The newest notice in force. */
const currentNotice = (at: string): string =>
  `(SELECT n.notice_id FROM notices n WHERE n.effective_from <= ${at} ORDER BY n.effective_from DESC, n.notice_id DESC LIMIT 1)`

export async function readStanding(db: Queryable, accountId: number, nowMs: number): Promise<Standing> {
  const { rows } = await db.query(
    `SELECT a.role, a.demo, a.must_change_password, a.password_set_at, a.password_by, a.unproven_by, f.account_id IS NOT NULL AS enrolled,
            CASE WHEN a.role = 'driver' OR a.driver_id IS NOT NULL THEN
              (SELECT now_in_force.notice_id FROM ${currentNotice('$2')} AS now_in_force
               WHERE NOT EXISTS (SELECT FROM notice_acknowledgements k WHERE k.account_id = a.account_id AND k.notice_id = now_in_force.notice_id))
            END AS due_notice
     FROM accounts a LEFT JOIN second_factors f USING (account_id) WHERE a.account_id = $1`,
    [accountId, new Date(nowMs)],
  )
  const row = rows[0]!
  return {
    role: row.role as Role,
    demo: row.demo as boolean,
    enrolled: row.enrolled as boolean,
    mustChangePassword: row.must_change_password as boolean,
    passwordSetAtMs: (row.password_set_at as Date | null)?.getTime() ?? null,
    passwordGiven: row.password_by !== null,
    unproven: row.unproven_by !== null,
    dueNoticeId: row.due_notice as number | null,
  }
}
