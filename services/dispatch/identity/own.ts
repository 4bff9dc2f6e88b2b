// One’s own account: what everyone may see and do about themselves.
import type { AnswerOf } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { act } from '../kernel/act.ts'
import type { Caller, Who } from '../kernel/caller.ts'
import { ofAccount } from '../kernel/persons.ts'
import { sessionRowOf } from './accountList.ts'
import { iso } from './accountRow.ts'
import { listAcknowledged } from './notices.ts'
import type { SignInDeps } from './signIn.ts'
import { needsSecondFactor, passwordEndMs } from './steps.ts'

export async function readOwnAccount(deps: SignInDeps, caller: Caller): Promise<AnswerOf<'getOwnAccount'>> {
  const { db, policies, demoTotp } = deps
  const limits = await policies.limits()
  const { rows } = await db.query(
    `SELECT a.demo, a.password_set_at, a.role_expires_at, f.enrolled_at,
            (SELECT count(*) FROM recovery_codes r WHERE r.account_id = a.account_id AND r.used_at IS NULL) AS codes_left
     FROM accounts a LEFT JOIN second_factors f USING (account_id) WHERE a.account_id = $1`,
    [caller.accountId],
  )
  const row = rows[0]!
  const demo = row.demo as boolean
  const passwordSetAt = row.password_set_at as Date | null
  const endMs = passwordEndMs({ demo, passwordSetAtMs: passwordSetAt?.getTime() ?? null }, limits)
  const { minLength, classes, history, maxAgeDays } = limits
  return {
    username: caller.username,
    displayName: caller.displayName,
    passwordSetAt: iso(passwordSetAt),
    passwordEndsAt: endMs === null ? null : new Date(endMs).toISOString(),
    passwordRules: { minLength, classes, history, maxAgeDays },
    secondFactor: {
      required: needsSecondFactor({ role: caller.role, demo }, limits, demoTotp),
      enrolledAt: iso(row.enrolled_at),
      recoveryCodesLeft: row.codes_left as number,
    },
    roleExpiresAt: iso(row.role_expires_at),
    notices: await listAcknowledged(db, caller.accountId),
  }
}

export async function listOwnSessions({ sessions }: SignInDeps, caller: Caller): Promise<AnswerOf<'listOwnSessions'>> {
  return { rows: (await sessions.listOf(caller.accountId)).map((row) => sessionRowOf(row, caller.session.sessionId)) }
}

/** Ends one of the caller’s sessions, or with no number all but this one. Returns how many ended. */
export async function endOwnSessions({ sessions, ...deps }: SignInDeps, who: Who, only?: number): Promise<number> {
  return act(deps, who, async (step) => {
    const { caller } = step
    const which = only === undefined ? { except: caller.session.tokenHash } : { only }
    const ended = await sessions.endOf(step, caller.accountId, which)
    if (only !== undefined && ended === 0) throw new Refusal('NOT_FOUND')
    step.record(only === undefined ? 'session.end-all' : 'session.end', ofAccount(caller.accountId), { detail: { sessions: ended } })
    return ended
  })
}
