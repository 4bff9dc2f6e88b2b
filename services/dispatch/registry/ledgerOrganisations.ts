// The organisation tree as the ledger shows it: now, or as it was at an instant; and what an act would reach.

import type { LedgerOrganisation } from '../../contracts/api/ledger.ts'
import type { AnswerOf } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Scope } from '../kernel/caller.ts'
import { organisationAnswer } from './organisationChange.ts'
import { countReached, judgeClose, judgeMerge, judgeMove } from './organisationRules.ts'
import { organisationColumns, unitOf } from './units.ts'

/** Parents before children; the scope's own root has no parent in the answer, because what is above it is out of sight. */
export async function listLedgerOrganisations(db: Queryable, scope: Scope, closed: boolean): Promise<LedgerOrganisation[]> {
  const { rows } = await db.query(
    `SELECT ${organisationColumns} FROM organisations WHERE lft BETWEEN $1 AND $2 AND ($3 OR closed_at IS NULL) ORDER BY lft`,
    [scope.lft, scope.rgt, closed],
  )
  return rows.map((row) => ({ ...organisationAnswer(unitOf(row)), ...(row.lft === scope.lft ? { parentId: null } : {}) }))
}

/** Names and places in the tree as they were at `at`, of the organisations that are in scope today. Scope is a right of today. */
export async function listOrganisationsAsOf(db: Queryable, scope: Scope, at: Date): Promise<LedgerOrganisation[]> {
  const { rows } = await db.query(
    `SELECT p.organisation_id, p.parent_id, p.kind, p.adcode, p.name, o.cost_centre, o.compound_id, o.pool_id, o.closed_at, o.merged_into_id,
            o.version, o.lft, o.rgt
     FROM organisations_as_of($3) p JOIN organisations o USING (organisation_id) WHERE o.lft BETWEEN $1 AND $2 ORDER BY o.lft`,
    [scope.lft, scope.rgt, at],
  )
  return rows.map((row) => ({ ...organisationAnswer(unitOf(row)), ...(row.lft === scope.lft ? { parentId: null } : {}) }))
}

export async function previewOrganisation(
  db: Queryable,
  scope: Scope,
  organisationId: number,
  action: 'move' | 'merge' | 'close',
  targetId: number | undefined,
  today: string,
): Promise<AnswerOf<'previewOrganisation'>> {
  const reached = await countReached(db, scope, organisationId, today)
  const refusals: AnswerOf<'previewOrganisation'>['refusals'] = []
  try {
    if (action === 'close') await judgeClose(db, scope, organisationId)
    else if (targetId === undefined) throw new Refusal('VALIDATION_FAILED')
    else if (action === 'move') await judgeMove(db, scope, organisationId, targetId)
    else await judgeMerge(db, scope, organisationId, targetId)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const issue = error.issues?.[0]
    refusals.push({ reason: issue?.reason ?? error.code, message: error.message, ...(issue?.values ? { values: issue.values } : {}) })
  }
  return { ...reached, refusals }
}
