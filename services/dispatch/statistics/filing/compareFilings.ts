// What was filed against other figures of the same organisation, line by line: with the vehicles, orders and entries of its own that make the difference, and the
// filings from below.
import type { z } from 'zod'
import type { FilingComparison } from '../../../contracts/api/filing.ts'
import type { Api } from '../../../contracts/api.ts'
import { refusal } from '../../../contracts/refusals.ts'
import { dayAt } from '../../../domain/days.ts'
import { compareFilings, type Line, type Side } from '../../../domain/filing/compare.ts'
import { type FiledFacts, type FiledTables, filedBy, type Snapshot } from '../../../domain/filing/snapshot.ts'
import { yearBefore } from '../../../domain/statistics/period.ts'
import { statisticsTables } from '../../../domain/statistics/tables.ts'
import type { Database, Queryable } from '../../../platform/db.ts'
import type { Who } from '../../kernel/caller.ts'
import { hiddenVehicles } from '../../kernel/sight.ts'
import { loadFiling, readSnapshot } from './rows.ts'
import { daysToFile, takeSnapshot } from './take.ts'
import { maySee } from './tell.ts'

type Asked = z.output<Api['compareFiling']['query']>
type Told = { period: string; round: number | null; takenAt: Date; snapshot: Snapshot; facts: FiledFacts }

const MOST_LINES = 500
const MOST_FACTS = 50

/** @throws Refusal NOT_FOUND; CONFLICT where there is nothing to hold against */
export async function compareFiling(
  db: Database,
  { caller, reach }: Who,
  id: number,
  asked: Asked,
  nowMs: number,
): Promise<FilingComparison> {
  const filing = await loadFiling(db, reach, id)
  const { period, organisation } = filing
  const round = asked.round ?? filing.round
  if (round === 0) throw refusal('CONFLICT', 'query.round', 'filing.neverFilled')
  const own: Told = { period, ...(await readSnapshot(db, id, round)) }
  const [before, after] = await sides()
  const lines = compareFilings(await sideOf(db, before), await sideOf(db, after)).filter(({ table }) => maySee(caller, table))
  const shown = lines.slice(0, MOST_LINES)
  return {
    before: saidOf(before),
    after: saidOf(after),
    total: lines.length,
    lines: await tellLines(db, reach.cleared, shown, before, after),
  }

  async function sides(): Promise<[Told, Told]> {
    if (asked.against === 'today') {
      const taken = await takeSnapshot(
        db,
        { organisationId: organisation.organisationId, period },
        daysToFile(period, dayAt(nowMs), true),
        nowMs,
      )
      return [
        own,
        { period, round: null, takenAt: new Date(nowMs), snapshot: taken.snapshot, facts: JSON.parse(taken.facts) as FiledFacts },
      ]
    }
    if (asked.against === 'before') {
      if (round < 2) throw refusal('CONFLICT', 'query.against', 'filing.noneBefore')
      return [{ period, ...(await readSnapshot(db, id, round - 1)) }, own]
    }
    const year = yearBefore(period)
    const { rows } = await db.query<{ id: number; round: number }>(
      'SELECT f.filing_id AS id, f.round FROM filings f WHERE f.organisation_id = $1 AND f.period = $2 AND f.round > 0',
      [organisation.organisationId, year],
    )
    if (!rows[0]) throw refusal('CONFLICT', 'query.against', 'filing.noneYear', { period: year })
    return [{ period: year, ...(await readSnapshot(db, rows[0].id, rows[0].round)) }, own]
  }
}

const saidOf = ({ period, round, takenAt }: Told): FilingComparison['before'] => ({ period, round, takenAt: takenAt.toISOString() })

/** With the tables of what was added up in it, which are locked as well. */
async function sideOf(db: Queryable, { snapshot, facts }: Told): Promise<Side> {
  const { rows } = await db.query<{ organisationId: number; body: string }>(
    `SELECT f.organisation_id AS "organisationId", s.body FROM unnest($1::int[], $2::int[]) AS n (filing_id, round)
     JOIN filing_snapshots s USING (filing_id, round) JOIN filings f USING (filing_id)`,
    [snapshot.included.map(({ filingId }) => filingId), snapshot.included.map(({ round }) => round)],
  )
  const below = new Map(
    rows.map(({ organisationId, body }): [number, FiledTables] => [organisationId, (JSON.parse(body) as Snapshot).tables]),
  )
  return { tables: snapshot.tables, facts, below }
}

async function tellLines(
  db: Queryable,
  cleared: readonly number[],
  lines: readonly Line[],
  ...told: readonly Told[]
): Promise<FilingComparison['lines']> {
  const vehicleIds = [...new Set(lines.flatMap(({ facts }) => facts.flatMap(({ vehicleId }) => (vehicleId === null ? [] : [vehicleId]))))]
  const { rows } = await db.query<{ vehicleId: number; plate: string; plateColour: 'blue'; hidden: boolean }>(
    `SELECT v.vehicle_id AS "vehicleId", v.plate, v.plate_colour AS "plateColour", EXISTS (SELECT FROM ${hiddenVehicles('$2')} h WHERE h.vehicle_id = v.vehicle_id) AS hidden
     FROM every_vehicle v WHERE v.vehicle_id = ANY($1::int[])`,
    [vehicleIds, cleared],
  )
  const vehicles = new Map(rows.map(({ hidden, ...vehicle }) => [vehicle.vehicleId, hidden ? null : vehicle]))
  const included = new Map(told.flatMap(({ snapshot }) => snapshot.included.map((each) => [each.organisationId, each])))
  return lines.map(({ table, keys, measure: key, before, after, facts, below }) => {
    const { kind, words } = statisticsTables[table].measures.find((one) => one.key === key)!
    // A vehicle that is no longer known at all is told of no more than one that is not seen.
    const seen = facts.filter(({ vehicleId }) => vehicleId === null || vehicles.get(vehicleId))
    return {
      ...{ table, by: [...filedBy[table]], keys, before, after },
      measure: { key, kind, words: [words[0], words[1]] as [string, string] },
      facts: seen
        .slice(0, MOST_FACTS)
        .map(({ vehicleId, ...fact }) => ({ ...fact, vehicle: vehicleId === null ? null : vehicles.get(vehicleId)! })),
      hidden: facts.length - seen.length,
      more: Math.max(0, seen.length - MOST_FACTS),
      below: below.map(({ organisationId, ...change }) => {
        const { name, kind: of, filingId } = included.get(organisationId)!
        return { organisationId, name, kind: of, filingId, ...change }
      }),
    }
  })
}
