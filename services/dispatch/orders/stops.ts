// Where a trip may begin, halt or end, looked for by whoever asks for one: the region's towns, what anybody may drive to, and the compounds of one's own.
import type { z } from 'zod'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { dayAt } from '../../domain/days.ts'
import { leagues } from '../../domain/region/region.ts'
import type { Queryable } from '../../platform/db.ts'
import { pinyinOf } from '../../platform/pinyin.ts'
import type { Scope } from '../kernel/caller.ts'
import { covers } from '../kernel/dated.ts'
import { isNamed, withoutMarks } from '../kernel/searchText.ts'
import { isHeldFor } from '../kernel/within.ts'

type Stop = AnswerOf<'findStops'>['rows'][number]

/** Open to everybody, wherever in the region. */
const publicKinds = `'designated_lot', 'fuel_station', 'charging_station'`

/** Seats of leagues and banners. Districts of one name are told apart by their league. */
const towns = leagues.flatMap(({ name: league, seat, counties }) =>
  [{ name: league, seat, of: null as string | null }, ...counties.map((county) => ({ ...county, of: league }))].map(
    ({ name, seat: [lon, lat], of }) => ({
      name,
      lon,
      lat,
      of,
      pinyin: pinyinOf(name),
    }),
  ),
)

const seats = new Map(
  leagues.flatMap(({ adcode, seat, counties }) => [[adcode, seat] as const, ...counties.map((one) => [one.adcode, one.seat] as const)]),
)

/**
 * Places by name or pinyin: towns first, then those of one's own, then others. Which places are watched (`sensitive`, `border`) nobody learns here, and of
 * compounds only those that hold for one's own organisation.
 */
export async function findStops(
  db: Queryable,
  scope: Scope,
  { q, limit }: z.output<Api['findStops']['query']>,
  nowMs: number,
): Promise<AnswerOf<'findStops'>> {
  const latin = withoutMarks(q).replace(/\s/gu, '')
  const isMeant = (town: (typeof towns)[number]) => town.name.includes(q) || (/[a-z]/.test(latin) && town.pinyin.includes(latin))
  const named: Stop[] = towns.filter(isMeant).map(({ name, lon, lat, of }) => ({ name, of, lon, lat }))
  const values: unknown[] = []
  const $ = (value: unknown) => `$${values.push(value)}`
  const own = isHeldFor('o', $(scope.lft), $(scope.rgt))
  const { rows } = await db.query<Stop>(
    `SELECT p.name, o.name AS of, p.lon, p.lat FROM places p JOIN organisations o USING (organisation_id)
     WHERE ${isNamed($, 'p', q)} AND ${covers($(dayAt(nowMs)), 'p.valid_from', 'p.valid_until')}
       AND (p.kind IN (${publicKinds}) OR (p.kind = 'compound' AND ${own}))
     ORDER BY ${own} DESC, p.name, p.place_id LIMIT ${$(limit)}`,
    values,
  )
  return { rows: [...named, ...rows].slice(0, limit) }
}

/**
 * Where a unit sits: its compound, else a compound or lot of its own, else the seat of the banner or league that it is of.
 * @param day on which its places must hold
 * @returns null where none of these is known
 */
export async function findSeat(db: Queryable, unitId: number, day: string): Promise<{ lon: number; lat: number } | null> {
  const { rows } = await db.query<{ adcode: string; lon: number | null; lat: number | null }>(
    `SELECT u.adcode, p.lon, p.lat FROM organisations u LEFT JOIN compounds c USING (compound_id) LEFT JOIN LATERAL (
       SELECT x.lon, x.lat FROM places x WHERE (x.place_id = c.place_id OR x.organisation_id = u.organisation_id)
         AND x.kind IN ('compound', 'designated_lot') AND ${covers('$2', 'x.valid_from', 'x.valid_until')}
       ORDER BY x.place_id IS DISTINCT FROM c.place_id, x.kind, x.place_id LIMIT 1) p ON true WHERE u.organisation_id = $1`,
    [unitId, day],
  )
  const found = rows[0]
  if (!found) return null
  if (found.lon !== null && found.lat !== null) return { lon: found.lon, lat: found.lat }
  const seat = seats.get(found.adcode)
  return seat ? { lon: seat[0], lat: seat[1] } : null
}
