// Places to read: the list, the shapes in a box of the map, the places that a point lies in, one place.
import type { z } from 'zod'
import type { Place, PlaceRow } from '../../contracts/api/places.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { isInside, type LonLat } from '../../domain/geofence.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Scope } from '../kernel/caller.ts'
import { covers } from '../kernel/dated.ts'
import { isNamed } from '../kernel/searchText.ts'
import { isHeldFor, isUnder } from '../kernel/within.ts'
import { placeColumns, placeOf, placeRowOf, shapeOf } from './placeRow.ts'

type Query<N extends 'listPlaces' | 'listPlaceShapes'> = z.output<Api[N]['query']>

const MAX_SHAPES = 1000
const validOn = (day: string) => covers(day, 'p.valid_from', 'p.valid_until')

export async function listPlaces(db: Queryable, scope: Scope, query: Query<'listPlaces'>): Promise<AnswerOf<'listPlaces'>> {
  const values: unknown[] = []
  const $ = (value: unknown) => `$${values.push(value)}`
  const tests = [isHeldFor('o', $(scope.lft), $(scope.rgt))]
  if (query.kind) tests.push(`p.kind = ${$(query.kind)}`)
  if (query.on) tests.push(validOn($(query.on)))
  if (query.organisationId) tests.push(isUnder($(query.organisationId), 'o'))
  if (query.q) {
    const hits = [isNamed($, 'p', query.q)]
    tests.push(`(${hits.join(' OR ')})`)
  }
  const { rows } = await db.query(
    `WITH matched AS MATERIALIZED (
       SELECT p.place_id, o.lft AS unit_lft, p.kind AS its_kind, p.name AS its_name FROM places p JOIN organisations o USING (organisation_id)
       WHERE ${tests.join(' AND ')}),
     page AS (SELECT * FROM matched ORDER BY unit_lft, its_kind, its_name, place_id LIMIT ${$(query.limit)} OFFSET ${$(query.offset)})
     SELECT n.total, ${placeColumns} FROM (SELECT count(*) AS total FROM matched) n
     LEFT JOIN (page JOIN places p USING (place_id) JOIN organisations o USING (organisation_id)) ON true
     ORDER BY unit_lft, its_kind, its_name, p.place_id`,
    values,
  )
  return { total: rows[0]!.total as number, rows: rows.filter((row) => row.place_id !== null).map((row) => placeRowOf(row, scope)) }
}

/** Large shapes first, so that small ones are drawn above them. */
export async function listPlaceShapes(db: Queryable, scope: Scope, query: Query<'listPlaceShapes'>): Promise<AnswerOf<'listPlaceShapes'>> {
  const values: unknown[] = []
  const $ = (value: unknown) => `$${values.push(value)}`
  const tests = [
    isHeldFor('o', $(scope.lft), $(scope.rgt)),
    `p.west <= ${$(query.east)} AND p.east >= ${$(query.west)} AND p.south <= ${$(query.north)} AND p.north >= ${$(query.south)}`,
  ]
  if (query.kind) tests.push(`p.kind = ${$(query.kind)}`)
  if (query.on) tests.push(validOn($(query.on)))
  const { rows } = await db.query(
    `SELECT ${placeColumns}, p.ring FROM places p JOIN organisations o USING (organisation_id) WHERE ${tests.join(' AND ')}
     ORDER BY (p.east - p.west) * (p.north - p.south) DESC, p.place_id LIMIT ${MAX_SHAPES + 1}`,
    values,
  )
  return {
    rows: rows.slice(0, MAX_SHAPES).map((row) => ({ ...placeRowOf(row, scope), shape: shapeOf(row) })),
    more: rows.length > MAX_SHAPES,
  }
}

/** The box index finds candidates; the shape decides. */
export async function listPlacesAt(db: Queryable, scope: Scope, point: LonLat, on: string | undefined): Promise<PlaceRow[]> {
  const { rows } = await db.query(
    `SELECT ${placeColumns}, p.ring FROM places p JOIN organisations o USING (organisation_id)
     WHERE box(point(p.west, p.south), point(p.east, p.north)) @> point($1, $2) AND ${isHeldFor('o', '$3', '$4')}
       AND ($5::date IS NULL OR ${validOn('$5')}) ORDER BY p.place_id`,
    [point[0], point[1], scope.lft, scope.rgt, on ?? null],
  )
  return rows.filter((row) => isInside(shapeOf(row), point)).map((row) => placeRowOf(row, scope))
}

export async function findPlace(db: Queryable, scope: Scope, placeId: number): Promise<Place | undefined> {
  const { rows } = await db.query(
    `SELECT ${placeColumns}, p.ring, p.note FROM places p JOIN organisations o USING (organisation_id)
     WHERE p.place_id = $1 AND ${isHeldFor('o', '$2', '$3')}`,
    [placeId, scope.lft, scope.rgt],
  )
  return rows[0] && placeOf(rows[0], scope)
}
