// An account as a row of the list: one SELECT for list and detail.
import type { AccountRow } from '../../contracts/api/identity.ts'
import type { Role } from '../../domain/permissions.ts'
import type { Row } from '../../platform/db.ts'
import { needsCodeSql } from './entry.ts'
import { lockedUntilSql } from './failures.ts'

/** `$1` is now. */
export const accountColumns = `a.*, o.name AS unit_name, ${lockedUntilSql} AS locked_until, q.role AS requested_role,
  s.account_id IS NOT NULL AS second_factor, ${needsCodeSql} AS needs_code, e.expires_at AS code_until`
export const accountJoins = `FROM accounts a
  JOIN organisations o USING (organisation_id)
  LEFT JOIN entry_codes e ON e.account_id = a.account_id AND e.expires_at > $1
  LEFT JOIN role_grants q ON q.account_id = a.account_id AND q.granted_at IS NULL AND q.ended_at IS NULL
  LEFT JOIN second_factors s ON s.account_id = a.account_id`

export const iso = (value: unknown): string | null => (value as Date | null)?.toISOString() ?? null

export const accountRowOf = (row: Row): AccountRow => ({
  accountId: row.account_id as number,
  username: row.username as string,
  displayName: row.display_name as string,
  status: row.status as AccountRow['status'],
  role: row.role as Role | null,
  organisation: { organisationId: row.organisation_id as number, name: row.unit_name as string },
  roleExpiresAt: iso(row.role_expires_at),
  lockedUntil: iso(row.locked_until),
  requestedRole: row.requested_role as Role | null,
  secondFactor: row.second_factor as boolean,
  entry: row.needs_code ? (row.code_until === null ? 'wanted' : 'issued') : 'none',
  demo: row.demo as boolean,
  version: row.version as number,
})
