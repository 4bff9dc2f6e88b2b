// The register of sensitive vehicles (单独登记): which there are in the scope, by number and unit, and who is named for each.
import type { z } from 'zod'
import type { Naming, SecretVehicle } from '../../contracts/api/secrecy.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { dayAt } from '../../domain/days.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import type { Sight } from '../kernel/caller.ts'
import { contains, isNamed } from '../kernel/searchText.ts'
import { isOpen } from '../kernel/sight.ts'
import { isUnder } from '../kernel/within.ts'
import { ruleFor } from './policy.ts'

type Asked = z.output<Api['listSecretVehicles']['query']>

/** Search goes by unit and number: by plate it would be a way to ask whether a plate is sensitive. */
export async function listSecretVehicles(
  db: Queryable,
  sight: Sight,
  query: Asked,
  nowMs: number,
): Promise<AnswerOf<'listSecretVehicles'>> {
  const values: unknown[] = [sight.lft, sight.rgt]
  const $ = (value: unknown) => `$${values.push(value)}`
  const tests = ['NOT s.lifted AND v.secrecy AND u.lft BETWEEN $1 AND $2']
  if (query.organisationId) tests.push(isUnder($(query.organisationId), 'u'))
  if (query.q) {
    tests.push(`(${isNamed($, 'u', query.q)} OR s.secret_no::text LIKE ${$(contains(query.q))})`)
  }
  const found = `FROM secret_vehicles s JOIN every_vehicle v USING (vehicle_id) JOIN organisations u ON u.organisation_id = v.user_unit_id
     WHERE ${tests.join(' AND ')}`
  const counted = await db.query<{ total: number }>(`SELECT count(*) AS total ${found}`, values)
  const open = isOpen($(sight.cleared))
  const { rows } = await db.query(
    `SELECT s.secret_no, u.organisation_id, u.name, u.adcode, u.lft,
            CASE WHEN ${open} THEN v.vehicle_id END AS vehicle_id, CASE WHEN ${open} THEN v.plate END AS plate
     ${found} ORDER BY u.lft, s.secret_no LIMIT ${$(query.limit)} OFFSET ${$(query.offset)}`,
    values,
  )
  const namings = await listNamings(
    db,
    rows.map((row) => row.secret_no as number),
    nowMs,
  )
  const answer: SecretVehicle[] = []
  for (const row of rows) answer.push(await secretVehicleOf(row))
  return { total: counted.rows[0]!.total, rows: answer }

  async function secretVehicleOf(row: Row): Promise<SecretVehicle> {
    const secretNo = row.secret_no as number
    return {
      secretNo,
      unit: { organisationId: row.organisation_id as number, name: row.name as string, adcode: row.adcode as string },
      ...(await ruleFor(db, { lft: row.lft as number }, dayAt(nowMs))),
      vehicle: row.vehicle_id === null ? null : { vehicleId: row.vehicle_id as number, plate: row.plate as string },
      namings: namings.filter((naming) => naming.secretNo === secretNo),
    }
  }
}

/** A sensitive vehicle of the scope by its number, with the unit that holds it. @throws Refusal NOT_FOUND */
export async function getSecretVehicle(
  db: Queryable,
  { lft, rgt }: Sight,
  secretNo: number,
): Promise<{ secretNo: number; vehicleId: number; unitLft: number }> {
  const { rows } = await db.query<{ vehicleId: number; unitLft: number }>(
    `SELECT v.vehicle_id AS "vehicleId", u.lft AS "unitLft"
     FROM secret_vehicles s JOIN every_vehicle v USING (vehicle_id) JOIN organisations u ON u.organisation_id = v.user_unit_id
     WHERE s.secret_no = $1 AND NOT s.lifted AND v.secrecy AND u.lft BETWEEN $2 AND $3`,
    [secretNo, lft, rgt],
  )
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return { secretNo, ...rows[0] }
}

const namingSql = `
  SELECT n.*, a.username, a.display_name, a.role, o.name AS organisation, b.username AS by_username, b.display_name AS by_name,
         e.username AS end_username, e.display_name AS end_name
  FROM secret_namings n JOIN accounts a USING (account_id) JOIN organisations o ON o.organisation_id = a.organisation_id
  JOIN accounts b ON b.account_id = n.named_by LEFT JOIN accounts e ON e.account_id = n.ended_by`

export async function listNamings(db: Queryable, secretNos: readonly number[], nowMs: number): Promise<Naming[]> {
  const { rows } = await db.query(`${namingSql} WHERE n.secret_no = ANY($1::int[]) ORDER BY n.naming_id DESC`, [secretNos])
  return rows.map((row) => namingOf(row, nowMs))
}

export async function getNaming(db: Queryable, namingId: number, nowMs: number): Promise<Naming> {
  const { rows } = await db.query(`${namingSql} WHERE n.naming_id = $1`, [namingId])
  return namingOf(rows[0]!, nowMs)
}

function namingOf(row: Row, nowMs: number): Naming {
  const until = row.until as Date | null
  const endedAt = row.ended_at as Date | null
  return {
    namingId: row.naming_id as number,
    secretNo: row.secret_no as number,
    account: {
      username: row.username as string,
      displayName: row.display_name as string,
      role: row.role as Naming['account']['role'],
      organisation: row.organisation as string,
    },
    namedAt: (row.named_at as Date).toISOString(),
    namedBy: { username: row.by_username as string, displayName: row.by_name as string },
    reason: row.reason as string,
    until: until?.toISOString() ?? null,
    ended: endedAt && {
      at: endedAt.toISOString(),
      by: { username: row.end_username as string, displayName: row.end_name as string },
      reason: row.ended_reason as string,
    },
    running: endedAt === null && (until === null || until.getTime() > nowMs),
  }
}
