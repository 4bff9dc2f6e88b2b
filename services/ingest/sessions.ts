// The register of ingest's sessions on a server broker, in the table broker_sessions. Who is alive is judged by the database's clock alone.
import { randomUUID } from 'node:crypto'
import type { SessionRegister } from '../platform/broker/mqttSource.ts'
import { StartupError } from '../platform/config.ts'
import type { Database } from '../platform/db.ts'

/** A process that was not heard of for this long attends nothing any more. */
export const SILENT_S = 6
/** Sessions have few fixed names, so that those that a register has forgotten (a backup was put back) can be looked for. */
export const MAX_WORKERS = 16
const NAME = 'morin/ingest/'

const UNATTENDED = `(holder IS NULL OR seen_at < now() - interval '${SILENT_S} s')`
const TAKE = (which: string, order: string, purpose: string): string => `
UPDATE broker_sessions s SET holder = $1, worker = coalesce($2, s.worker), purpose = '${purpose}', seen_at = now(),
  opened_at = coalesce(s.opened_at, CASE WHEN '${purpose}' = 'serve' THEN now() END)
 FROM (SELECT client_id, worker, opened_at FROM broker_sessions WHERE ${UNATTENDED} AND ${which} ORDER BY ${order} LIMIT 1 FOR UPDATE SKIP LOCKED) found
 WHERE s.client_id = found.client_id RETURNING s.client_id AS "clientId", found.worker`

/** The register as this process uses it; `worker` is how others call it. */
export function createSessionRegister(db: Database, worker: string): SessionRegister {
  const holder = randomUUID()
  type Taken = { clientId: string; worker: string | null }
  return {
    async claim() {
      await db.query(
        `INSERT INTO broker_sessions (client_id) SELECT '${NAME}' || n FROM generate_series(1, ${MAX_WORKERS}) n ON CONFLICT DO NOTHING`,
      )
      // One that a worker has left behind first: it holds what came since.
      const which = `client_id LIKE '${NAME}%'`
      const order = `opened_at, split_part(client_id, '/', 3)::int`
      const { rows } = await db.query<Taken>(TAKE(which, order, 'serve'), [holder, worker])
      if (!rows[0]) throw new StartupError(`There are ${MAX_WORKERS} ingest workers on this broker already; more are not permitted.`)
      return rows[0].clientId
    },
    async beat() {
      const { rows } = await db.query<Taken>(
        `UPDATE broker_sessions SET seen_at = now() WHERE holder = $1 RETURNING client_id AS "clientId"`,
        [holder],
      )
      return new Set(rows.map(({ clientId }) => clientId))
    },
    async adopt() {
      const { rows } = await db.query<Taken>(TAKE('true', 'opened_at', 'drain'), [holder, null])
      return rows[0]
    },
    mayEnd: (clientId) =>
      db.transaction(async (client) => {
        // Of two that leave at once one stays for the other to see.
        await client.query('LOCK TABLE broker_sessions IN SHARE ROW EXCLUSIVE MODE')
        const { rowCount } = await client.query(
          `UPDATE broker_sessions SET purpose = 'drain' WHERE client_id = $2 AND holder = $1 AND EXISTS (
             SELECT FROM broker_sessions o WHERE o.holder <> $1 AND o.purpose = 'serve' AND o.seen_at >= now() - interval '${SILENT_S} s')`,
          [holder, clientId],
        )
        return rowCount === 1
      }),
    async forget(clientId) {
      await db.query('DELETE FROM broker_sessions WHERE client_id = $2 AND holder = $1', [holder, clientId])
    },
    async release(clientId) {
      await db.query('UPDATE broker_sessions SET holder = NULL, seen_at = now() WHERE client_id = $2 AND holder = $1', [holder, clientId])
    },
  }
}
