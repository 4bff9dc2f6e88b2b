// What stands before ingest's door on a server broker: sessions that nobody attends, and messages that stay there.
import type { HealthFault } from '../../contracts/healthFaults.ts'
import type { Queryable } from '../../platform/db.ts'

export type UnattendedSession = { clientId: string; worker: string | null; since: Date }

/** Workers say every second that they live, and take over from each other after six. */
const UNATTENDED_S = 10
/** More than workers that keep up have on the way at any moment. */
const MANY = 1_000

/** Sessions that the broker has and that no live worker holds. */
export async function readUnattended(db: Queryable): Promise<UnattendedSession[]> {
  const { rows } = await db.query<UnattendedSession>(
    `SELECT client_id AS "clientId", worker, seen_at AS since FROM broker_sessions
     WHERE opened_at IS NOT NULL AND seen_at < now() - make_interval(secs => $1) ORDER BY client_id`,
    [UNATTENDED_S],
  )
  return rows
}

/** `least`: the fewest messages that the broker held in the last minute. */
export function faultsOfSessions(sessions: readonly UnattendedSession[], least: number): HealthFault[] {
  return [
    ...sessions.map(({ clientId, worker, since }): HealthFault => {
      return { code: 'session.unattended', values: { session: clientId, worker: worker ?? '', since: since.toISOString() } }
    }),
    ...(least > MANY ? [{ code: 'broker.held' as const, values: { n: least } }] : []),
  ]
}
