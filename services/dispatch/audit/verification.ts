// Verifies the chain from within the server, for the audit page: one run at a time, in slices with pauses between, so that it takes
// no more than half of the process. Who wants it independent of the server runs `npm run audit:verify`.

import { findUnrecordedActs } from '../../audit/acts.ts'
import { AuditCheck } from '../../audit/check.ts'
import { readAuditBounds, readAuditSlices } from '../../audit/rows.ts'
import type { AuditVerificationState } from '../../contracts/api/audit.ts'
import { refusal } from '../../contracts/refusals.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import type { Logger } from '../../platform/log.ts'
import { type AuditActor, recordAudit } from '../kernel/record.ts'
import type { AuditHeads } from './heads.ts'

const SLICE = 1_000
const SHOWN_FINDINGS = 20

const never: AuditVerificationState = {
  state: 'never',
  startedAt: null,
  endedAt: null,
  from: 0,
  to: 0,
  checked: 0,
  heads: 0,
  unsigned: 0,
  findingCount: 0,
  findings: [],
}

export type VerificationDeps = { db: Database; clock: Clock; log?: Logger | undefined; heads?: AuditHeads | undefined }

export class AuditVerification {
  readonly #deps: VerificationDeps
  #state = never
  #run: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(deps: VerificationDeps) {
    this.#deps = deps
  }

  read(): AuditVerificationState {
    return this.#state
  }

  /** Begins; `last` = only so many records at the end. @throws Refusal CONFLICT while one is running */
  async begin(actor: AuditActor, last: number | undefined): Promise<AuditVerificationState> {
    if (this.#state.state === 'running') throw refusal('CONFLICT', 'body', 'audit.verifying')
    const { db, clock, heads } = this.#deps
    this.#state = { ...never, state: 'running', startedAt: new Date(clock.nowMs()).toISOString() }
    try {
      // Heads before the log: a head that is written meanwhile would know more than the log that was read.
      const signed = heads ? await heads.read() : { heads: [], problems: [] }
      const { first, last: to } = await readAuditBounds(db)
      const from = last === undefined ? Math.min(first, 1) : Math.max(1, to - last + 1)
      this.#state = { ...this.#state, from, to, heads: signed.heads.length }
      this.#run = this.#check(actor, signed)
    } catch (error) {
      this.#state = never
      throw error
    }
    return this.#state
  }

  /** Resolves when what is running has ended. */
  async settled(): Promise<AuditVerificationState> {
    await this.#run
    return this.#state
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#run
  }

  async #check(actor: AuditActor, signed: Awaited<ReturnType<AuditHeads['read']>>): Promise<void> {
    const { db, clock, log, heads } = this.#deps
    const { from, to } = this.#state
    try {
      const check = new AuditCheck({ heads: signed.heads, ...(await this.#before(from)) })
      for await (const slice of readAuditSlices(db, from - 1, to, SLICE)) {
        if (this.#stopped) return
        const begun = performance.now()
        for (const row of await slice.rows()) check.take(row)
        this.#state = { ...this.#state, checked: check.records }
        await pause(performance.now() - begun)
      }
      check.end()
      if (heads && check.lacksHeads(signed.heads)) check.endHeads((await heads.read()).heads)
      const headFindings = signed.problems.map((says) => ({ seq: null, kind: 'head', says }))
      const acts = await findUnrecordedActs(db)
      const actFindings = acts.says.map((says) => ({ seq: null, kind: 'act', says }))
      const findingCount = check.findingCount + headFindings.length + acts.count
      const endedAtMs = clock.nowMs()
      await recordAudit(db, { atMs: endedAtMs, actor, action: 'audit.verify', detail: { from, to, findings: findingCount } })
      this.#state = {
        ...this.#state,
        state: findingCount === 0 ? 'whole' : 'broken',
        endedAt: new Date(endedAtMs).toISOString(),
        unsigned: check.unsigned,
        findingCount,
        findings: [...headFindings, ...actFindings, ...check.findings].slice(0, SHOWN_FINDINGS),
      }
    } catch (error) {
      log?.error({ err: error }, 'the verification of the audit log failed')
      this.#state = { ...this.#state, state: 'failed', endedAt: new Date(clock.nowMs()).toISOString() }
    }
  }

  /** What record `from` is to follow. */
  async #before(from: number): Promise<{ after?: { seq: number; hash: string } }> {
    if (from <= 1) return {}
    const { rows } = await this.#deps.db.query<{ seq: number; hash: string }>(
      `SELECT seq, encode(hash, 'hex') AS hash FROM public.audit_log WHERE seq = $1`,
      [from - 1],
    )
    // Without it the check begins at the wrong record, and says that those before are missing.
    return rows[0] ? { after: rows[0] } : {}
  }
}

/** As long as the work before it took, and at least one turn of the loop. */
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
