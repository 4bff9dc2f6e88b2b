// Who looked at what, and why. Written in the transaction of the act it records: no answer leaves without its row.
import type { Queryable } from '../../platform/db.ts'

export type AccessEntry = {
  atMs: number
  accountId: number | null
  username: string
  action:
    | 'session.sign-in'
    | 'session.refused'
    | 'session.sign-out'
    | 'live.purpose'
    | 'vehicle.view'
    | 'track.view'
    | 'trips.view'
    | 'quarantine.replay'
  vehicleId?: number
  from?: Date
  to?: Date
  purpose?: string | null
}

export async function recordAccess(client: Queryable, entry: AccessEntry): Promise<void> {
  await client.query(
    `INSERT INTO access_log (at, account_id, username, action, vehicle_id, from_ts, to_ts, purpose)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      new Date(entry.atMs),
      entry.accountId,
      entry.username,
      entry.action,
      entry.vehicleId ?? null,
      entry.from ?? null,
      entry.to ?? null,
      entry.purpose ?? null,
    ],
  )
}
