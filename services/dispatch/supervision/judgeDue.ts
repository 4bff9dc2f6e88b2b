// Judges what is due: vehicles and days that changed since, or of which the clock says something, a bounded number at a time, the newest day first.
import { addDays, dayAt } from '../../domain/days.ts'
import { judgeAll } from '../../domain/supervision/judge.ts'
import { rulesFor } from '../../domain/supervision/params.ts'
import type { ActDeps } from '../kernel/act.ts'
import { type Book, readBook } from './book.ts'
import { keepJudgement } from './keep.ts'
import { readFacts } from './readFacts.ts'

/** Vehicles of one day at once, and how many in a round: judging the region is never more than a small part of what the database does. */
const AT_ONCE = 50
const A_ROUND = 100
/** What is older is not judged again: what was seen then is no longer kept. */
const OLDEST_DAYS = 60
const MARK_AT_ONCE = 500
/** Places and values are read anew after so long. */
const BOOK_MS = 60_000

type Due = { vehicleId: number; day: string; marks: number }

export class Judge {
  #book: { book: Book; readMs: number; from: string } | undefined
  constructor(private readonly deps: ActDeps) {}

  /** @returns how many vehicle days were judged */
  async judgeDue(most = A_ROUND): Promise<number> {
    const { db, clock } = this.deps
    const nowMs = clock.nowMs()
    const today = dayAt(nowMs)
    await this.#markDay(today)
    await db.query('DELETE FROM supervision_due WHERE day < $1::date', [addDays(today, -OLDEST_DAYS)])
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
    const vehicles = await readFacts(
      db,
      book,
      day,
      due.map(({ vehicleId }) => vehicleId),
      nowMs,
    )
    const again = new Map<number, number>()
    for (const vehicle of vehicles) {
      const asked = rulesFor(book.params, vehicle.unitLft, day)
      const { judged, againMs } = judgeAll(vehicle.facts, asked, day === today)
      await keepJudgement(this.deps, vehicle, judged)
      if (againMs !== null) again.set(vehicle.vehicleId, againMs)
    }
    // What was marked meanwhile stays.
    for (const { vehicleId, marks } of due) {
      const againMs = again.get(vehicleId)
      const key = [vehicleId, day, marks]
      if (againMs === undefined) await db.query('DELETE FROM supervision_due WHERE vehicle_id = $1 AND day = $2 AND marks = $3', key)
      else
        await db.query('UPDATE supervision_due SET due_at = $4 WHERE vehicle_id = $1 AND day = $2 AND marks = $3', [
          ...key,
          new Date(againMs),
        ])
    }
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
