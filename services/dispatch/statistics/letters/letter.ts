// A monthly letter: what it says, gathered once and kept; found, listed and printed afterwards. Of findings it tells what the unit was told of: what is only suspected is nobody's before somebody is asked.
import type { z } from 'zod'
import type { LetterRow } from '../../../contracts/api/letters.ts'
import type { AnswerOf, Api } from '../../../contracts/api.ts'
import { canonicalJson } from '../../../contracts/canonicalJson.ts'
import { Refusal } from '../../../contracts/errors.ts'
import { refusal } from '../../../contracts/refusals.ts'
import { addDays, dayAt } from '../../../domain/days.ts'
import { orderNumber } from '../../../domain/orders.ts'
import { readPeriod } from '../../../domain/statistics/period.ts'
import { addSums, type Sums } from '../../../domain/statistics/table.ts'
import { statisticsTables } from '../../../domain/statistics/tables.ts'
import { ANSWER_DAYS } from '../../../domain/supervision/findings.ts'
import { sha256 } from '../../../platform/crypto.ts'
import type { Queryable, Row } from '../../../platform/db.ts'
import type { Act } from '../../kernel/act.ts'
import type { Scope } from '../../kernel/caller.ts'
import { hiddenVehicles, openVehicles } from '../../kernel/sight.ts'
import { isUnder, requireOrganisation, unitTestsOf } from '../../kernel/within.ts'
import { sumUp } from '../sumUp.ts'

export type LetterFinding = {
  findingId: number
  rule: string
  severity: string
  state: string
  day: string
  vehicleId: number
  plate: string
  unit: string
  /** Until when an answer is waited for; null: for none. */
  answerBy: string | null
}
export type LetterBody = {
  form: 'morin-letter-1'
  organisation: { organisationId: number; name: string }
  month: string
  findings: LetterFinding[]
  /** Sums of T4 and T5 of the month. */
  use: Sums
  costs: Sums
}
export type StoredLetter = { letterId: number; number: string; madeBy: string; madeAt: Date; sha256: string; body: LetterBody }

const columns = `l.letter_id, l.year, l.number, l.body, l.sha256, l.made_at, m.display_name AS made_by`
const FROM = 'FROM letters l JOIN organisations o USING (organisation_id) JOIN accounts m ON m.account_id = l.made_by'
const WAITS = ['NOTIFIED', 'OVERDUE']

async function storedOf(db: Queryable, rows: readonly Row[]): Promise<StoredLetter[]> {
  const { rows: secret } = await db.query<{ id: number }>(`SELECT h.vehicle_id AS id FROM ${hiddenVehicles(`'{}'`)} h`)
  const hidden = new Set(secret.map(({ id }) => id))
  return rows.map((row) => {
    const body = JSON.parse(row.body as string) as LetterBody
    return {
      letterId: row.letter_id as number,
      number: orderNumber(row.year as number, row.number as number),
      madeBy: row.made_by as string,
      madeAt: row.made_at as Date,
      sha256: row.sha256 as string,
      // What has become sensitive since is told no more.
      body: { ...body, findings: body.findings.filter(({ vehicleId }) => !hidden.has(vehicleId)) },
    }
  })
}

const rowOf = ({ letterId, number, madeBy, madeAt, body: { organisation, month, findings } }: StoredLetter): LetterRow => ({
  ...{ letterId, organisation, month, number, findings: findings.length, madeBy },
  waiting: findings.filter(({ state }) => WAITS.includes(state)).length,
  madeAt: madeAt.toISOString(),
})

export async function listLetters(
  db: Queryable,
  { lft, rgt }: Scope,
  { organisationId, month, limit, offset }: z.output<Api['listLetters']['query']>,
): Promise<AnswerOf<'listLetters'>> {
  const values: unknown[] = [lft, rgt]
  const $ = (value: unknown) => `$${values.push(value)}`
  const tests = ['o.lft BETWEEN $1 AND $2']
  if (organisationId) tests.push(isUnder(`${$(organisationId)}::bigint`, 'o'))
  if (month) tests.push(`l.month = ${$(month)}`)
  const where = tests.join(' AND ')
  const { rows: counted } = await db.query<{ total: number }>(`SELECT count(*) AS total ${FROM} WHERE ${where}`, values)
  const { rows } = await db.query(
    `SELECT ${columns} ${FROM} WHERE ${where} ORDER BY l.month DESC, o.lft LIMIT ${$(limit)} OFFSET ${$(offset)}`,
    values,
  )
  return { total: counted[0]!.total, rows: (await storedOf(db, rows)).map(rowOf) }
}

/** By its number, or by organisation and month. @throws Refusal NOT_FOUND out of the scope, or where there is none */
export async function loadLetter(
  db: Queryable,
  { lft, rgt }: Scope,
  of: { letterId: number } | { organisationId: number; month: string },
): Promise<StoredLetter> {
  const [test, values] =
    'letterId' in of ? ['l.letter_id = $3', [of.letterId]] : ['l.organisation_id = $3 AND l.month = $4', [of.organisationId, of.month]]
  const { rows } = await db.query(`SELECT ${columns} ${FROM} WHERE o.lft BETWEEN $1 AND $2 AND ${test}`, [lft, rgt, ...values])
  const [stored] = await storedOf(db, rows)
  if (!stored) throw new Refusal('NOT_FOUND')
  return stored
}

/** @throws Refusal VALIDATION_FAILED for a month that is not over, an organisation that is dissolved; CONFLICT where it was made already */
export async function makeLetter(act: Act, { organisationId, month }: z.output<Api['makeLetter']['body']>): Promise<LetterRow> {
  const { client, scope, caller, nowMs, today } = act
  const days = readPeriod(month)
  if (!days) throw refusal('VALIDATION_FAILED', 'body.month', 'letter.month')
  if (days.until >= today) throw refusal('VALIDATION_FAILED', 'body.month', 'letter.notOver', { day: days.until })
  const unit = await requireOrganisation(client, scope, organisationId, 'body.organisationId')
  const { rowCount } = await client.query('SELECT FROM letters WHERE organisation_id = $1 AND month = $2', [organisationId, month])
  if (rowCount > 0) throw refusal('CONFLICT', 'body.month', 'letter.stands')
  const body = await gather(client, unit, month)
  const text = canonicalJson(body)
  const hash = sha256(text).toString('hex')
  const year = Number(today.slice(0, 4))
  const { rows } = await client.query<{ id: number; number: number }>(
    `INSERT INTO letters (organisation_id, month, year, number, body, sha256, made_by, made_at)
     SELECT $1, $2, $3, coalesce(max(number), 0) + 1, $4, $5, $6, $7 FROM letters WHERE year = $3 RETURNING letter_id AS id, number`,
    [organisationId, month, year, text, hash, caller.accountId, new Date(nowMs)],
  )
  const { id, number } = rows[0]!
  act.record('letter.make', { type: 'letter', id }, { after: { organisationId, month, number: orderNumber(year, number), sha256: hash } })
  return rowOf(await loadLetter(client, scope, { letterId: id }))
}

async function gather(
  client: Queryable,
  unit: { organisationId: number; name: string; lft: number; rgt: number },
  month: string,
): Promise<LetterBody> {
  const days = readPeriod(month)!
  const values: unknown[] = [days.from, days.until]
  const $ = (value: unknown) => `$${values.push(value)}`
  const { rows } = await client.query<LetterFinding & { since: Date }>(
    `SELECT f.finding_id AS "findingId", f.code AS rule, f.severity, f.state, f.day::text AS day, f.vehicle_id AS "vehicleId", v.plate, u.name AS unit, f.since
     FROM supervision_findings f JOIN ${openVehicles(`'{}'`)} v USING (vehicle_id) JOIN organisations u ON u.organisation_id = f.unit_id
     WHERE f.day BETWEEN $1::date AND $2::date AND f.told_at IS NOT NULL AND ${unitTestsOf($, unit, undefined, 'u').join(' AND ')} ORDER BY f.code, f.day, f.finding_id`,
    values,
  )
  const sums = async (code: 'T4' | 'T5') => {
    const { groups } = await sumUp(
      client,
      { code, table: statisticsTables[code], by: [], tests: [] },
      { scope: unit },
      { period: month, ...days },
    )
    return [...groups.values()].reduce<Sums>((sum, group) => addSums(sum, group.sums), {})
  }
  return {
    form: 'morin-letter-1',
    organisation: { organisationId: unit.organisationId, name: unit.name },
    month,
    findings: rows.map(({ since, ...finding }) => ({
      ...finding,
      answerBy: WAITS.includes(finding.state) ? addDays(dayAt(since.getTime()), finding.state === 'NOTIFIED' ? ANSWER_DAYS : 0) : null,
    })),
    use: await sums('T4'),
    costs: await sums('T5'),
  }
}
