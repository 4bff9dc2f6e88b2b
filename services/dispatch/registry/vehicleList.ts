// The vehicle list: scope, filter and search, a page at a time, with the total.
import type { z } from 'zod'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { dayAt } from '../../domain/days.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import type { Reachable } from '../kernel/caller.ts'
import { isCalled, platePattern } from '../kernel/searchText.ts'
import { coarseVehicles, isOpen, openVehicles } from '../kernel/sight.ts'
import { unitTestsOf } from '../kernel/within.ts'
import { clockAheadSql, statusSql } from './statusSql.ts'
import { coarseRowOf, vehicleColumns, vehicleRowOf } from './vehicleRow.ts'

export type VehicleQuery = z.output<Api['listVehicles']['query']>

/**
 * Vehicles within reach that pass the filter, by plate. `nowMs` decides who is offline.
 *
 * Unit names are matched once per unit and not once per vehicle, and the wide columns are fetched for the page alone.
 * Joins that the question does not need are left out: the plain first page touches no last state but its own fifty.
 * Sensitive vehicles that are seen coarsely stand behind all others, under their league or banner. What would tell which one it is (a
 * plate, a name, a category) finds none of them.
 */
export async function listVehicles(db: Queryable, reach: Reachable, query: VehicleQuery, nowMs: number): Promise<AnswerOf<'listVehicles'>> {
  const values: unknown[] = []
  const $ = (value: unknown) => `$${values.push(value)}`
  const now = $(new Date(nowMs))
  const q = query.q || undefined

  const unitTests = unitTestsOf($, reach, query.organisationId)
  if (query.league) unitTests.push(`left(adcode, 4) || '00' = ${$(query.league)}`)
  const unitHit = q ? isCalled($, 'name', q) : 'true'

  const cleared = $(reach.cleared)
  const tests = ['true']
  const coarseTests = [`NOT ${isOpen(cleared)}`]
  if (query.class) tests.push(`v.class = ${$(query.class)}`)
  if (query.status) tests.push(`${statusSql(now)} = ${$(query.status)}`)
  coarseTests.push(...tests.slice(1))
  // Of a vehicle that is seen coarsely its terminal's clock is not told.
  if (query.clock) tests.push(clockAheadSql)
  if (reach.vehicleId !== null) tests.push(`v.vehicle_id = ${$(reach.vehicleId)}`)
  if (query.category) tests.push(`v.category = ${$(query.category)}`)
  if (query.energy) tests.push(`v.energy = ${$(query.energy)}`)
  if (q) {
    const plate = platePattern(q)
    const hits = ['u.hit', isCalled($, 'd.name', q)]
    if (plate) hits.push(`v.plate LIKE ${$(plate)}`)
    tests.push(`(${hits.join(' OR ')})`)
  }

  // Of a part of the tree each vehicle looks its unit up: without statistics the planner takes that part for one unit, and went through all of
  // its units for each vehicle.
  const unit =
    query.league || query.organisationId
      ? `CROSS JOIN LATERAL (SELECT ${unitHit} AS hit FROM organisations WHERE organisation_id = v.user_unit_id AND ${unitTests.join(' AND ')} OFFSET 0) u`
      : 'JOIN units u ON u.organisation_id = v.user_unit_id'
  const states = query.status || query.clock ? 'LEFT JOIN last_states s ON s.vehicle_id = v.vehicle_id' : ''
  const seesCoarse = reach.vehicleId === null && !q && !query.category && !query.energy && !query.clock
  const coarse = seesCoarse
    ? `UNION ALL SELECT v.vehicle_id, '', c.secret_no, c.home_id FROM ${coarseVehicles($(dayAt(nowMs)))} c
       JOIN every_vehicle v ON v.vehicle_id = c.vehicle_id ${states}
       WHERE (SELECT ${unitTests.join(' AND ')} FROM organisations WHERE organisation_id = c.home_id) AND ${coarseTests.join(' AND ')}`
    : ''

  const { rows } = await db.query(
    `WITH units AS MATERIALIZED (SELECT organisation_id, ${unitHit} AS hit FROM organisations WHERE ${unitTests.join(' AND ')}),
     matched AS MATERIALIZED (
       SELECT v.vehicle_id, v.plate, NULL::int AS secret_no, v.user_unit_id AS place_id FROM ${openVehicles(cleared)} v ${unit}
       ${q ? 'LEFT JOIN drivers d ON d.vehicle_id = v.vehicle_id' : ''}
       ${states}
       WHERE ${tests.join(' AND ')} ${coarse}),
     page AS MATERIALIZED (
       SELECT vehicle_id, secret_no, place_id FROM matched ORDER BY secret_no NULLS FIRST, plate COLLATE "C" LIMIT ${$(query.limit)} OFFSET ${$(query.offset)})
     SELECT t.total, page.secret_no, ${vehicleColumns(now)}
     FROM (SELECT count(*) AS total FROM matched) t
     LEFT JOIN (page JOIN every_vehicle v USING (vehicle_id) JOIN organisations o ON o.organisation_id = page.place_id) ON true
     LEFT JOIN drivers d ON d.vehicle_id = v.vehicle_id
     LEFT JOIN last_states s ON s.vehicle_id = v.vehicle_id
     ORDER BY page.secret_no NULLS FIRST, v.plate COLLATE "C"`,
    values,
  )
  return { total: rows[0]!.total as number, rows: rows.filter((row: Row) => row.vehicle_id !== null).map(rowOf) }

  function rowOf(row: Row) {
    return row.secret_no === null ? vehicleRowOf(row, reach) : coarseRowOf(row)
  }
}
