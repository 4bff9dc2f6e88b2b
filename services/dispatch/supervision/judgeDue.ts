// Judges what is due: vehicles and days that changed since, or of which the clock says something, a bounded number at a time, the newest day first.
import { addDays, dayAt } from '../../domain/days.ts'
import { judgeAll } from '../../domain/supervision/judge.ts'
import { rulesFor } from '../../domain/supervision/params.ts'
import type { ActDeps } from '../kernel/act.ts'
import { type Book, readBook } from './book.ts'
import { keepJudgements, type VehicleJudged } from './keep.ts'
import { readFacts } from './readFacts.ts'
import { keepRests, withMeetings } from './rests.ts'

/** Vehicles of one day at once: few, because what terminals send waits for each statement. And how many in a round: judging is never more than a small part of what the database does. */
const AT_ONCE = 10
const A_ROUND = 100
/** Called every 15 seconds, a backlog may take so much of them. */
const BACKLOG_MS = 7_500
/** What is older is not judged again: what was seen then is no longer kept. */
const OLDEST_DAYS = 60
const MARK_AT_ONCE = 500
/** Places and values are read anew after so long. */
const BOOK_MS = 60_000

type Due = { vehicleId: number; day: string; marks: number }

export class Judge {
  #book: { book: Book; readMs: number; from: string } | undefined
  constructor(private readonly deps: ActDeps) {}

  /**
   * One round after the other while each is full, for no longer than a share of the time between two calls: a day's ordinary changes are a round or two, and
   * a whole fleet that must be judged again takes minutes and not the hour that a round a call would take.
   * @returns how many vehicle days were judged
   */
  async judgeBacklog(): Promise<number> {
    const began = performance.now()
    let judged = 0
    for (;;) {
      const round = await this.judgeDue()
      judged += round
      if (round < A_ROUND || performance.now() - began > BACKLOG_MS) return judged
    }
  }

  /** @returns how many vehicle days were judged */
  async judgeDue(most = A_ROUND): Promise<number> {
    const { db, clock } = this.deps
    const nowMs = clock.nowMs()
    const today = dayAt(nowMs)
    await this.#markDay(today)
    for (const table of ['supervision_due', 'supervision_rests'])
      await db.query(`DELETE FROM ${table} WHERE day < $1::date`, [addDays(today, -OLDEST_DAYS)])
    const { rows: due } = await db.query<Due>(
      `SELECT vehicle_id AS "vehicleId", day::text AS day, marks FROM supervision_due WHERE due_at <= $1 AND day <= $2::date
       ORDER BY day DESC, due_at, vehicle_id LIMIT ${most}`,
      [new Date(nowMs), today],
    )
    for (const day of new Set(due.map((each) => each.day))) {
      const ofDay = due.filter((each) => each.day === day)
      for (let n = 0; n < ofDay.length; n += AT_ONCE) await this.#judgeDay(day, ofDay.slice(n, n + AT_ONCE), today, nowMs)
    }
    return due.length
  }

  async #judgeDay(day: string, due: readonly Due[], today: string, nowMs: number): Promise<void> {
    const { db } = this.deps
    const book = await this.#readBook(day, today, nowMs)
    const facts = await readFacts(
      db,
      book,
      day,
      due.map(({ vehicleId }) => vehicleId),
      nowMs,
    )
    await keepRests(db, day, facts)
    const vehicles = await withMeetings(db, facts)
    const again = new Map<number, number>()
    const all: VehicleJudged[] = []
    for (const of of vehicles) {
      const asked = rulesFor(book.params, { unitLft: of.unitLft, class: of.facts.vehicle.class }, day)
      const { judged, againMs } = judgeAll(of.facts, asked, day === today)
      all.push({ of, judged })
      if (againMs !== null) again.set(of.vehicleId, againMs)
    }
    await keepJudgements(this.deps, day, all)
    // What was marked meanwhile stays.
    const ids = due.map(({ vehicleId }) => vehicleId)
    const dates = ids.map((vehicleId) => (again.has(vehicleId) ? new Date(again.get(vehicleId)!) : null))
    await db.query(
      `WITH judged AS (SELECT * FROM unnest($2::int[], $3::int[], $4::timestamptz[]) j (vehicle_id, marks, again)),
         gone AS (DELETE FROM supervision_due s USING judged j WHERE s.day = $1 AND s.vehicle_id = j.vehicle_id AND s.marks = j.marks AND j.again IS NULL)
       UPDATE supervision_due s SET due_at = j.again FROM judged j
       WHERE s.day = $1 AND s.vehicle_id = j.vehicle_id AND s.marks = j.marks AND j.again IS NOT NULL`,
      [day, ids, due.map(({ marks }) => marks), dates],
    )
  }

  async #readBook(day: string, today: string, nowMs: number): Promise<Book> {
    const from = addDays(day < today ? day : today, -3)
    if (!this.#book || nowMs - this.#book.readMs > BOOK_MS || nowMs < this.#book.readMs || from < this.#book.from)
      this.#book = { book: await readBook(this.deps.db, from, addDays(today, 2)), readMs: nowMs, from }
    return this.#book.book
  }

  /** Each vehicle has each day looked at once though nothing happens, some hundreds a round. */
  async #markDay(today: string): Promise<void> {
    const { db } = this.deps
    const { rows } = await db.query<{ last: number | null }>(
      `WITH known AS (SELECT coalesce((SELECT vehicle_id FROM supervision_days WHERE day = $1), 0) AS since),
         next AS MATERIALIZED (SELECT vehicle_id FROM vehicles, known WHERE vehicle_id > known.since AND state <> 'DISPOSED' ORDER BY vehicle_id LIMIT ${MARK_AT_ONCE}),
         marked AS (INSERT INTO supervision_due (vehicle_id, day) SELECT vehicle_id, $1::date FROM next ON CONFLICT DO NOTHING)
       SELECT max(vehicle_id) AS last FROM next`,
      [today],
    )
    const last = rows[0]!.last
    if (last === null) return
    await db.query(
      'INSERT INTO supervision_days (day, vehicle_id) VALUES ($1, $2) ON CONFLICT (day) DO UPDATE SET vehicle_id = greatest(supervision_days.vehicle_id, excluded.vehicle_id)',
      [today, last],
    )
  }
}
