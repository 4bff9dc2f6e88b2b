// Who keeps a server broker's accounts as the database has the terminals, and has fallen silent (services/embedded/mosquitto/watch.ts).
import type { HealthFault } from '../../contracts/healthFaults.ts'
import type { Queryable } from '../../platform/db.ts'

export type SilentWatch = { place: string; since: Date }

/** A watch says each second that it lives. */
const SILENT_S = 10
/** After so long it was taken away, and somebody writes the files by hand. */
const FORGOTTEN_DAYS = 7

/** Watches that were heard of lately and are not now. */
export async function readSilentWatches(db: Queryable): Promise<SilentWatch[]> {
  const { rows } = await db.query<SilentWatch>(
    `SELECT place, seen_at AS since FROM account_watches
      WHERE seen_at < now() - make_interval(secs => $1) AND seen_at > now() - make_interval(days => $2) ORDER BY place`,
    [SILENT_S, FORGOTTEN_DAYS],
  )
  return rows
}

export const faultsOfWatches = (watches: readonly SilentWatch[]): HealthFault[] =>
  watches.map(({ place, since }) => ({ code: 'accounts.unkept', values: { place, since: since.toISOString() } }))
