// The health answer: what runs, what is wrong in sentences, and the conservation counters.
// It is public and sums a table, so one reading serves everybody who asks within a second.
import type { AnswerOf } from '../../contracts/api.ts'
import { faultSentence, type HealthFault } from '../../contracts/healthFaults.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import { DatabaseSilent } from '../../platform/deadline.ts'
import { faultsOfWatches, readSilentWatches, type SilentWatch } from './accountWatches.ts'
import { totalConservation } from './conservation.ts'
import { isLow, readDisk } from './disk.ts'
import { faultsOfSessions, readUnattended, type UnattendedSession } from './sessions.ts'
import { judgeStorageJobs, readStorageJobs, type StorageJobs } from './storageJobs.ts'

export type Health = AnswerOf<'getHealth'>
export type LiveFigures = Health['live'] & { brokerConnected: boolean; online: number; frames: number }

const DATABASE_WAIT_MS = 2_000
/** A database that answered within this time and is late now is slow, not gone; until it has answered once it is waited for as long. */
const GONE_AFTER_MS = 15_000
const KEEP_MS = 1_000
/** The jobs run by the hour. */
const KEEP_JOBS_MS = 10_000
/** Vehicles are not yet offline and nothing was stored for this long: something stands between them and the database. */
const SILENT_MS = 5 * 60_000

type Stored = {
  sessions: UnattendedSession[]
  watches: SilentWatch[]
  conservation: Health['conservation']
  lastCommitAt: Date | null
  mayRewrite: boolean
  jobs: StorageJobs
}

export type HealthSources = {
  db: Database
  clock: Clock
  version: string
  databaseKind: Health['database']
  dataDirectory: string | undefined
  live: () => LiveFigures
  /** What holding the counters against the rows has found so far. */
  rows: () => Health['rows']
  /** Messages that the broker holds; null when it does not say. */
  held: () => { now: number; least: number } | null
  /** What is wrong with the signed heads of the audit log, if anything. */
  auditProblem?: () => string | undefined
  /** Since when the router of travel times does not answer as it should; null: it does, or there is none. */
  routerFailingSince?: () => number | null
}

export class HealthReader {
  readonly #sources: HealthSources
  readonly #startedAt: string
  #versions: { postgres: string; timescaledb: string } | undefined
  #kept: { untilMs: number; health: Promise<Health> } | undefined
  /** One reading at a time: a slow database is not made slower by those who ask how it is. */
  #reading: Promise<Stored | 'late' | undefined> | undefined
  #jobs: { untilMs: number; jobs: StorageJobs } | undefined
  #last: { stored: Stored; atMs: number } | undefined

  constructor(sources: HealthSources) {
    this.#sources = sources
    this.#startedAt = new Date(sources.clock.nowMs()).toISOString()
  }

  /** Live frames received since the start. */
  get frames(): number {
    return this.#sources.live().frames
  }

  read(): Promise<Health> {
    const nowMs = this.#sources.clock.nowMs()
    if (!this.#kept || this.#kept.untilMs <= nowMs) this.#kept = { untilMs: nowMs + KEEP_MS, health: this.#judge() }
    return this.#kept.health
  }

  async #judge(): Promise<Health> {
    const { clock, version, databaseKind, dataDirectory, live, rows: readRows, held } = this.#sources
    const { brokerConnected, online, frames: _frames, ...figures } = live()
    // Of a disk that does not say, nothing is said: the other figures count.
    const [{ stored, late }, disk] = await Promise.all([this.#findStored(), readDisk(dataDirectory).catch(() => undefined)])
    const faults: HealthFault[] = []
    const say = (code: HealthFault['code'], values: HealthFault['values'] = {}) => faults.push({ code, values })
    if (!stored || late) say('database.late', { seconds: DATABASE_WAIT_MS / 1000 })
    if (!brokerConnected) say('broker.down')
    if (disk === undefined) say('disk.unreadable')
    else if (disk && isLow(disk)) say('disk.low', { gigabytes: (disk.freeBytes / 1e9).toFixed(1) })
    if (stored?.mayRewrite) say('database.role')
    const { jobs, faults: ofJobs } = stored
      ? judgeStorageJobs(stored.jobs, Date.parse(this.#startedAt), clock.nowMs())
      : { jobs: [], faults: [] }
    faults.push(...ofJobs)
    const auditProblem = this.#sources.auditProblem?.()
    if (auditProblem) say('audit.head', { error: auditProblem })
    const routerSince = this.#sources.routerFailingSince?.() ?? null
    if (routerSince !== null) say('router.failing', { since: new Date(routerSince).toISOString() })
    const holds = held()
    faults.push(...faultsOfSessions(stored?.sessions ?? [], holds?.least ?? 0), ...faultsOfWatches(stored?.watches ?? []))
    const nowMs = clock.nowMs()
    if (stored?.lastCommitAt && online > 0 && nowMs - stored.lastCommitAt.getTime() > SILENT_MS)
      say('stored.silent', { since: stored.lastCommitAt.toISOString() })
    const conservation = stored?.conservation ?? { received: 0, stored: 0, duplicate: 0, quarantined: 0, difference: 0 }
    if (conservation.difference !== 0) say('conservation.elements', { n: conservation.difference })
    const messages = conservation.messages?.difference ?? 0
    if (messages !== 0) say('conservation.messages', { n: messages })
    const rows = readRows()
    if (rows.positionsMissing > 0) say('rows.positions', { n: rows.positionsMissing })
    if (rows.messagesMissing > 0) say('rows.messages', { n: rows.messagesMissing })
    return {
      status: !stored ? 'down' : faults.length > 0 ? 'degraded' : 'ok',
      faults,
      notices: faults.map((fault) => faultSentence(fault, 'en')),
      versions: { morin: version, node: process.versions.node, ...(this.#versions ?? { postgres: 'unknown', timescaledb: 'unknown' }) },
      database: databaseKind,
      startedAt: this.#startedAt,
      now: new Date(nowMs).toISOString(),
      conservation,
      jobs,
      rows,
      broker: { held: holds?.now ?? null, unattended: (stored?.sessions ?? []).map(({ clientId }) => clientId) },
      lastCommitAt: stored?.lastCommitAt?.toISOString() ?? null,
      live: figures,
      disk: disk ?? null,
    }
  }

  /** What the database says; when it is `late`, what it said last. Nothing when it failed or has been silent for too long. */
  async #findStored(): Promise<{ stored: Stored | undefined; late: boolean }> {
    const { clock } = this.#sources
    this.#reading ??= this.#readDatabase()
      .then(
        (stored) => {
          this.#last = { stored, atMs: clock.nowMs() }
          return stored
        },
        (error: unknown) => {
          // Given up by our own patience, it is as late as one that we still wait for.
          if (error instanceof DatabaseSilent) return 'late' as const
          this.#last = undefined
          return undefined
        },
      )
      .finally(() => {
        this.#reading = undefined
      })
    const answer = await within(this.#last ? DATABASE_WAIT_MS : GONE_AFTER_MS, this.#reading)
    if (answer !== 'late') return { stored: answer, late: false }
    const last = this.#last
    return { stored: last && clock.nowMs() - last.atMs < GONE_AFTER_MS ? last.stored : undefined, late: true }
  }

  async #readDatabase(): Promise<Stored> {
    const { db } = this.#sources
    if (!this.#versions) {
      const { rows } = await db.query<{ postgres: string; timescaledb: string | null }>(
        `SELECT current_setting('server_version') AS postgres, (SELECT extversion FROM pg_extension WHERE extname = 'timescaledb') AS timescaledb`,
      )
      this.#versions = { postgres: rows[0]!.postgres, timescaledb: rows[0]!.timescaledb ?? 'none' }
    }
    // max(received_at) of the last states is the newest receipt that was committed, exact to the batch that carried it.
    const { rows } = await db.query<{ at: Date | null; may_rewrite: boolean }>(
      `SELECT (SELECT max(received_at) FROM last_states) AS at, has_table_privilege('public.audit_log', 'UPDATE, DELETE, TRUNCATE') AS may_rewrite`,
    )
    return {
      sessions: await readUnattended(db),
      watches: await readSilentWatches(db),
      conservation: await totalConservation(db),
      lastCommitAt: rows[0]!.at,
      mayRewrite: rows[0]!.may_rewrite,
      jobs: await this.#readJobs(),
    }
  }

  async #readJobs(): Promise<StorageJobs> {
    const { db, clock, databaseKind, dataDirectory } = this.#sources
    const nowMs = clock.nowMs()
    if (!this.#jobs || this.#jobs.untilMs <= nowMs)
      this.#jobs = { untilMs: nowMs + KEEP_JOBS_MS, jobs: await readStorageJobs(db, databaseKind, dataDirectory) }
    return this.#jobs.jobs
  }
}

/** The value of `work`, or 'late' when it takes longer than `ms`. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
