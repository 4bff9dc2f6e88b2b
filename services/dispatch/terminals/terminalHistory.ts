// A terminal's history as far as it is the reader's: of the time when it was another unit's, or in a vehicle that he may not see, he is
// told that something was done, when and by whom, and neither what nor why. Its past bindings keep the same law (terminalDetail.ts).
import type { LedgerHistory } from '../../contracts/api/ledger.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Sight, Who } from '../kernel/caller.ts'
import { HISTORY_PAGE, sayHistory } from '../kernel/history.ts'
import { type HistoryEntry, listHistory } from '../kernel/record.ts'
import { openVehicles } from '../kernel/sight.ts'

type Fields = { organisationId?: unknown; vehicleId?: unknown }

/** For whoever sees the terminal as it is now. */
export async function readTerminalHistory(db: Queryable, who: Who, terminalId: string, beforeSeq?: number): Promise<LedgerHistory> {
  const entries = withoutForeign(await listDownTo(db, terminalId, beforeSeq), await findInSight(db, who.reach, terminalId))
  return sayHistory(db, who, entries.filter(({ seq }) => beforeSeq === undefined || seq < beforeSeq).slice(0, HISTORY_PAGE))
}

/** All that is newer too: whose it was then follows from what happened since. */
async function listDownTo(db: Queryable, terminalId: string, beforeSeq = Number.POSITIVE_INFINITY): Promise<HistoryEntry[]> {
  const entries: HistoryEntry[] = []
  for (;;) {
    const last = entries.at(-1)?.seq
    const page = await listHistory(db, { type: 'terminal', id: terminalId }, { limit: HISTORY_PAGE, ...(last ? { beforeSeq: last } : {}) })
    entries.push(...page)
    if (page.length < HISTORY_PAGE || entries.filter(({ seq }) => seq < beforeSeq).length >= HISTORY_PAGE) return entries
  }
}

type InSight = { vehicles: ReadonlySet<unknown>; organisations: ReadonlySet<unknown> }

/** Vehicles that the terminal was in and organisations whose it may have been, as far as they are the reader's. */
async function findInSight(db: Queryable, scope: Sight, terminalId: string): Promise<InSight> {
  const { rows: vehicles } = await db.query<{ id: number }>(
    `SELECT v.vehicle_id AS id FROM ${openVehicles('$4')} v JOIN organisations o ON o.organisation_id = v.user_unit_id
     WHERE v.vehicle_id IN (SELECT vehicle_id FROM terminal_past_bindings WHERE terminal_id = $1 UNION SELECT vehicle_id FROM terminals WHERE terminal_id = $1)
       AND o.lft BETWEEN $2 AND $3`,
    [terminalId, scope.lft, scope.rgt, scope.cleared],
  )
  const { rows: organisations } = await db.query<{ id: number }>(
    'SELECT organisation_id AS id FROM organisations WHERE lft BETWEEN $1 AND $2',
    [scope.lft, scope.rgt],
  )
  return { vehicles: new Set(vehicles.map(({ id }) => id)), organisations: new Set(organisations.map(({ id }) => id)) }
}

/** `entries`: newest first, from now on. */
export function withoutForeign(entries: readonly HistoryEntry[], inSight: InSight): HistoryEntry[] {
  let own = true
  return entries.map((entry) => {
    const after = own && isOwn(entry.after, inSight) !== false
    own = isOwn(entry.before, inSight) ?? after
    return {
      ...entry,
      before: own ? entry.before : null,
      after: after ? entry.after : null,
      detail: own && after ? entry.detail : undefined,
      purpose: after ? entry.purpose : null,
    } as HistoryEntry
  })
}

/** Is a terminal of which this is said the reader's? undefined = it does not say. */
function isOwn(said: object | null | undefined, { vehicles, organisations }: InSight): boolean | undefined {
  const { organisationId, vehicleId } = (said ?? {}) as Fields
  if (typeof vehicleId === 'number') return vehicles.has(vehicleId)
  return typeof organisationId === 'number' ? organisations.has(organisationId) : undefined
}
