// An unmasking as a row, as whoever asked sees it, and as whoever decides sees it.
import type { DecidableUnmasking, OwnUnmasking } from '../../contracts/api/secrecy.ts'
import { dayAt } from '../../domain/days.ts'
import { unmaskingStateAt } from '../../domain/lifecycle.ts'
import type { UnmaskingState } from '../../domain/secrecy.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import type { Who } from '../kernel/caller.ts'
import { isSamePerson } from '../kernel/persons.ts'
import { ruleFor } from './policy.ts'

export type Decidable = DecidableUnmasking
export type Stored = Row & {
  unmasking_id: number
  account_id: number
  username: string
  asked: string
  hours: number
  state: UnmaskingState
  version: number
  asked_at: Date
  decided_at: Date | null
  until: Date | null
  secret_no: number | null
  /** Where the asking account belonged, and how far it reaches now. */
  home_lft: number
  reach_lft: number
  reach_rgt: number
}

export const unmaskingSql = `
  SELECT r.*, h.lft AS home_lft, h.name AS organisation, a.username, a.display_name, w.lft AS reach_lft, w.rgt AS reach_rgt,
         d.username AS decided_username, d.display_name AS decided_name, e.username AS end_username, e.display_name AS end_name,
         v.vehicle_id, v.plate
  FROM unmaskings r JOIN accounts a USING (account_id)
  JOIN organisations h ON h.organisation_id = r.organisation_id JOIN organisations w ON w.organisation_id = a.organisation_id
  LEFT JOIN accounts d ON d.account_id = r.decided_by LEFT JOIN accounts e ON e.account_id = r.ended_by
  LEFT JOIN secret_vehicles s ON s.secret_no = r.secret_no AND NOT s.lifted LEFT JOIN every_vehicle v ON v.vehicle_id = s.vehicle_id`

export async function findUnmasking(db: Queryable, unmaskingId: number): Promise<Stored | undefined> {
  const { rows } = await db.query<Stored>(`${unmaskingSql} WHERE r.unmasking_id = $1`, [unmaskingId])
  return rows[0]
}

const iso = (value: unknown): string => (value as Date).toISOString()

function unmaskingOf(row: Stored, nowMs: number) {
  const state = unmaskingStateAt(row.state, row.until?.getTime() ?? null, nowMs)
  return {
    unmaskingId: row.unmasking_id,
    asked: row.asked,
    purpose: row.purpose as string,
    hours: row.hours,
    askedAt: iso(row.asked_at),
    askedBy: { username: row.username, displayName: row.display_name as string, organisation: row.organisation as string },
    state,
    decided: row.decided_at
      ? {
          at: iso(row.decided_at),
          by: { username: row.decided_username as string, displayName: row.decided_name as string },
          reason: row.decided_reason as string,
        }
      : null,
    until: row.until ? iso(row.until) : null,
    ended:
      state === 'expired'
        ? { at: iso(row.until), by: null, reason: '' }
        : row.ended_at
          ? {
              at: iso(row.ended_at),
              by: row.end_username === null ? null : { username: row.end_username as string, displayName: row.end_name as string },
              reason: (row.ended_reason as string | null) ?? '',
            }
          : null,
  }
}

export function ownOf(row: Stored, nowMs: number): OwnUnmasking {
  const unmasking = unmaskingOf(row, nowMs)
  const runs = unmasking.state === 'approved' && row.vehicle_id !== null
  return { ...unmasking, vehicle: runs ? { vehicleId: row.vehicle_id as number, plate: row.plate as string } : null }
}

type Meant = { vehicleId: number; secretNo: number | null; id: number; name: string; adcode: string; lft: number }

/** What was asked for, as far as the caller's scope goes. A decided one stays what it was decided to be. */
export async function decidableOf(db: Queryable, { caller, reach }: Who, row: Stored, nowMs: number): Promise<Decidable> {
  if (await isSamePerson(db, caller.accountId, row.account_id)) {
    const { maxHours } = await ruleFor(db, reach, dayAt(nowMs))
    return { ...unmaskingOf(row, nowMs), finding: null, secretNo: null, unit: null, maxHours, mayDecide: false }
  }
  const { rows } = await db.query<Meant>(
    `SELECT v.vehicle_id AS "vehicleId", s.secret_no AS "secretNo", u.organisation_id AS id, u.name, u.adcode, u.lft
     FROM every_vehicle v JOIN organisations u ON u.organisation_id = v.user_unit_id
     LEFT JOIN secret_vehicles s ON s.vehicle_id = v.vehicle_id AND NOT s.lifted AND v.secrecy
     WHERE u.lft BETWEEN $3 AND $4 AND CASE WHEN $2::int IS NOT NULL THEN s.secret_no = $2 ELSE v.plate = $1 OR s.secret_no::text = $1 END`,
    [row.asked, row.secret_no, reach.lft, reach.rgt],
  )
  const meant = rows[0]
  const reached = meant !== undefined && meant.lft >= row.reach_lft && meant.lft <= row.reach_rgt
  const secret = meant?.secretNo ?? null
  const { maxHours } = await ruleFor(db, meant ?? reach, dayAt(nowMs))
  return {
    ...unmaskingOf(row, nowMs),
    finding: !meant ? 'none' : secret === null ? 'open' : reached ? 'secret' : 'outOfReach',
    secretNo: secret,
    unit: meant && secret !== null ? { organisationId: meant.id, name: meant.name, adcode: meant.adcode } : null,
    maxHours,
    mayDecide: row.state === 'pending',
  }
}
