// What is on record about terminals and gateways. Each question is one statement, so a terminal and the vehicles it was in are of one moment.
import type { Queryable } from '../platform/db.ts'
import type { BoundTerminal, PastBinding } from './bind.ts'

export type Terminal = BoundTerminal & {
  gatewayId: string | null
  /** null = no secret was issued yet. */
  credentialHash: Uint8Array | null
}
export type Gateway = { gatewayId: string; credentialHash: Uint8Array }

export type Changes = { terminals: Terminal[]; removed: { terminalId: string; revision: number }[] }
type Row = Omit<Terminal, 'past'> & { past: PastBinding[] | null; removed: boolean }

/** Microseconds as a fraction: device times are whole milliseconds, and are compared with it exactly. */
const ms = (time: string): string => `(extract(epoch FROM ${time}) * 1000)::float8`

const select = (which: string, removed = ''): string => `
WITH found AS MATERIALIZED (
  SELECT terminal_id, vehicle_id, gateway_id, credential_hash, revoked_at IS NOT NULL AS revoked, ${ms('bound_since')} AS since, revision
    FROM terminals ${which}
),
past AS (
  SELECT terminal_id, json_agg(json_build_array(p.vehicle_id, ${ms('lower(during)')}, ${ms('upper(during)')}) ORDER BY upper(during)) AS past
    FROM found JOIN terminal_past_bindings p USING (terminal_id) GROUP BY terminal_id
)
SELECT terminal_id AS "terminalId", vehicle_id AS "vehicleId", gateway_id AS "gatewayId", credential_hash AS "credentialHash", revoked,
       since AS "boundSinceMs", revision, past, false AS removed
  FROM found LEFT JOIN past USING (terminal_id) ${removed}`

const REMOVED = `
UNION ALL SELECT terminal_id, NULL, NULL, NULL, false, NULL, revision, NULL, true FROM terminal_removals WHERE revision > $1`

const ALL = select('')
const SOME = select('WHERE terminal_id = ANY($1::text[])')
const CHANGES = select('WHERE revision > $1', REMOVED)
const GATEWAYS = 'SELECT gateway_id AS "gatewayId", credential_hash AS "credentialHash" FROM gateways'

const terminalOf = ({ removed: _removed, past, ...row }: Row): Terminal => ({ ...row, past: past ?? [] })

/** Every terminal. */
export async function readAll(db: Queryable): Promise<Terminal[]> {
  return (await db.query<Row>(ALL)).rows.map(terminalOf)
}

/** Those of `ids` that there are. */
export async function readSome(db: Queryable, ids: readonly string[]): Promise<Terminal[]> {
  return (await db.query<Row>(SOME, [ids])).rows.map(terminalOf)
}

/** What has a higher revision than `since`: revisions are given one transaction after the other, so none below it is still to come. */
export async function readChanges(db: Queryable, since: number): Promise<Changes> {
  const { rows } = await db.query<Row>(CHANGES, [since])
  return {
    terminals: rows.filter(({ removed }) => !removed).map(terminalOf),
    removed: rows.filter(({ removed }) => removed).map(({ terminalId, revision }) => ({ terminalId, revision })),
  }
}

/** The gateways, or those of `ids` that there are. */
export async function readGateways(db: Queryable, ids?: readonly string[]): Promise<Gateway[]> {
  return (await db.query<Gateway>(`${GATEWAYS} WHERE $1::text[] IS NULL OR gateway_id = ANY($1::text[])`, [ids ?? null])).rows
}
