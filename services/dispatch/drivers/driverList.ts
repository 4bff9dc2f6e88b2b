// The driver list: scope and loans, filter and search, a page at a time, with the total.
import type { z } from 'zod'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { addDays, dayAt } from '../../domain/days.ts'
import type { Role } from '../../domain/permissions.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import { cutOf } from '../../platform/pageEnd.ts'
import { readCalendarBook } from '../../platform/workCalendar.ts'
import type { Sight } from '../kernel/caller.ts'
import { isInForce } from '../kernel/dated.ts'
import { contains, isCalled, isNamed, platePattern } from '../kernel/searchText.ts'
import { openVehicles } from '../kernel/sight.ts'
import { unitTestsOf } from '../kernel/within.ts'
import { driverColumns, driverJoins, driverRowOf } from './driverRow.ts'
import { readDuties } from './dutyRows.ts'

export type DriverQuery = z.output<Api['listDrivers']['query']>

/** Drivers of the scope and those lent to it today. Who has retired shows only when asked for. */
export async function listDrivers(
  db: Queryable,
  scope: Sight,
  role: Role,
  query: DriverQuery,
  nowMs: number,
): Promise<AnswerOf<'listDrivers'>> {
  const values: unknown[] = []
  const $ = (value: unknown) => `$${values.push(value)}`
  const today = dayAt(nowMs)
  const day = `${$(today)}::date`
  const cleared = $(scope.cleared)
  const q = query.q || undefined

  const unitTests = unitTestsOf($, scope, query.organisationId)
  const hit = q ? isCalled($, 'name', q) : 'true'
  const onLeave = `EXISTS (SELECT FROM driver_leaves e WHERE e.driver_id = d.driver_id AND ${day} BETWEEN e.from_day AND e.until_day)`

  const lent = `lent AS MATERIALIZED (
       SELECT driver_id FROM driver_loans l JOIN units USING (organisation_id) WHERE ${isInForce(day, 'l')})`

  const tests = ['(u.organisation_id IS NOT NULL OR lent.driver_id IS NOT NULL)']
  if (query.state === 'leave') tests.push(`d.state = 'active' AND ${onLeave}`)
  else if (query.state) tests.push(`d.state = ${$(query.state)}`)
  else tests.push(`d.state <> 'retired'`)
  if (query.licenceClass) tests.push(`d.licence_class LIKE ${$(contains(query.licenceClass))}`)
  if (query.expiresWithinDays !== undefined) tests.push(`d.licence_expires_on <= ${$(addDays(today, query.expiresWithinDays))}`)
  if (q) {
    const hits = ['u.hit', isNamed($, 'd', q)]
    const plate = platePattern(q)
    if (plate) hits.push(`v.plate LIKE ${$(plate)}`)
    tests.push(`(${hits.join(' OR ')})`)
  }

  const { licenceClass, expiresWithinDays, organisationId, state } = query
  const asked = [q, state, licenceClass, expiresWithinDays, organisationId].some((value) => value !== undefined)
  const { total, rows: found } = asked ? await select() : await browse()
  const yesterday = addDays(today, -1)
  const book = await readCalendarBook(db, yesterday, today)
  const duties = await readDuties(
    db,
    found.map((row) => row.driver_id as number),
    yesterday,
    today,
  )
  return { total, rows: found.map((row) => driverRowOf(row, duties.get(row.driver_id as number)!, { role, nowMs, book })) }

  /** Judged in one pass. */
  async function select(): Promise<{ total: number; rows: Row[] }> {
    const { rows } = await db.query(
      `WITH units AS MATERIALIZED (SELECT organisation_id, ${hit} AS hit FROM organisations WHERE ${unitTests.join(' AND ')}),
       ${lent},
       matched AS MATERIALIZED (
         SELECT d.driver_id, d.name_pinyin, d.name FROM drivers d
         LEFT JOIN units u ON u.organisation_id = d.organisation_id LEFT JOIN lent ON lent.driver_id = d.driver_id
         ${q ? `LEFT JOIN ${openVehicles(cleared)} v ON v.vehicle_id = d.vehicle_id` : ''}
         WHERE ${tests.join(' AND ')}),
       page AS MATERIALIZED (
         SELECT driver_id FROM matched ORDER BY name_pinyin COLLATE "C", name, driver_id LIMIT ${$(query.limit)} OFFSET ${$(query.offset)})
       SELECT n.total, ${driverColumns}
       FROM (SELECT count(*) AS total FROM matched) n
       LEFT JOIN (page JOIN drivers d USING (driver_id) ${driverJoins(day, cleared)}) ON true
       ORDER BY d.name_pinyin COLLATE "C", d.name, d.driver_id`,
      values,
    )
    return { total: rows[0]!.total as number, rows: rows.filter((row) => row.driver_id !== null) }
  }

  /** Nothing asked: rows are counted apart and come in the order of the index of names until the page is full. */
  async function browse(): Promise<{ total: number; rows: Row[] }> {
    const common = `units AS MATERIALIZED (SELECT organisation_id FROM organisations WHERE ${unitTests.join(' AND ')}), ${lent}`
    const matched = `FROM drivers d WHERE d.state <> 'retired'
      AND (d.organisation_id IN (SELECT organisation_id FROM units) OR d.driver_id IN (SELECT driver_id FROM lent))`
    const { rows: counted } = await db.query<{ total: number }>(
      `WITH ${common} SELECT count(*) AS total ${matched} AND ${cleared}::int[] IS NOT NULL`,
      values,
    )
    const { total } = counted[0]!
    const { direction, limit, offset } = cutOf(query, total)
    const order = `name_pinyin COLLATE "C" ${direction}, name ${direction}, driver_id ${direction}`
    const { rows } = await db.query(
      `WITH ${common}, page AS MATERIALIZED (SELECT d.driver_id ${matched} ORDER BY ${order} LIMIT ${$(limit)} OFFSET ${$(offset)})
       SELECT ${driverColumns} FROM page JOIN drivers d USING (driver_id) ${driverJoins(day, cleared)}
       ORDER BY d.name_pinyin COLLATE "C", d.name, d.driver_id`,
      values,
    )
    return { total, rows }
  }
}
