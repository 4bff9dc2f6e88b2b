// Filings as a caller is told of them: as a list, what waits for him first, and one whole.
import type { z } from 'zod'
import type { Filing, FilingRow } from '../../../contracts/api/filing.ts'
import type { AnswerOf, Api } from '../../../contracts/api.ts'
import { dayAt } from '../../../domain/days.ts'
import { type Check, checkKey, checkSnapshot } from '../../../domain/filing/checks.ts'
import { type FilingAction, type FilingState, filingActions, handedUp, isFilled } from '../../../domain/filing/filings.ts'
import { figuresOfRow, type Snapshot, wholeOf } from '../../../domain/filing/snapshot.ts'
import { type Dimension, tableCodes } from '../../../domain/statistics/table.ts'
import { neededFor, statisticsTables } from '../../../domain/statistics/tables.ts'
import type { Database, Queryable } from '../../../platform/db.ts'
import { type Caller, grantFor, may, type Who } from '../../kernel/caller.ts'
import { listPermitted } from '../../kernel/procedure.ts'
import { isUnder } from '../../kernel/within.ts'
import { filingProcedure } from './procedure.ts'
import { columns, FROM, filingOf, loadFiling, readSnapshot, type StoredFiling } from './rows.ts'
import { daysToFile, takeSnapshot } from './take.ts'

export async function tellRows(db: Queryable, who: Who, filings: readonly StoredFiling[], nowMs: number): Promise<FilingRow[]> {
  const actions = await listPermitted(db, filingProcedure, who, filings, nowMs)
  const today = dayAt(nowMs)
  return filings.map(({ id, state, organisation: { lft: _lft, ...organisation }, period, since, round, dueOn, version }, n) => ({
    ...{ filingId: id, organisation, period, state, round, dueOn, version },
    since: since.toISOString(),
    overdue: dueOn < today && !handedUp.includes(state),
    mayAct: filingActions.filter((action) => (actions[n] as FilingAction[]).includes(action)),
  }))
}

/** States in which something waits for whoever holds these capabilities. */
const waitingFor = (caller: Caller): FilingState[] => [
  ...(may(caller, 'filing.fill') ? (['OPEN', 'RETURNED'] as const) : []),
  ...(may(caller, 'filing.review') ? (['FILLED', 'REVIEWED'] as const) : []),
]

export async function listFilings(
  db: Queryable,
  who: Who,
  { period, state, organisationId, limit, offset }: z.output<Api['listFilings']['query']>,
  nowMs: number,
): Promise<AnswerOf<'listFilings'>> {
  const values: unknown[] = []
  const $ = (value: unknown) => `$${values.push(value)}`
  const tests = [`o.lft BETWEEN ${$(who.reach.lft)} AND ${$(who.reach.rgt)}`]
  if (period !== undefined) tests.push(`f.period = ${$(period)}`)
  if (state) tests.push(`f.state = ${$(state)}`)
  if (organisationId) tests.push(isUnder(`${$(organisationId)}::bigint`, 'o'))
  const where = tests.join(' AND ')
  const { rows: counted } = await db.query<{ state: FilingState; count: number }>(
    `SELECT f.state, count(*) AS count ${FROM} WHERE ${where} GROUP BY f.state ORDER BY f.state`,
    values,
  )
  const own = `(o.organisation_id = ${$(who.caller.organisation.organisationId)} AND f.state = ANY(${$(waitingFor(who.caller))}))`
  const { rows } = await db.query(
    `SELECT ${columns} ${FROM} WHERE ${where}
     ORDER BY ${own} DESC, f.state IN ('SUBMITTED', 'AGGREGATED'), f.due_on, o.lft, f.filing_id LIMIT ${$(limit)} OFFSET ${$(offset)}`,
    values,
  )
  return {
    total: counted.reduce((sum, { count }) => sum + count, 0),
    rows: await tellRows(db, who, rows.map(filingOf), nowMs),
    byState: counted,
  }
}

type Told = { round: number | null; takenAt: Date; preliminary: boolean; sha256: string | null; snapshot: Snapshot }

/** What is told of a filing: what was filed, or what would be. @throws Refusal NOT_FOUND where it was not filled so often */
export async function toldOf(db: Database, filing: StoredFiling, round: number | undefined, nowMs: number): Promise<Told> {
  if (round !== undefined || isFilled(filing.state)) return readSnapshot(db, filing.id, round ?? filing.round)
  const days = daysToFile(filing.period, dayAt(nowMs), true)
  const { snapshot } = await takeSnapshot(db, { organisationId: filing.organisation.organisationId, period: filing.period }, days, nowMs)
  return { round: null, takenAt: new Date(nowMs), preliminary: snapshot.preliminary, sha256: null, snapshot }
}

/** @throws Refusal NOT_FOUND */
export async function readFiling(db: Database, who: Who, id: number, round: number | undefined, nowMs: number): Promise<Filing> {
  const filing = await loadFiling(db, who.reach, id)
  const told = await toldOf(db, filing, round, nowMs)
  return tellFiling(db, who, filing, told, nowMs)
}

export async function tellFiling(db: Queryable, who: Who, filing: StoredFiling, told: Told, nowMs: number): Promise<Filing> {
  const { snapshot } = told
  const [row] = await tellRows(db, who, [filing], nowMs)
  return {
    ...row!,
    above: snapshot.above,
    told: {
      ...{ round: told.round, sha256: told.sha256, preliminary: told.preliminary, from: snapshot.from, until: snapshot.until },
      takenAt: told.takenAt.toISOString(),
    },
    tables: tablesFor(who.caller, snapshot),
    checks: await checksOf(db, filing.id, told.round, checkSnapshot(snapshot)),
    below: await belowOf(db, filing.period, snapshot),
    ...(await historyOf(db, filing.id)),
  }
}

/** Tables of whose facts the reader sees all of the scope. */
export const maySee = (caller: Caller, code: keyof typeof neededFor): boolean => grantFor(caller, neededFor[code]).reach === 'scope'

function tablesFor(caller: Caller, { tables }: Snapshot): Filing['tables'] {
  return tableCodes
    .filter((code) => maySee(caller, code))
    .map((code) => ({
      code,
      by: tables[code].by as Dimension[],
      measures: statisticsTables[code].measures.map(({ key, kind, words: [zh, en] }) => ({
        key,
        kind,
        words: [zh, en] as [string, string],
      })),
      rows: tables[code].rows.map(({ keys, sums }) => ({ keys, figures: figuresOfRow(code, sums) })),
      sum: figuresOfRow(code, wholeOf(tables[code])),
    }))
}

/** With the words that were filed with that time, or were the last to be. */
async function checksOf(db: Queryable, filingId: number, round: number | null, checks: readonly Check[]): Promise<Filing['checks']> {
  const { rows } = await db.query<{ said: string[] }>(
    `SELECT s.data -> 'explanations' AS said FROM filing_steps s WHERE s.filing_id = $1 AND s.action = 'fill' AND (s.data ->> 'round')::int <= coalesce($2, 10000)
     ORDER BY s.step DESC LIMIT 1`,
    [filingId, round],
  )
  return checks.map((check) => {
    const key = checkKey(check)
    const said = rows[0]?.said?.find((text) => text.startsWith(`${key}: `))
    return { ...check, values: [...check.values], key, explanation: said === undefined ? null : said.slice(key.length + 2) }
  })
}

async function belowOf(db: Queryable, period: string, { included, missing }: Snapshot): Promise<Filing['below']> {
  const all = [...included, ...missing]
  const { rows } = await db.query<{ organisationId: number; filingId: number; state: FilingState }>(
    'SELECT f.organisation_id AS "organisationId", f.filing_id AS "filingId", f.state FROM filings f WHERE f.period = $1 AND f.organisation_id = ANY($2::int[])',
    [period, all.map(({ organisationId }) => organisationId)],
  )
  const found = new Map(rows.map((row) => [row.organisationId, row]))
  return all.map(({ organisationId, name, kind }, at) => ({
    ...{ organisationId, name, kind },
    filingId: found.get(organisationId)?.filingId ?? null,
    state: found.get(organisationId)?.state ?? null,
    included: at < included.length,
  }))
}

async function historyOf(db: Queryable, filingId: number): Promise<Pick<Filing, 'rounds' | 'steps'>> {
  const { rows: rounds } = await db.query<{ round: number; takenAt: Date; sha256: string; preliminary: boolean }>(
    'SELECT s.round, s.taken_at AS "takenAt", s.sha256, s.preliminary FROM filing_snapshots s WHERE s.filing_id = $1 ORDER BY s.round',
    [filingId],
  )
  const { rows: steps } = await db.query<{ action: string; state: string; at: Date; by: string; reason: string }>(
    'SELECT s.action, s.state, s.at, s.username AS by, s.reason FROM filing_steps s WHERE s.filing_id = $1 ORDER BY s.step',
    [filingId],
  )
  return {
    rounds: rounds.map(({ takenAt, ...round }) => ({ ...round, takenAt: takenAt.toISOString() })),
    steps: steps.map(({ at, ...step }) => ({ ...step, at: at.toISOString() })),
  }
}
