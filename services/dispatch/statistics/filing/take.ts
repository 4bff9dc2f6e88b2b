// Takes the snapshot of a filing: the organisation's own rows of T1–T8, added up, with what those below it have handed up. Nothing is written.

import { canonicalJson } from '../../../contracts/canonicalJson.ts'
import { refusal } from '../../../contracts/refusals.ts'
import { isRunningSql } from '../../../domain/costBook.ts'
import { dayStartMs } from '../../../domain/days.ts'
import { lastInstant, lastOver, readFilingPeriod } from '../../../domain/filing/filings.ts'
import {
  addTables,
  type FiledFact,
  type FiledFacts,
  type FiledTables,
  filedBy,
  noTables,
  type Snapshot,
} from '../../../domain/filing/snapshot.ts'
import type { Period } from '../../../domain/statistics/period.ts'
import { addSums, leafSums, type Sums, tableCodes } from '../../../domain/statistics/table.ts'
import { statisticsTables } from '../../../domain/statistics/tables.ts'
import type { OrganisationKind } from '../../../domain/vehicle.ts'
import { sha256 } from '../../../platform/crypto.ts'
import type { Database, Queryable } from '../../../platform/db.ts'
import { factsOf } from '../facts.ts'
import { columnsOf } from '../sumUp.ts'

export type Taken = { snapshot: Snapshot; body: string; sha256: string; facts: string }
type Node = { organisationId: number; name: string; kind: OrganisationKind; adcode: string; parentId: number | null }

export const hashOf = (text: string): string => sha256(text).toString('hex')

/**
 * The days that are counted. @throws Refusal VALIDATION_FAILED for a period that is no year or month, or has not begun; and, unless it is to be `preliminary`,
 * for one that is not over, with the last one that is
 */
export function daysToFile(period: string, today: string, preliminary: boolean): { days: Period; preliminary: boolean } {
  const days = readFilingPeriod(period)
  if (!days) throw refusal('VALIDATION_FAILED', 'body.period', 'filing.period')
  if (days.from > today) throw refusal('VALIDATION_FAILED', 'body.period', 'statistics.future', { today })
  const over = days.until < today
  if (!over && !preliminary)
    throw refusal('CONFLICT', 'body.data.preliminary', 'filing.notOver', { day: days.until, last: lastOver(period, today) })
  return { days: over ? days : { ...days, until: today }, preliminary: !over }
}

/** @throws Refusal CONFLICT for an organisation that there was not when the period ended */
export async function takeSnapshot(
  db: Database,
  { organisationId, period }: { organisationId: number; period: string },
  { days, preliminary }: ReturnType<typeof daysToFile>,
  nowMs: number,
): Promise<Taken> {
  const { from, until } = days
  const tree = await treeOn(db, lastInstant(until))
  const own = tree.get(organisationId)
  if (!own) throw refusal('CONFLICT', 'body', 'filing.unknownThen', { day: until })
  const children = [...tree.values()].filter(({ parentId }) => parentId === organisationId)
  const facts = await ownFacts(db, organisationId, days)
  const below = await handedUpBy(db, children, period)
  const { rows: booked } = await db.query<{ fen: number }>(
    `SELECT coalesce(sum(e.fen), 0)::float8 AS fen FROM cost_entries e WHERE e.unit_id = $1 AND e.day BETWEEN $2 AND $3 AND ${isRunningSql('e')}`,
    [organisationId, from, until],
  )
  const factsText = canonicalJson(facts)
  const snapshot: Snapshot = {
    form: 'morin-filing-1',
    organisation: { organisationId, name: own.name, kind: own.kind, adcode: own.adcode },
    above: aboveOf(tree, own),
    ...{ period, from, until, preliminary, takenAt: new Date(nowMs).toISOString() },
    tables: addTables([tablesOf(facts), ...below.map(({ snapshot }) => snapshot.tables)]),
    bookFen: below.reduce((sum, { snapshot }) => sum + snapshot.bookFen, booked[0]!.fen),
    included: below.map(({ node, filingId, round, hash }) => ({ ...nameOf(node), filingId, round, sha256: hash })),
    missing: children.filter((node) => !below.some((each) => each.node === node)).map(nameOf),
    moved: movedIn(await treeOn(db, new Date(dayStartMs(from))), tree, organisationId),
    own: { rows: Object.values(facts).flat().length, sha256: hashOf(factsText) },
  }
  const body = canonicalJson(snapshot)
  return { snapshot, body, sha256: hashOf(body), facts: factsText }
}

const nameOf = ({ organisationId, name, kind }: Node) => ({ organisationId, name, kind })

/** Organisations that there were at the instant, with what was above each. */
async function treeOn(db: Queryable, at: Date): Promise<Map<number, Node>> {
  const { rows } = await db.query<Node>(
    `SELECT p.organisation_id AS "organisationId", p.parent_id AS "parentId", p.kind, p.adcode, p.name
     FROM organisations_as_of($1) p JOIN organisations o USING (organisation_id) ORDER BY o.lft`,
    [at],
  )
  return new Map(rows.map((row) => [row.organisationId, row]))
}

function aboveOf(tree: Map<number, Node>, { parentId }: Node): string[] {
  const names: string[] = []
  const passed = new Set<number>()
  for (let id = parentId; id !== null && !passed.has(id); id = tree.get(id)?.parentId ?? null) {
    passed.add(id)
    const node = tree.get(id)
    if (node) names.push(node.name)
  }
  return names
}

/** Those that stood under the organisation at one end of the period alone; one that was founded or closed in it did not move. */
function movedIn(then: Map<number, Node>, tree: Map<number, Node>, organisationId: number): Snapshot['moved'] {
  const name = (id: number | null) => (id === null ? null : ((tree.get(id) ?? then.get(id))?.name ?? null))
  return [...tree.values()].flatMap((node) => {
    const before = then.get(node.organisationId)
    if (!before || before.parentId === node.parentId) return []
    if (before.parentId !== organisationId && node.parentId !== organisationId) return []
    return [{ ...nameOf(node), from: name(before.parentId), to: name(node.parentId) }]
  })
}

/** The rows of the organisation's own. Of findings those that somebody was told of. */
async function ownFacts(db: Database, organisationId: number, days: Period): Promise<FiledFacts> {
  const facts: Partial<FiledFacts> = {}
  for (const code of tableCodes) {
    const values: unknown[] = []
    const $ = (value: unknown) => `$${values.push(value)}`
    const columns = columnsOf(code, statisticsTables[code])
    const by = filedBy[code]
    const source = factsOf(code, $, days)
    const { rows } = await db.query(
      `SELECT f.what, f.id, f.vehicle_id, ${[...by, ...columns].map((column) => `f."${column}"`).join(', ')}
       FROM ${source} f WHERE f.unit_id = ${$(organisationId)} ${code === 'T8' ? 'AND f.known' : ''} ORDER BY f.what, f.id, f.vehicle_id, f.at`,
      values,
    )
    facts[code] = rows.map(
      (row): FiledFact => ({
        what: row.what as string,
        id: row.id as number | null,
        vehicleId: row.vehicle_id as number | null,
        keys: by.map((dimension) => row[dimension] as string | null),
        adds: Object.fromEntries(columns.map((column) => [column, Number(row[column] ?? 0)]).filter(([, value]) => value !== 0)),
      }),
    )
  }
  return facts as FiledFacts
}

/** What rows add up to, with what is computed before it is added up. */
function tablesOf(facts: FiledFacts): FiledTables {
  const tables = noTables()
  for (const code of tableCodes) {
    const nothing: Sums = Object.fromEntries(columnsOf(code, statisticsTables[code]).map((column) => [column, 0]))
    const rows = new Map<string, { keys: (string | null)[]; sums: Sums }>()
    for (const { keys, adds } of facts[code]) {
      const name = JSON.stringify(keys)
      rows.set(name, { keys, sums: addSums(rows.get(name)?.sums ?? nothing, adds) })
    }
    tables[code].rows = [...rows]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { keys, sums }]) => ({ keys, sums: rounded(leafSums(statisticsTables[code], sums)) }))
  }
  return tables
}

/** Kilometres and hours to the thousandth: the same rows are the same text. */
const rounded = (sums: Sums): Record<string, number | null> =>
  Object.fromEntries(Object.entries(sums).map(([key, value]) => [key, value === null ? null : Math.round(value * 1000) / 1000]))

type Below = { node: Node; filingId: number; round: number; hash: string; snapshot: Snapshot }

/** What the organisations have handed up for the period. */
async function handedUpBy(db: Queryable, children: readonly Node[], period: string): Promise<Below[]> {
  const { rows } = await db.query<{ organisationId: number; filingId: number; round: number; hash: string; body: string }>(
    `SELECT f.organisation_id AS "organisationId", f.filing_id AS "filingId", f.round, s.sha256 AS hash, s.body
     FROM filings f JOIN filing_snapshots s USING (filing_id, round)
     WHERE f.period = $1 AND f.organisation_id = ANY($2::int[]) AND f.state IN ('SUBMITTED', 'AGGREGATED')`,
    [period, children.map(({ organisationId }) => organisationId)],
  )
  const found = new Map(rows.map((row) => [row.organisationId, row]))
  return children.flatMap((node) => {
    const row = found.get(node.organisationId)
    return row ? [{ node, filingId: row.filingId, round: row.round, hash: row.hash, snapshot: JSON.parse(row.body) as Snapshot }] : []
  })
}
