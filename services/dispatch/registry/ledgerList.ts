// The ledger list: scope, filter and search, a page at a time, with the total. Search goes by plate fragment, numbers and make in any
// writing, and by unit or driver in characters, full pinyin or initials.
import type { z } from 'zod'
import type { LedgerRow } from '../../contracts/api/ledger.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { DAY_MS, dayAt } from '../../domain/days.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import { cutOf } from '../../platform/pageEnd.ts'
import { stateSql, stateTest } from '../kernel/availability.ts'
import type { Sight } from '../kernel/caller.ts'
import { isWithoutSeatSql } from '../kernel/quota.ts'
import { isNamed, latinPattern } from '../kernel/searchText.ts'
import { openVehicles } from '../kernel/sight.ts'
import { unitTestsOf } from '../kernel/within.ts'
import { listLimits, mayBeOverSql, overStandardSql } from './standards.ts'
import { isOverQuota } from './vehicleFile.ts'

export type LedgerQuery = z.output<Api['listLedger']['query']>

const columnsOf = (
  nowMs: number,
) => `v.vehicle_id, v.plate, v.plate_colour, v.class, v.category, ${stateSql(nowMs)} AS state, v.energy, v.make, v.model, v.body_type, v.origin, v.price_fen,
  v.displacement_ml, v.registered_on::text AS registered_on, v.insurance_until::text AS insurance_until,
  v.inspection_until::text AS inspection_until, v.quota_seat, v.version, u.organisation_id, u.name AS unit_name`

/** Wide columns are read for the page alone; limits become comparisons in the statement (see standards.ts). */
export async function listLedger(db: Queryable, scope: Sight, query: LedgerQuery, nowMs: number): Promise<AnswerOf<'listLedger'>> {
  const values: unknown[] = []
  const $ = (value: unknown) => `$${values.push(value)}`
  const q = query.q || undefined
  const unitTests = unitTestsOf($, scope, query.organisationId)
  const limits = await listLimits(db)
  const columns = columnsOf(nowMs)
  const open = openVehicles($(scope.cleared))
  const tests: string[] = []
  if (query.class) tests.push(`v.class = ${$(query.class)}`)
  if (query.category) tests.push(`v.category = ${$(query.category)}`)
  if (query.energy) tests.push(`v.energy = ${$(query.energy)}`)
  if (query.origin) tests.push(`v.origin = ${$(query.origin)}`)
  if (query.state) tests.push(stateTest(query.state, $, nowMs))
  if (query.over === 'quota') tests.push(isWithoutSeatSql('v'))
  if (query.over === 'standard') tests.push(mayBeOverSql(limits, $), overStandardSql(limits, $))
  if (query.expiresInDays !== undefined) {
    const until = $(dayAt(nowMs + query.expiresInDays * DAY_MS))
    tests.push(`v.state <> 'DISPOSED' AND (v.insurance_until <= ${until}::date OR v.inspection_until <= ${until}::date)`)
  }
  const units = `units AS MATERIALIZED (SELECT organisation_id, lft, name, name_pinyin FROM organisations WHERE ${unitTests.join(' AND ')})`
  if (!q && tests.length === 0) return await browse()
  const rows = await select(q)
  return { total: rows[0]!.total as number, rows: rows.filter((row) => row.vehicle_id !== null).map(ledgerRowOf) }

  /** Nothing asked: rows are counted apart and come in the order of the index of plates until the page is full. */
  async function browse(): Promise<AnswerOf<'listLedger'>> {
    const matched = `FROM ${open} v WHERE v.user_unit_id IN (SELECT organisation_id FROM organisations WHERE ${unitTests.join(' AND ')})`
    const { rows: counted } = await db.query<{ total: number }>(`SELECT count(*) AS total ${matched}`, values)
    const { total } = counted[0]!
    const { direction, limit, offset } = cutOf(query, total)
    const { rows: found } = await db.query(
      `WITH page AS MATERIALIZED (
         SELECT v.vehicle_id ${matched} ORDER BY v.plate COLLATE "C" ${direction} LIMIT ${$(limit)} OFFSET ${$(offset)})
       SELECT ${columns}, ${overStandardSql(limits, $)} AS over_standard
       FROM page JOIN ${open} v USING (vehicle_id) JOIN organisations u ON u.organisation_id = v.user_unit_id
       ORDER BY v.plate COLLATE "C"`,
      values,
    )
    return { total, rows: found.map(ledgerRowOf) }
  }

  function hitsOf(text: string): string {
    return `hits AS MATERIALIZED (
         SELECT vehicle_id FROM ${open} v WHERE search LIKE ${$(latinPattern(text))}
         UNION SELECT vehicle_id FROM drivers d WHERE vehicle_id IS NOT NULL AND ${isNamed($, 'd', text)}
         UNION SELECT vehicle_id FROM vehicles
           WHERE user_unit_id = ANY(ARRAY(SELECT organisation_id FROM units WHERE ${isNamed($, 'units', text)}))),`
  }

  /**
   * Judged in one pass. What was typed is found once, in three small searches, and the rest is asked of the hits alone. They come as
   * arrays because the planner takes those by the index; joined, it read the whole table again for each of them.
   */
  async function select(q: string | undefined): Promise<Row[]> {
    // Of each vehicle by its unit's number: without statistics the planner takes thousands of vehicles for a few, and a join with their
    // units went through all units for each of them.
    const inUnits = `(SELECT ${unitTests.join(' AND ')} FROM organisations WHERE organisation_id = v.user_unit_id)`
    // Which standard holds depends on the unit.
    const ofUnit =
      query.over === 'standard' ? 'CROSS JOIN LATERAL (SELECT * FROM organisations WHERE organisation_id = v.user_unit_id OFFSET 0) u' : ''
    const found = await db.query(
      `WITH ${q ? `${units}, ${hitsOf(q)}` : ''}
       matched AS MATERIALIZED (
         SELECT v.vehicle_id, v.plate FROM ${open} v ${ofUnit}
         WHERE ${[inUnits, ...(q ? ['v.vehicle_id = ANY(ARRAY(SELECT vehicle_id FROM hits))'] : []), ...tests].join(' AND ')}),
       page AS MATERIALIZED (
         SELECT vehicle_id FROM matched ORDER BY plate COLLATE "C" LIMIT ${$(query.limit)} OFFSET ${$(query.offset)})
       SELECT t.total, ${columns}, ${overStandardSql(limits, $)} AS over_standard
       FROM (SELECT count(*) AS total FROM matched) t
       LEFT JOIN (page JOIN ${open} v USING (vehicle_id) JOIN organisations u ON u.organisation_id = v.user_unit_id) ON true
       ORDER BY v.plate COLLATE "C"`,
      values,
    )
    return found.rows
  }
}

function ledgerRowOf(row: Row): LedgerRow {
  const standing = {
    category: row.category as LedgerRow['category'],
    state: row.state as LedgerRow['state'],
    quotaSeat: row.quota_seat as number | null,
  }
  return {
    ...standing,
    vehicleId: row.vehicle_id as number,
    plate: row.plate as string,
    plateColour: row.plate_colour as LedgerRow['plateColour'],
    class: row.class as LedgerRow['class'],
    energy: row.energy as LedgerRow['energy'],
    make: row.make as string,
    model: row.model as string,
    bodyType: row.body_type as LedgerRow['bodyType'],
    origin: row.origin as LedgerRow['origin'],
    priceFen: row.price_fen as number | null,
    displacementMl: row.displacement_ml as number | null,
    registeredOn: row.registered_on as string,
    insuranceUntil: row.insurance_until as string | null,
    inspectionUntil: row.inspection_until as string | null,
    overQuota: isOverQuota(standing),
    overStandard: row.over_standard as boolean,
    userUnit: { organisationId: row.organisation_id as number, name: row.unit_name as string },
    version: row.version as number,
  }
}
