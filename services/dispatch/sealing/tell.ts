// Seals as a caller is told of them, with what he may do.
import type { Seal } from '../../contracts/api/sealing.ts'
import type { Queryable } from '../../platform/db.ts'
import { may, type Who } from '../kernel/caller.ts'
import { listPermitted } from '../kernel/procedure.ts'
import { sealProcedure } from './procedure.ts'
import { loadSeals, takesPhotos } from './sealRows.ts'

/** `where`: SQL as for loadSeals. */
export async function tellSeals(db: Queryable, who: Who, where: string, values: readonly unknown[], nowMs: number): Promise<Seal[]> {
  const rows = await loadSeals(db, who, where, values)
  const actions = await listPermitted(db, sealProcedure, who, rows, nowMs)
  return rows.map(({ told, state }, n) => ({
    ...told,
    mayAct: actions[n] as Seal['mayAct'],
    mayAddPhoto: may(who.caller, 'ledger.draft') && takesPhotos(state),
  }))
}
