// Signing in, step by step, and out; and what the web is told about itself.
// A right password opens a session whose step says what is still to do; only a session at 'open' may work.
import type { SignInStepAnswer } from '../../contracts/api/identity.ts'
import type { Account } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { changedMeanwhile, refusal } from '../../contracts/refusals.ts'
import { DAY_MS } from '../../domain/days.ts'
import { permissionsOf } from '../../domain/permissions.ts'
import type { SecurityLimits } from '../../domain/securityPolicy.ts'
import { foldUsername } from '../../domain/username.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import { actAs, type Deed } from '../kernel/act.ts'
import { actorOf, type Caller } from '../kernel/caller.ts'
import { ofAccount } from '../kernel/persons.ts'
import type { AuditActor } from '../kernel/record.ts'
import { endCode, isCode } from './entry.ts'
import { countFailure, forgetOwnFailures, isLocked, type NameKeys, type Place, Turns } from './failures.ts'
import { findNotice } from './notices.ts'
import { hashPassword, isPassword, judgeNewPassword, rememberPassword } from './passwords.ts'
import type { SecurityPolicies } from './policy.ts'
import type { SecondFactors } from './secondFactor.ts'
import type { Origin, Sessions } from './sessions.ts'
import { decideStep, type Passed, passwordEndMs, readStanding, refusalOfStep } from './steps.ts'

const accountOf = (caller: Caller): Account => ({
  username: caller.username,
  displayName: caller.displayName,
  role: caller.role,
  organisation: {
    organisationId: caller.organisation.organisationId,
    name: caller.organisation.name,
    adcode: caller.organisation.adcode,
  },
  permissions: permissionsOf(caller.role),
  livePurpose: caller.session.livePurpose,
  csrfToken: caller.session.csrfToken,
})

export type SignInDeps = {
  db: Database
  clock: Clock
  sessions: Sessions
  policies: SecurityPolicies
  factors: SecondFactors
  names: NameKeys
  demoTotp: boolean
}

/** An account as a sign-in finds it. */
export type Known = {
  account_id: number
  demo: boolean
  username: string
  password_hash: string | null
  role: Caller['role'] | null
  status: string
  role_expires_at: Date | null
}
export const knownColumns = 'account_id, username, password_hash, role, status, role_expires_at, demo'
/** Who tries, from where, and where its failures count. `typed`: the name as it was given. */
type Attempt = { actor: AuditActor; typed: string; address: string | undefined; place: Place }
const attemptOf = (caller: Caller, place: Place = 'second step'): Attempt => ({
  actor: actorOf(caller),
  typed: caller.username,
  address: caller.session.address,
  place,
})
const passwordAgain = (caller: Caller): Attempt => attemptOf(caller, { of: caller.session.address })
type Part = 'password' | 'code' | 'entry' | 'enrolment'
/** The session's token changed: the cookie must be set anew. */
export type Moved = { token: string | undefined; answer: SignInStepAnswer }

export class SignIn {
  readonly #deps: SignInDeps
  readonly #turns = new Turns()

  constructor(deps: SignInDeps) {
    this.#deps = deps
  }

  /**
   * Opens a new session and ends the one the browser had. The session may have steps to do yet: look at its `step`.
   * @throws Refusal BAD_CREDENTIALS, ACCOUNT_LOCKED, ACCOUNT_NOT_ACTIVE
   */
  async signIn(
    username: string,
    password: string,
    previous: Caller | undefined,
    origin: Origin,
  ): Promise<{ token: string; caller: Caller }> {
    return this.#turns.take(foldUsername(username), async () => {
      const { db, policies } = this.#deps
      const account = await findByName(db, username)
      const { address } = origin
      // A name that nobody has may be a password in the wrong field: it is put down nowhere.
      const actor = { username: account?.username ?? '', accountId: account?.account_id ?? null, role: account?.role ?? null }
      const who: Attempt = { actor, typed: username, address, place: { of: address } }
      await this.#refuseLocked(who, 'password')
      if (!(await isPassword(password, account?.password_hash ?? undefined)))
        await this.#fail(who, await policies.limits(), 'BAD_CREDENTIALS', 'password')
      return this.begin(account!, 'password', previous, origin)
    })
  }

  /** Begins the session of an account that has proven itself by password or elsewhere. */
  async begin(
    account: Known,
    method: 'password' | 'oidc',
    previous: Caller | undefined,
    origin: Origin,
    oidcSubject: string | null = null,
  ): Promise<{ token: string; caller: Caller }> {
    const { clock, sessions, policies, demoTotp } = this.#deps
    const nowMs = clock.nowMs()
    const actor: AuditActor = { accountId: account.account_id, username: account.username, role: account.role }
    const expired = account.role_expires_at !== null && account.role_expires_at.getTime() <= nowMs
    if (account.status !== 'active' || expired) {
      const detail = { because: expired ? 'role-expired' : account.status, address: origin.address }
      await this.#act(actor, async ({ record }) => record('session.refused', ofAccount(account.account_id), { detail }))
      throw new Refusal('ACCOUNT_NOT_ACTIVE')
    }
    const limits = await policies.limits()
    const token = await this.#act(actor, async (deed) => {
      const { client } = deed
      // A demo account is anybody's, and whoever is signed in as this very account has proven it already.
      const proven = account.demo || (previous?.session.step === 'open' && previous.accountId === account.account_id)
      if (oidcSubject !== null && proven) await bindSubject(client, account.account_id, oidcSubject)
      const passed: Passed = { factor: false, vouched: false, method, binds: oidcSubject !== null && !proven }
      const step = decideStep(await readStanding(client, account.account_id, nowMs), passed, limits, demoTotp, nowMs)
      if (previous) await sessions.end(deed, previous.session.tokenHash)
      const opened = await sessions.open(client, account.account_id, limits, {
        step,
        method,
        origin,
        oidcSubject: passed.binds ? oidcSubject : null,
      })
      if (step === 'open') {
        await forgetOwnFailures(client, account.account_id, origin.address)
        recordEntry(deed, { method, address: origin.address })
      } else {
        // Whoever knows the password and fails at the rest leaves a trace, too.
        const detail = { step, method, address: origin.address }
        deed.record('session.begin', ofAccount(account.account_id), { detail })
      }
      if (oidcSubject !== null && proven) recordBinding(deed)
      return opened
    })
    const caller = await sessions.find(token)
    // Disabled in this very moment.
    if (!caller) throw new Refusal('ACCOUNT_NOT_ACTIVE')
    return { token, caller }
  }

  async stepOf(caller: Caller): Promise<SignInStepAnswer> {
    const { db, clock, policies } = this.#deps
    const { step, csrfToken } = caller.session
    const { minLength, classes, history, maxAgeDays } = await policies.limits()
    const due = step === 'notice' ? (await readStanding(db, caller.accountId, clock.nowMs())).dueNoticeId : null
    return {
      step,
      csrfToken,
      username: caller.username,
      displayName: caller.displayName,
      passwordRules: { minLength, classes, history, maxAgeDays },
      notice: due === null ? null : await findNotice(db, due),
    }
  }

  /** The account, with the end of its password when that is near. */
  async accountWithNotices(caller: Caller): Promise<Account> {
    const { db, clock, policies } = this.#deps
    const limits = await policies.limits()
    const endMs = passwordEndMs(await readStanding(db, caller.accountId, clock.nowMs()), limits)
    const near = endMs !== null && endMs - clock.nowMs() <= limits.warnDays * DAY_MS
    return { ...accountOf(caller), passwordEndsAt: near ? new Date(endMs).toISOString() : null }
  }

  /** @throws Refusal BAD_CODE, ACCOUNT_LOCKED */
  async passSecondFactor(caller: Caller, code: string): Promise<Moved> {
    if (caller.session.step !== 'totp') throw refusal('CONFLICT', 'body', 'signIn.step')
    return this.#turns.take(foldUsername(caller.username), async () => {
      const kind = await this.#takeCode(caller, code, async (deed) => {
        await deed.client.query('UPDATE sessions SET factor_passed = true WHERE token_hash = $1', [caller.session.tokenHash])
        return this.#advance(deed, caller, { secondFactor: code.length === 6 ? 'code' : 'recovery' })
      })
      return this.#moved(caller, kind)
    })
  }

  /** The code that another person issued. @throws Refusal BAD_CODE, ACCOUNT_LOCKED, CONFLICT when it is not the step */
  async passEntryCode(caller: Caller, code: string): Promise<Moved> {
    const { db, clock, policies } = this.#deps
    const { step, tokenHash } = caller.session
    if (step !== 'entry') throw refusal('CONFLICT', 'body', 'signIn.step')
    return this.#turns.take(foldUsername(caller.username), async () => {
      const nowMs = clock.nowMs()
      const limits = await policies.limits()
      await this.#refuseLocked(attemptOf(caller), 'entry')
      if (!(await isCode(db, caller.accountId, code, nowMs))) return this.#fail(attemptOf(caller), limits, 'BAD_CODE', 'entry')
      const token = await this.#act(actorOf(caller), async (deed) => {
        await deed.client.query('UPDATE sessions SET vouched = true WHERE token_hash = $1', [tokenHash])
        const token = await this.#advance(deed, caller, { entryCode: true })
        deed.record('entry.pass', ofAccount(caller.accountId))
        return token
      })
      return this.#moved(caller, token)
    })
  }

  /** @throws Refusal BAD_CREDENTIALS, BAD_CODE when outside a sign-in the password (and code) is not right */
  async beginEnrolment(caller: Caller, { password, code }: { password?: string; code?: string }) {
    const { db, factors } = this.#deps
    const { step, tokenHash } = caller.session
    if (step !== 'open' && step !== 'enrol') throw new Refusal(refusalOfStep[step])
    const made = factors.begin(caller.accountId, caller.username)
    const keep = async (client: Queryable) => {
      await client.query('UPDATE sessions SET new_secret = $2 WHERE token_hash = $1', [tokenHash, made.sealed])
    }
    if (step === 'enrol') await keep(db)
    else
      await this.#turns.take(foldUsername(caller.username), async () => {
        await this.#proveAgain(caller, password ?? '')
        const { rows } = await db.query('SELECT 1 FROM second_factors WHERE account_id = $1', [caller.accountId])
        if (rows.length === 0) await keep(db)
        else await this.#takeCode(caller, code ?? '', ({ client }) => keep(client))
      })
    const { secret, uri, qrSvg } = made
    return { secret, uri, qrSvg }
  }

  async confirmEnrolment(caller: Caller, code: string): Promise<Moved & { recoveryCodes: string[] }> {
    const { db, clock, sessions, factors, policies } = this.#deps
    const nowMs = clock.nowMs()
    const { step, tokenHash } = caller.session
    return this.#turns.take(foldUsername(caller.username), async () => {
      const { rows } = await db.query<{ new_secret: Buffer | null }>('SELECT new_secret FROM sessions WHERE token_hash = $1', [tokenHash])
      const sealed = rows[0]?.new_secret
      if (!sealed) throw refusal('CONFLICT', 'body', 'enrolment.notBegun')
      await this.#refuseLocked(attemptOf(caller), 'enrolment')
      const timeStep = await factors.stepOf(caller.accountId, sealed, code, nowMs)
      if (timeStep === undefined) return this.#fail(attemptOf(caller), await policies.limits(), 'BAD_CODE', 'enrolment')
      const { token, recoveryCodes } = await this.#act(actorOf(caller), async (deed) => {
        const recoveryCodes = await factors.enrol(deed.client, caller.accountId, sealed, timeStep, nowMs)
        await deed.client.query('UPDATE sessions SET factor_passed = true, new_secret = NULL WHERE token_hash = $1', [tokenHash])
        await sessions.endOf(deed, caller.accountId, { except: tokenHash })
        const token = step === 'open' ? undefined : await this.#advance(deed, caller, { secondFactor: 'enrolled' })
        deed.record('second-factor.enrol', ofAccount(caller.accountId))
        return { token, recoveryCodes }
      })
      return { ...(await this.#moved(caller, token)), recoveryCodes }
    })
  }

  /** @throws Refusal BAD_CREDENTIALS, VALIDATION_FAILED with the faults of the new password, CONFLICT */
  async changePassword(caller: Caller, currentPassword: string, newPassword: string): Promise<Moved> {
    const { db, sessions, policies } = this.#deps
    const { step, tokenHash } = caller.session
    if (step !== 'open' && step !== 'password') throw new Refusal(refusalOfStep[step])
    const { accountId, username } = caller
    return this.#turns.take(foldUsername(username), async () => {
      const passwordHash = await this.#proveAgain(caller, currentPassword)
      const faults = await judgeNewPassword(db, { accountId, username, passwordHash }, newPassword, await policies.limits())
      if (faults.length > 0)
        throw new Refusal(
          'VALIDATION_FAILED',
          undefined,
          faults.map((message) => ({ path: 'body.newPassword', message })),
        )
      const nextHash = await hashPassword(newPassword)
      const token = await this.#act(actorOf(caller), async (deed) => {
        const { client, nowMs } = deed
        const { rowCount } = await client.query(
          `UPDATE accounts SET password_hash = $3, password_set_at = $4, must_change_password = false, password_by = NULL,
             version = version + 1
           WHERE account_id = $1 AND password_hash = $2`,
          [accountId, passwordHash, nextHash, new Date(nowMs)],
        )
        if (rowCount !== 1) throw changedMeanwhile('body.currentPassword', 'password.changed')
        await rememberPassword(client, accountId, nextHash, nowMs)
        await sessions.endOf(deed, accountId, { except: tokenHash })
        const token = step === 'open' ? undefined : await this.#advance(deed, caller, {})
        deed.record('password.change', ofAccount(accountId))
        return token
      })
      return this.#moved(caller, token)
    })
  }

  async acknowledgeNotice(caller: Caller, noticeId: number): Promise<Moved> {
    if (caller.session.step !== 'notice') throw refusal('CONFLICT', 'body', 'signIn.step')
    const token = await this.#act(actorOf(caller), async (deed) => {
      const { client, nowMs } = deed
      const { dueNoticeId } = await readStanding(client, caller.accountId, nowMs)
      if (dueNoticeId !== noticeId) throw refusal('CONFLICT', 'body.noticeId', 'notice.notDue')
      await client.query(
        'INSERT INTO notice_acknowledgements (account_id, notice_id, at) VALUES ($1, $2, $3) ON CONFLICT (account_id, notice_id) DO NOTHING',
        [caller.accountId, noticeId, new Date(nowMs)],
      )
      const token = await this.#advance(deed, caller, {})
      deed.record('notice.acknowledge', { type: 'notice', id: noticeId })
      return token
    })
    return this.#moved(caller, token)
  }

  async signOut(caller: Caller): Promise<void> {
    await this.#act(actorOf(caller), async (deed) => {
      await this.#deps.sessions.end(deed, caller.session.tokenHash)
      deed.record('session.sign-out', ofAccount(caller.accountId))
    })
  }

  /** Puts on record why this session looks at live positions. */
  async statePurpose(caller: Caller, purpose: string): Promise<Account> {
    // A token has no session to keep it in, and no eyes that look.
    if (caller.apiToken) throw new Refusal('FORBIDDEN')
    await this.#act(actorOf(caller), async ({ client, record }) => {
      await this.#deps.sessions.setLivePurpose(client, caller.session.tokenHash, purpose)
      record('live.purpose', undefined, { reason: purpose })
    })
    return accountOf({ ...caller, session: { ...caller.session, livePurpose: purpose } })
  }

  #act<T>(actor: AuditActor, work: (deed: Deed) => Promise<T>): Promise<T> {
    const { db, clock } = this.#deps
    return actAs({ db, clock }, actor, work)
  }

  /** Judges the session anew and moves it on; at 'open' the sign-in is complete and recorded. Returns the new token, if any. */
  async #advance(deed: Deed, caller: Caller, detail: object): Promise<string | undefined> {
    const { sessions, policies, demoTotp } = this.#deps
    const { client, nowMs } = deed
    const limits = policies.lastLimits!
    const { rows } = await client.query<{
      factor_passed: boolean
      vouched: boolean
      oidc_subject: string | null
      method: 'password' | 'oidc'
      address: string | null
    }>('SELECT factor_passed, vouched, oidc_subject, method, address FROM sessions WHERE token_hash = $1 FOR UPDATE', [
      caller.session.tokenHash,
    ])
    // Ended, or moved on by a twin of this request.
    if (!rows[0]) throw new Refusal('NOT_SIGNED_IN')
    const { factor_passed: factor, vouched, oidc_subject: subject, method, address } = rows[0]
    const passed: Passed = { factor, vouched, method, binds: subject !== null }
    const step = decideStep(await readStanding(client, caller.accountId, nowMs), passed, limits, demoTotp, nowMs)
    // Password and second factor are the owner's own from here on.
    const entered = step === 'notice' || step === 'open'
    if (entered) await settleEntrance(client, caller, { vouched, subject })
    const token = await sessions.advance(client, caller.session.tokenHash, step, limits)
    if (step === 'open') {
      await forgetOwnFailures(client, caller.accountId, address ?? undefined)
      recordEntry(deed, { method, address, ...detail })
    }
    if (entered && subject !== null) recordBinding(deed)
    return token
  }

  /** Checks a code and, in one act, takes it and does `work`. */
  async #takeCode<T>(caller: Caller, code: string, work: (deed: Deed) => Promise<T>): Promise<T> {
    const { clock, factors, policies } = this.#deps
    const nowMs = clock.nowMs()
    const limits = await policies.limits()
    await this.#refuseLocked(attemptOf(caller), 'code')
    const proof = await factors.prove(caller.accountId, code, nowMs)
    const done = proof
      ? await this.#act(actorOf(caller), async (deed) =>
          (await factors.take(deed.client, caller.accountId, proof, nowMs)) ? { value: await work(deed) } : undefined,
        )
      : undefined
    return done ? done.value : this.#fail(attemptOf(caller), limits, 'BAD_CODE', 'code')
  }

  /** The password again, by whoever is signed in already. Returns its hash. */
  async #proveAgain(caller: Caller, password: string): Promise<string> {
    const { db, policies } = this.#deps
    await this.#refuseLocked(passwordAgain(caller), 'password')
    const { rows } = await db.query<{ password_hash: string | null }>('SELECT password_hash FROM accounts WHERE account_id = $1', [
      caller.accountId,
    ])
    const passwordHash = rows[0]?.password_hash ?? undefined
    if (await isPassword(password, passwordHash)) return passwordHash!
    return this.#fail(passwordAgain(caller), await policies.limits(), 'BAD_CREDENTIALS', 'password')
  }

  /** @throws Refusal ACCOUNT_LOCKED, which is on record too: it tells that somebody goes on trying */
  async #refuseLocked({ actor, typed, address, place }: Attempt, part: Part): Promise<void> {
    const { db, clock, names } = this.#deps
    const atMs = clock.nowMs()
    if (!(await isLocked(db, names.of(actor.accountId, typed), place, atMs))) return
    await this.#act(actor, async (deed) => recordAttempt(deed, 'session.refused', { part, because: 'locked', address }))
    throw new Refusal('ACCOUNT_LOCKED')
  }

  /** Counts and records a failure, then refuses. */
  async #fail(
    { actor, typed, address, place }: Attempt,
    limits: SecurityLimits,
    code: 'BAD_CREDENTIALS' | 'BAD_CODE',
    part: Part,
  ): Promise<never> {
    const { names } = this.#deps
    await this.#act(actor, async (deed) => {
      const locked = await countFailure(deed.client, names.of(actor.accountId, typed), place, limits, deed.nowMs)
      recordAttempt(deed, 'session.refused', { part, address })
      if (locked !== 'nothing') recordAttempt(deed, 'session.locked', { part, locked, minutes: limits.lockMinutes, address })
    })
    throw new Refusal(code)
  }

  /** The session after a step, under its new token where it got one. */
  async #moved(caller: Caller, token: string | undefined): Promise<Moved> {
    const { sessions } = this.#deps
    const moved = token ? await sessions.find(token) : await sessions.findByHash(caller.session.tokenHash, false)
    if (!moved) throw new Refusal('NOT_SIGNED_IN')
    return { token, answer: await this.stepOf(moved) }
  }
}

const recordEntry = (deed: Deed, detail: object): void => deed.record('session.sign-in', ofAccount(deed.actor.accountId!), { detail })

/** The account of a name, in whatever letters it was typed. */
export async function findByName(db: Queryable, username: string): Promise<(Known & { oidc_subject: string | null }) | undefined> {
  const { rows } = await db.query<Known & { oidc_subject: string | null }>(
    `SELECT ${knownColumns}, oidc_subject FROM accounts WHERE lower(username) = $1`,
    [foldUsername(username)],
  )
  return rows[0]
}

/** A record about an attempt says of whom it was made on, where it is known. */
function recordAttempt({ actor, record }: Deed, action: 'session.refused' | 'session.locked', detail: object): void {
  if (actor.accountId === null) record(action, undefined, { detail: { ...detail, name: 'unknown' } })
  else record(action, ofAccount(actor.accountId), { detail })
}

/** @throws Refusal CONFLICT when account or subject were bound in between */
async function bindSubject(client: Queryable, accountId: number, subject: string): Promise<void> {
  const { rowCount } = await client.query(
    `UPDATE accounts a SET oidc_subject = $2 WHERE a.account_id = $1 AND a.oidc_subject IS NULL
       AND NOT EXISTS (SELECT FROM accounts b WHERE b.oidc_subject = $2)`,
    [accountId, subject],
  )
  if (rowCount !== 1) throw refusal('CONFLICT', 'query', 'account.oidcTaken')
}

const recordBinding = (deed: Deed): void => deed.record('oidc.bind', ofAccount(deed.actor.accountId!))

/** The owner has entered: the code is used up, and what was waiting to be proven is. Other half-way sessions must prove themselves anew. */
async function settleEntrance(client: Queryable, caller: Caller, { vouched, subject }: { vouched: boolean; subject: string | null }) {
  if (vouched) {
    await endCode(client, caller.accountId)
    await client.query('UPDATE accounts SET unproven_by = NULL WHERE account_id = $1', [caller.accountId])
    await client.query(`UPDATE sessions SET vouched = false WHERE account_id = $1 AND token_hash <> $2 AND step <> 'open'`, [
      caller.accountId,
      caller.session.tokenHash,
    ])
  }
  if (subject === null) return
  await bindSubject(client, caller.accountId, subject)
  await client.query('UPDATE sessions SET oidc_subject = NULL WHERE token_hash = $1', [caller.session.tokenHash])
}
