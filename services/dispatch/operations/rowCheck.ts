// Conservation in rows: is what the workers counted as kept still there? Their counters stand beside the rows, per chunk and 1,024
// vehicles (migration 0012), so a piece is counted in milliseconds, in one statement that sees counter and rows of one moment.
//
// Two rounds go on at once, a piece of each at a time: over the newest chunks, where a loss would be new, and over everything that is kept.
// Between two pieces there is a pause of many times what the piece took: a check must not be what slows the database down.
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import type { Logger } from '../../platform/log.ts'

/** Chunks that are always compared first: what is being written to now, and what was a moment ago. */
const NEWEST_CHUNKS = 3
const VEHICLES_A_PART = 1_024
/** Of the database's time, at most one part in this many. */
const REST = 20
/** The quarantine is summed whole, so not with every piece. */
const QUARANTINE_MS = 15_000

export type RowCheck = {
  /** Positions counted as stored that are not in the table. */
  positionsMissing: number
  /** Messages counted as put aside that are not in quarantine. */
  messagesMissing: number
  /** The last comparison of any piece; null before the first. */
  checkedAt: string | null
  /** When everything that is kept had been compared once through; null before that. */
  roundEndedAt: string | null
}

type Piece = { chunk: string; part: number; from: Date; to: Date }

export class RowChecker {
  readonly #db: Database
  readonly #clock: Clock
  /** Pieces in which rows are missing, and how many. */
  readonly #missing = new Map<string, number>()
  #lostChunks = 0
  #messages = 0
  #checkedAtMs: number | null = null
  #roundEndedAtMs: number | null = null
  #newest: Piece[] = []
  #all: Piece[] = []
  #quarantineAtMs = Number.NEGATIVE_INFINITY
  #restUntilMs = 0
  #timer: NodeJS.Timeout | undefined

  constructor({ db, clock }: { db: Database; clock: Clock }) {
    this.#db = db
    this.#clock = clock
  }

  read(): RowCheck {
    const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
    const inPieces = [...this.#missing.values()].reduce((sum, rows) => sum + rows, 0)
    return {
      positionsMissing: this.#lostChunks + inPieces,
      messagesMissing: this.#messages,
      checkedAt: iso(this.#checkedAtMs),
      roundEndedAt: iso(this.#roundEndedAtMs),
    }
  }

  /** Steps as often as `everyMs`. A step that fails is logged; the next one tries again. */
  start(everyMs: number, log: Logger): void {
    let running = false
    this.#timer = setInterval(() => {
      if (running) return
      running = true
      this.step()
        .catch((error: unknown) => {
          if (this.#timer) log.warn({ err: error }, 'counters could not be held against rows; it is tried again')
        })
        .finally(() => {
          running = false
        })
    }, everyMs).unref()
  }

  /** Begins nothing more. What is being asked is not waited for: a database that does not answer must not keep a service from ending. */
  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** A step, unless the last one was too long ago to be rested from: one piece of either round. */
  async step(): Promise<void> {
    if (performance.now() < this.#restUntilMs) return
    const begun = performance.now()
    if (this.#newest.length === 0) this.#newest = await this.#listPieces(NEWEST_CHUNKS)
    await this.#compare(this.#newest.shift())
    if (this.#all.length === 0) await this.#beginRound()
    await this.#compare(this.#all.shift())
    if (this.#all.length === 0) this.#roundEndedAtMs = this.#clock.nowMs()
    if (begun - this.#quarantineAtMs >= QUARANTINE_MS) {
      await this.#compareQuarantine()
      this.#quarantineAtMs = begun
    }
    this.#checkedAtMs = this.#clock.nowMs()
    this.#restUntilMs = performance.now() + (performance.now() - begun) * REST
  }

  /** Everything that is kept, once through, without rests. For those who wait for the answer. */
  async checkAll(): Promise<RowCheck> {
    await this.#beginRound()
    for (const piece of this.#all.splice(0)) await this.#compare(piece)
    await this.#compareQuarantine()
    this.#checkedAtMs = this.#roundEndedAtMs = this.#clock.nowMs()
    return this.read()
  }

  async #beginRound(): Promise<void> {
    await this.#judgeChunks()
    this.#all = await this.#listPieces(null)
    const kept = new Set(this.#all.map(keyOf))
    for (const key of this.#missing.keys()) if (!kept.has(key)) this.#missing.delete(key)
  }

  /** Newest chunk first. A chunk that was there before anybody counted is left out. */
  async #listPieces(chunks: number | null): Promise<Piece[]> {
    const { rows } = await this.#db.query<Piece>(
      `SELECT t.chunk, t.part, c.range_start AS "from", c.range_end AS "to"
       FROM (SELECT chunk, part FROM position_tally GROUP BY chunk, part) t
       JOIN (SELECT chunk_name, range_start, range_end, chunk_creation_time FROM timescaledb_information.chunks k
             WHERE hypertable_schema = 'public' AND hypertable_name = 'positions'
               AND NOT EXISTS (SELECT FROM position_tally b WHERE b.chunk = k.chunk_name AND b.part = -1)
             ORDER BY chunk_creation_time DESC LIMIT $1) c ON c.chunk_name = t.chunk
       ORDER BY c.chunk_creation_time DESC, t.part`,
      [chunks],
    )
    return rows
  }

  async #compare(piece: Piece | undefined): Promise<void> {
    if (!piece) return
    const { chunk, part, from, to } = piece
    const { rows } = await this.#db.query<{ stored: number | null; rows: number; kept: boolean }>(
      `SELECT (SELECT sum(stored) FROM position_tally WHERE chunk = $1 AND part = $2) AS stored,
              (SELECT count(*) FROM positions WHERE vehicle_id >= $3 AND vehicle_id < $4 AND ts >= $5 AND ts < $6) AS rows,
              to_regclass(format('_timescaledb_internal.%I', $1::text)) IS NOT NULL AS kept`,
      [chunk, part, part * VEHICLES_A_PART, (part + 1) * VEHICLES_A_PART, from, to],
    )
    const found = rows[0]!
    const missing = (found.stored ?? 0) - found.rows
    // A chunk that was dropped since the round began is judged as a whole.
    if (found.kept && missing > 0) this.#missing.set(keyOf(piece), missing)
    else this.#missing.delete(keyOf(piece))
  }

  /** A chunk that is gone though it was not old enough to go takes its positions with it. What retention has dropped is forgotten. */
  async #judgeChunks(): Promise<void> {
    const { rows } = await this.#db.query<{ chunk: string; stored: number; expired: boolean | null }>(
      `SELECT t.chunk, sum(t.stored) AS stored, min(t.first_at) < now() - (
           SELECT max((j.config->>'created_before')::interval) FROM timescaledb_information.jobs j WHERE j.config ? 'created_before') AS expired
       FROM position_tally t
       WHERE NOT EXISTS (SELECT FROM timescaledb_information.chunks c WHERE c.chunk_name = t.chunk AND c.hypertable_name = 'positions')
       GROUP BY t.chunk`,
    )
    const expired = rows.filter((row) => row.expired).map(({ chunk }) => chunk)
    if (expired.length > 0) await this.#db.query('DELETE FROM position_tally WHERE chunk = ANY($1::text[])', [expired])
    this.#lostChunks = rows.reduce((sum, row) => sum + (row.expired ? 0 : row.stored), 0)
  }

  async #compareQuarantine(): Promise<void> {
    const { rows } = await this.#db.query<{ missing: number }>(
      `SELECT (SELECT coalesce(sum(messages), 0) FROM quarantine_tally) - (SELECT coalesce(sum(times), 0) FROM quarantine) AS missing`,
    )
    this.#messages = Math.max(0, rows[0]!.missing)
  }
}

const keyOf = ({ chunk, part }: Piece): string => `${chunk} ${part}`
