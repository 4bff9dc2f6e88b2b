// What stands before ingest's door on a server broker: sessions that nobody attends, and messages that stay there.
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
export function noticesOfSessions(sessions: readonly UnattendedSession[], least: number): string[] {
  return [
    ...sessions.map(
      ({ clientId, worker, since }) =>
        `Nobody attends the broker's session ${clientId} (last of ingest worker ${worker ?? 'unknown'}) since ${since.toISOString()}: what terminals send to it waits there until a worker runs.`,
    ),
    ...(least > MANY ? [`For a minute the broker has held at least ${least} messages that no ingest worker has committed.`] : []),
  ]
}
