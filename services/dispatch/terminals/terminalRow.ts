// A row of the list of terminals: whose it is to see, its columns, and how they become the answer. List and detail share it.
import type { TerminalRow } from '../../contracts/api/terminals.ts'
import type { Row } from '../../platform/db.ts'

/** SQL over `t`: is it in that state? Plain tests, which the planner can estimate; each terminal is in exactly one. */
export const stateTests: Record<TerminalRow['state'], string> = {
  revoked: 't.revoked_at IS NOT NULL',
  unissued: 't.revoked_at IS NULL AND t.credential_hash IS NULL',
  active: 't.revoked_at IS NULL AND t.credential_hash IS NOT NULL',
}
const stateSql = `CASE ${Object.entries(stateTests)
  .map(([state, test]) => `WHEN ${test} THEN '${state}'`)
  .join(' ')} END`

/**
 * SQL: when the newest position of the vehicle `s` arrived, if it was taken while this terminal was in it. By a sane clock: what a clock that is ahead
 * has said before is not of the terminal that came after it.
 */
const storedAt = `CASE WHEN least(s.ts, s.received_at) >= coalesce(t.bound_since, '-infinity') THEN s.received_at END`

/** Columns over `t`, `v`, `o`, `s` (last state), `c` (when it last spoke) and `q` (its newest message in quarantine that was not mended). */
export const rowColumns = `t.terminal_id, t.version, ${stateSql} AS state, t.model, o.organisation_id, o.name AS organisation_name, v.vehicle_id, v.plate,
  t.bound_since, t.gateway_id, q.last_at AS quarantined_at, ${storedAt} AS stored_at, c.last_at AS contact_at`

/** SQL over a row of the quarantine: was it put through again, and did not come back? */
export const mended = (x: string): string => `(${x}.replayed_at IS NOT NULL AND ${x}.replayed_at >= ${x}.last_at)`

/** SQL: the joins that `rowColumns` needs beside `t`, which is in sight, and `o`. */
export const rowJoins = `LEFT JOIN every_vehicle v ON v.vehicle_id = t.vehicle_id
  LEFT JOIN last_states s ON s.vehicle_id = t.vehicle_id
  LEFT JOIN terminal_contacts c ON c.terminal_id = t.terminal_id
  LEFT JOIN LATERAL (SELECT x.last_at FROM quarantine x WHERE x.terminal_id = t.terminal_id AND NOT ${mended('x')} ORDER BY x.last_at DESC LIMIT 1) q ON true`

export const instantOf = (value: unknown): string | null => (value as Date | null)?.toISOString() ?? null

export function terminalRowOf(row: Row): TerminalRow {
  const [refusedAt, stored] = [row.quarantined_at as Date | null, row.stored_at as Date | null]
  return {
    terminalId: row.terminal_id as string,
    version: row.version as number,
    state: row.state as TerminalRow['state'],
    model: row.model as string | null,
    organisation: { organisationId: row.organisation_id as number, name: row.organisation_name as string },
    vehicle: row.vehicle_id === null ? null : { vehicleId: row.vehicle_id as number, plate: row.plate as string },
    boundSince: instantOf(row.bound_since),
    gatewayId: row.gateway_id as string | null,
    lastContactAt: instantOf(row.contact_at),
    refusedAt: refusedAt && (!stored || refusedAt >= stored) ? refusedAt.toISOString() : null,
  }
}
