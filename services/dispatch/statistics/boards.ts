// Dashboards: sums are prepared in the background, the stalest first, a bounded time at once, and read by organisation: some hundred rows, whatever the fleet. They are sums of the same facts as
// statistics (sumUp.ts), rolled up by the tree of today, as rights are.
import type { z } from 'zod'
import type { Board, BoardChart } from '../../contracts/api/boards.ts'
import type { Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { DAY_MS, dayAt } from '../../domain/days.ts'
import {
  type ChartName,
  chartNames,
  chartOf,
  measureOf,
  monthly,
  monthsOf,
  preparedBy,
  preparedTables,
  type SeriesOf,
  yearsOf,
} from '../../domain/statistics/boards.ts'
import { daysOfPeriod, readPeriod } from '../../domain/statistics/period.ts'
import { addSums, type Dimension, type Sums, type TableCode } from '../../domain/statistics/table.ts'
import { neededFor, statisticsTables } from '../../domain/statistics/tables.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import { grantFor, may, type Who } from '../kernel/caller.ts'
import { sumUp } from './sumUp.ts'

/** How old sums may be: of what goes on, of what was over lately, of what is long over. */
const FRESH_MS = 15 * 60_000
const LATE_MS = 6 * 3_600_000
const OLD_MS = DAY_MS
/** A region's table of a year is half a second of the database: one is prepared, and others only while this is not over. */
const BUDGET_MS = 400
const WHOLE = { lft: 0, rgt: 2_147_483_647 }

type Code = TableCode | 'T8told'
type Piece = { period: string; code: Code }

/** All that is to be prepared, what is looked at most first. */
function piecesAt(today: string): (Piece & { freshMs: number })[] {
  const [year, month] = [today.slice(0, 4), today.slice(0, 7)]
  const codes = (tables: readonly TableCode[]): Code[] => tables.flatMap((table): Code[] => (table === 'T8' ? ['T8', 'T8told'] : [table]))
  const of = (period: string, tables: readonly TableCode[], freshMs: number) => codes(tables).map((code) => ({ period, code, freshMs }))
  const before = String(Number(year) - 1)
  return [
    ...of(year, preparedTables, FRESH_MS),
    ...[...monthsOf(year)].reverse().flatMap((one) => (one > month ? [] : of(one, monthly, one === month ? FRESH_MS : LATE_MS))),
    ...[...yearsOf(year)].reverse().flatMap((one) => (one === year ? [] : of(one, preparedTables, one === before ? LATE_MS : OLD_MS))),
    ...monthsOf(before).flatMap((one) => of(one, monthly, OLD_MS)),
  ]
}

/** @returns how many tables of a period were prepared */
export async function prepareBoards(db: Database, nowMs: number, budgetMs = BUDGET_MS): Promise<number> {
  const { rows } = await db.query<Piece & { at: Date }>('SELECT period, code, prepared_at AS at FROM board_prepared')
  const known = new Map(rows.map(({ period, code, at }) => [`${period} ${code}`, at.getTime()]))
  const due = piecesAt(dayAt(nowMs)).filter(({ period, code, freshMs }) => nowMs - (known.get(`${period} ${code}`) ?? 0) >= freshMs)
  const startedAt = performance.now()
  let done = 0
  for (const piece of due) {
    await prepare(db, piece, nowMs)
    done++
    if (performance.now() - startedAt >= budgetMs) break
  }
  return done
}

async function prepare(db: Database, { period, code }: Piece, nowMs: number): Promise<void> {
  const table = code === 'T8told' ? 'T8' : code
  const days = daysOfPeriod(period)!
  const today = dayAt(nowMs)
  const told = { period, ...days, until: [days.until, today].sort()[0]! }
  const dimension = (preparedBy as Partial<Record<TableCode, Dimension>>)[table]
  const { groups } = await sumUp(
    db,
    {
      code: table,
      table: statisticsTables[table],
      by: dimension ? ['unit', dimension] : ['unit'],
      tests: code === 'T8told' ? ['f.known'] : [],
    },
    { scope: WHOLE },
    told,
  )
  const { rows: tree } = await db.query<{ id: number; parentId: number | null }>(
    'SELECT organisation_id AS id, parent_id AS "parentId" FROM organisations',
  )
  const parents = new Map(tree.map(({ id, parentId }) => [id, parentId]))
  const sums = new Map<number, Record<string, Sums>>()
  for (const { keys, sums: own } of groups.values()) {
    const key = keys[1] ?? ''
    for (let id: number | null | undefined = Number(keys[0]); id != null; id = parents.get(id)) {
      const all = sums.get(id) ?? {}
      all[key] = all[key] ? addSums(all[key], own) : own
      sums.set(id, all)
    }
  }
  const kept = [...sums].filter(([id]) => parents.has(id))
  await db.transaction(async (client) => {
    await client.query('DELETE FROM board_facts WHERE period = $1 AND code = $2', [period, code])
    await client.query(
      'INSERT INTO board_facts (period, code, organisation_id, sums) SELECT $1, $2, * FROM unnest($3::int[], $4::jsonb[]) ON CONFLICT DO NOTHING',
      [period, code, kept.map(([id]) => id), kept.map(([, all]) => JSON.stringify(all))],
    )
    await client.query(
      'INSERT INTO board_prepared (period, code, prepared_at) VALUES ($1, $2, $3) ON CONFLICT (period, code) DO UPDATE SET prepared_at = excluded.prepared_at',
      [period, code, new Date(nowMs)],
    )
  })
}

type Place = { organisationId: number; name: string; kind: Board['organisation']['kind']; lft: number; rgt: number; closed: boolean }

/** @throws Refusal NOT_FOUND for an organisation out of reach; VALIDATION_FAILED for a year that is none, that has not begun, or that lies before those of the plan */
export async function readBoard(
  db: Queryable,
  { caller, reach }: Who,
  query: z.output<Api['readBoard']['query']>,
  nowMs: number,
): Promise<Board> {
  const today = dayAt(nowMs)
  const year = query.year ?? today.slice(0, 4)
  const first = yearsOf(today.slice(0, 4))[0]!
  if (year.length !== 4 || !readPeriod(year))
    throw refusal('VALIDATION_FAILED', 'query.year', 'board.year', { first, last: today.slice(0, 4) })
  if (year > today.slice(0, 4)) throw refusal('VALIDATION_FAILED', 'query.year', 'statistics.future', { today })
  if (year < first) throw refusal('VALIDATION_FAILED', 'query.year', 'board.year', { first, last: today.slice(0, 4) })
  const { rows: places } = await db.query<Place>(
    `SELECT organisation_id AS "organisationId", name, kind, lft, rgt, closed_at IS NOT NULL AS closed FROM organisations
     WHERE organisation_id = coalesce($1, organisation_id) AND lft BETWEEN $2 AND $3 ORDER BY lft LIMIT 1`,
    [query.organisationId ?? null, reach.lft, reach.rgt],
  )
  const place = places[0]
  if (!place) throw new Refusal('NOT_FOUND')
  const { rows: below } = await db.query<Place>(
    `SELECT organisation_id AS "organisationId", name, kind, lft, rgt, false AS closed FROM organisations WHERE parent_id = $1 AND closed_at IS NULL ORDER BY lft`,
    [place.organisationId],
  )
  const shown = chartNames.filter((name) => chartOf(name).series.some(({ table }) => grantFor(caller, neededFor[table]).reach === 'scope'))
  const facts = await readFacts(db, [place.organisationId, ...below.map(({ organisationId }) => organisationId)], year)
  const told = may(caller, 'finding.decide')
  const made = shown.map((name) => chartFor(name))
  return {
    year,
    organisation: { organisationId: place.organisationId, name: place.name, kind: place.kind },
    preparedAt: facts.preparedAt?.toISOString() ?? null,
    charts: made,
  }

  function chartFor(name: ChartName): BoardChart {
    const { words, fills, along, form, series } = chartOf(name)
    const seen = series.filter(({ table }) => grantFor(caller, neededFor[table]).reach === 'scope')
    const codeOf = ({ table }: SeriesOf): Code => (table === 'T8' && !told ? 'T8told' : table)
    const sumsOf = (of: SeriesOf, period: string, id: number): Record<string, Sums> | undefined =>
      facts.sums.get(`${id} ${codeOf(of)} ${period}`)
    const { points, by } = pointsOf()
    const values = seen.map((of) => points.map(({ key, period, organisationId }) => figureOf(of, key, period, organisationId)))
    const periods = [...new Set(points.map(({ period }) => period))].filter((period) => period <= today.slice(0, period.length))
    return {
      chart: name,
      words: pair(words),
      fills: pair(fills),
      form,
      points: points.map(({ key, name: said, period, organisationId }) => ({ key, name: said, period, organisationId })),
      by,
      series: seen.map((of, n) => {
        const { words: called, formula, kind } = measureOf(of)
        return { ...of, words: pair(called), formula: pair(formula), kind, values: values[n]! }
      }),
      filled: values.some((row) => row.some((value) => value !== null && value !== 0)),
      waiting: seen.some((of) => periods.some((period) => !facts.prepared.has(`${codeOf(of)} ${period}`))),
    }

    function pointsOf(): { points: BoardChart['points']; by: Dimension | null } {
      const own = place!.organisationId
      if (along === 'months')
        return { points: monthsOf(year).map((period) => ({ key: null, name: period, period, organisationId: own })), by: null }
      if (along === 'years')
        return { points: yearsOf(year).map((period) => ({ key: null, name: period, period, organisationId: own })), by: null }
      if (along === 'below') {
        const all = below.length > 0 ? below : [place!]
        return { points: all.map((one) => ({ key: null, name: one.name, period: year, organisationId: one.organisationId })), by: null }
      }
      const counts = (key: string) => seen.some((of) => sumsOf(of, year, own)?.[key]?.[measureOf(of).key])
      const keys = [...new Set(seen.flatMap((of) => Object.keys(sumsOf(of, year, own) ?? {})))].filter(counts).sort()
      return { points: keys.map((key) => ({ key, name: null, period: year, organisationId: own })), by: along }
    }
    function figureOf(of: SeriesOf, key: string | null, period: string, id: number): number | null {
      if (!facts.prepared.has(`${codeOf(of)} ${period}`) || period > today.slice(0, period.length)) return null
      const all = sumsOf(of, period, id) ?? {}
      const sums = key === null ? Object.values(all).reduce<Sums>((sum, one) => addSums(sum, one), {}) : (all[key] ?? {})
      const measure = measureOf(of)
      const value = measure.of && !measure.atLeaf ? measure.of(sums) : (sums[measure.key] ?? 0)
      return value === null ? null : Math.round(value * 100) / 100
    }
  }
}

const pair = ([zh, en]: readonly [string, string, ...string[]]): [string, string] => [zh, en]

/** Sums of organisations, of the year, its months and the years before it; and what is prepared at all. */
async function readFacts(db: Queryable, ids: readonly number[], year: string) {
  const [own, ...below] = ids
  const periods = [...yearsOf(year), ...monthsOf(year)]
  const { rows } = await db.query<{ id: number; code: string; period: string; sums: Record<string, Sums> }>(
    `SELECT organisation_id AS id, code, period, sums FROM board_facts WHERE organisation_id = $1 AND period = ANY($2)
     UNION ALL SELECT organisation_id, code, period, sums FROM board_facts WHERE organisation_id = ANY($3::int[]) AND period = $4 AND code = 'T1'`,
    [own, periods, below, year],
  )
  const { rows: done } = await db.query<{ code: string; period: string; at: Date }>(
    'SELECT code, period, prepared_at AS at FROM board_prepared WHERE period = ANY($1)',
    [periods],
  )
  const ofYear = done.filter(({ period }) => period === year).map(({ at }) => at.getTime())
  return {
    sums: new Map(rows.map(({ id, code, period, sums }) => [`${id} ${code} ${period}`, sums])),
    prepared: new Set(done.map(({ code, period }) => `${code} ${period}`)),
    preparedAt: ofYear.length > 0 ? new Date(Math.min(...ofYear)) : undefined,
  }
}
