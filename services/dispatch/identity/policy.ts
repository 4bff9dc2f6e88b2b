// The security policy in force: the row with the latest date that has come. Read often and changed rarely, so a copy is kept for seconds.
import type { AnswerOf } from '../../contracts/api.ts'
import { changedMeanwhile, refusal } from '../../contracts/refusals.ts'
import { alwaysSecondFactorRoles, type SecurityLimits, securityLimitsSchema } from '../../domain/securityPolicy.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Row } from '../../platform/db.ts'
import { POLICY_LOCK } from '../../platform/locks.ts'
import { type Act, act } from '../kernel/act.ts'
import { holdsRegion, type Who } from '../kernel/caller.ts'
import type { Call } from '../routes.ts'

type PolicyRow = AnswerOf<'getSecurityPolicy'>['current']

/** Another instance learns of a new policy this late at most. */
const COPY_MS = 5_000

const columns = `p.policy_id, p.effective_from, p.limits, p.set_at, p.reason, a.username AS set_by
  FROM security_policies p LEFT JOIN accounts a ON a.account_id = p.set_by`

export class SecurityPolicies {
  readonly #db: Database
  readonly #clock: Clock
  #copy: { limits: SecurityLimits; readAtMs: number } | undefined

  constructor(db: Database, clock: Clock) {
    this.#db = db
    this.#clock = clock
  }

  async limits(): Promise<SecurityLimits> {
    const nowMs = this.#clock.nowMs()
    const age = this.#copy && Math.abs(nowMs - this.#copy.readAtMs)
    if (age === undefined || age > COPY_MS) this.#copy = { limits: (await this.#current(nowMs)).limits, readAtMs: nowMs }
    return this.#copy!.limits
  }

  /** The limits of the last reading, for what cannot wait. */
  get lastLimits(): SecurityLimits | undefined {
    return this.#copy?.limits
  }

  async read(): Promise<AnswerOf<'getSecurityPolicy'>> {
    const { rows } = await this.#db.query(`SELECT ${columns} ORDER BY p.effective_from DESC, p.policy_id DESC LIMIT 100`)
    return { current: await this.#current(this.#clock.nowMs()), rows: rows.map(policyOf) }
  }

  /** @throws Refusal FORBIDDEN for whom the whole region is not the scope, CONFLICT when someone set another policy since `basedOn`. */
  async set(who: Who, { basedOn, effectiveFrom, limits, reason }: Call<'setSecurityPolicy'>['body']): Promise<PolicyRow> {
    if (!holdsRegion(who.caller)) throw refusal('FORBIDDEN', 'body', 'policy.regionOnly')
    if (alwaysSecondFactorRoles.some((role) => !limits.secondFactorRoles.includes(role)))
      throw refusal('VALIDATION_FAILED', 'body.limits.secondFactorRoles', 'policy.administrators')
    const set = async ({ client, caller, nowMs, record }: Act) => {
      const fromMs = effectiveFrom ? Date.parse(effectiveFrom) : nowMs
      if (fromMs < nowMs) throw refusal('VALIDATION_FAILED', 'body.effectiveFrom', 'time.past')
      const { rows: newest } = await client.query('SELECT policy_id, limits FROM security_policies ORDER BY policy_id DESC LIMIT 1')
      if (newest[0]!.policy_id !== basedOn) throw changedMeanwhile('body.basedOn')
      const { rows } = await client.query<{ policy_id: number }>(
        `INSERT INTO security_policies (effective_from, limits, set_at, set_by, reason) VALUES ($1, $2, $3, $4, $5) RETURNING policy_id`,
        [new Date(fromMs), JSON.stringify(limits), new Date(nowMs), caller.accountId, reason],
      )
      const id = rows[0]!.policy_id
      record(
        'policy.set',
        { type: 'policy', id },
        {
          before: newest[0]!.limits as object,
          after: { ...limits, effectiveFrom: new Date(fromMs).toISOString() },
          reason,
        },
      )
      return id
    }
    const policyId = await act({ db: this.#db, clock: this.#clock }, who, set, POLICY_LOCK)
    this.#copy = undefined
    const { rows } = await this.#db.query(`SELECT ${columns} WHERE p.policy_id = $1`, [policyId])
    return policyOf(rows[0]!)
  }

  async #current(nowMs: number): Promise<PolicyRow> {
    const { rows } = await this.#db.query(
      `SELECT ${columns} WHERE p.effective_from <= $1 ORDER BY p.effective_from DESC, p.policy_id DESC LIMIT 1`,
      [new Date(nowMs)],
    )
    return policyOf(rows[0]!)
  }
}

const policyOf = (row: Row): PolicyRow => ({
  policyId: row.policy_id as number,
  effectiveFrom: (row.effective_from as Date).toISOString(),
  limits: securityLimitsSchema.parse(row.limits),
  setAt: (row.set_at as Date).toISOString(),
  setBy: row.set_by as string | null,
  reason: row.reason as string,
})
