// Filings as they are stored, and those that a caller reaches: of the organisations of his scope.
import { Refusal } from '../../../contracts/errors.ts'
import type { FilingState } from '../../../domain/filing/filings.ts'
import type { FiledFacts, Snapshot } from '../../../domain/filing/snapshot.ts'
import type { OrganisationKind } from '../../../domain/vehicle.ts'
import type { Queryable, Row } from '../../../platform/db.ts'
import type { Deed } from '../../kernel/act.ts'
import { announceFiling } from '../../kernel/announce.ts'
import type { Scope } from '../../kernel/caller.ts'
import { type Step, type Stepped, type Taken, takersSql } from '../../kernel/procedure.ts'

export const TABLE = {
  table: 'filings',
  key: 'filing_id',
  steps: 'filing_steps',
  announce: (deed: Deed, id: number, { action, reason }: Pick<Step, 'action' | 'reason'>) => announceFiling(deed, id, action, reason),
} as const

export type StoredFiling = Stepped & {
  state: FilingState
  organisation: { organisationId: number; name: string; kind: OrganisationKind; lft: number }
  period: string
  since: Date
  round: number
  dueOn: string
}

export const columns = `f.filing_id, f.state, f.period, f.since, f.round, f.due_on::text AS due_on, f.version, o.organisation_id, o.name, o.kind, o.lft,
  ${takersSql(TABLE, 'f')} AS takers`
export const FROM = 'FROM filings f JOIN organisations o USING (organisation_id)'

export const filingOf = (row: Row): StoredFiling => ({
  id: row.filing_id as number,
  state: row.state as FilingState,
  organisation: {
    organisationId: row.organisation_id as number,
    name: row.name as string,
    kind: row.kind as OrganisationKind,
    lft: row.lft as number,
  },
  period: row.period as string,
  since: row.since as Date,
  round: row.round as number,
  dueOn: row.due_on as string,
  takers: row.takers as Taken[],
  version: row.version as number,
})

/** `lock` as SQL. @throws Refusal NOT_FOUND out of the scope */
export async function loadFiling(db: Queryable, { lft, rgt }: Scope, id: number, lock = ''): Promise<StoredFiling> {
  const { rows } = await db.query(`SELECT ${columns} ${FROM} WHERE f.filing_id = $1 AND o.lft BETWEEN $2 AND $3 ${lock}`, [id, lft, rgt])
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return filingOf(rows[0])
}

export type Filed = { round: number; takenAt: Date; sha256: string; preliminary: boolean; snapshot: Snapshot; facts: FiledFacts }

/** What was filed then. @throws Refusal NOT_FOUND where it was not filled so often */
export async function readSnapshot(db: Queryable, filingId: number, round: number): Promise<Filed> {
  const { rows } = await db.query(
    'SELECT s.round, s.taken_at, s.sha256, s.preliminary, s.body, s.facts FROM filing_snapshots s WHERE s.filing_id = $1 AND s.round = $2',
    [filingId, round],
  )
  const row = rows[0]
  if (!row) throw new Refusal('NOT_FOUND')
  return {
    round: row.round as number,
    takenAt: row.taken_at as Date,
    sha256: row.sha256 as string,
    preliminary: row.preliminary as boolean,
    snapshot: JSON.parse(row.body as string) as Snapshot,
    facts: JSON.parse(row.facts as string) as FiledFacts,
  }
}
