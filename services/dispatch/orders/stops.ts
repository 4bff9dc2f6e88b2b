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
