// Packages as they are stored, and what a member of their case is told of them.
import { join } from 'node:path'
import type { EvidencePackage } from '../../../contracts/api/evidence.ts'
import type { RefusalReason } from '../../../contracts/refusals.ts'
import { type CaseStanding, type CaseState, type CaseVehicleState, caseNumber } from '../../../domain/cases.ts'
import { type EvidenceState, evidenceNumber } from '../../../domain/evidence.ts'
import type { Queryable } from '../../../platform/db.ts'

export type StoredPackage = {
  packageId: number
  caseId: number
  caseNumber: string
  nth: number
  state: EvidenceState
  purpose: string
  basis: string
  openedAtMs: number
  fromMs: number
  untilMs: number
  vehicleIds: number[]
  leftOut: { plate: string; why: string }[]
  language: 'zh-CN' | 'en'
  askedBy: number
  madeBy: { username: string; displayName: string; organisation: string }
  bytes: number | null
  sha256: Buffer | null
}

const MS = (at: string): string => `(extract(epoch FROM ${at}) * 1000)::float8`

/** @throws Error for one that is not: the number comes from the table itself */
export async function loadPackage(db: Queryable, packageId: number): Promise<StoredPackage> {
  const { rows } = await db.query(
    `SELECT p.package_id, p.case_id, c.year, c.number, p.nth, p.state, c.purpose, c.basis, ${MS('c.opened_at')} AS opened_ms, ${MS('lower(p.during)')} AS from_ms,
       ${MS('upper(p.during)')} AS until_ms, p.vehicle_ids, p.left_out, p.language, p.asked_by, a.username, a.display_name, o.name AS organisation, p.bytes, p.sha256
     FROM evidence_packages p JOIN cases c USING (case_id) JOIN accounts a ON a.account_id = p.asked_by JOIN organisations o ON o.organisation_id = a.organisation_id
     WHERE p.package_id = $1`,
    [packageId],
  )
  const row = rows[0]
  if (!row) throw new Error(`there is no package ${packageId}`)
  return {
    packageId,
    caseId: row.case_id as number,
    caseNumber: caseNumber(row.year as number, row.number as number),
    nth: row.nth as number,
    state: row.state as EvidenceState,
    purpose: row.purpose as string,
    basis: row.basis as string,
    openedAtMs: row.opened_ms as number,
    fromMs: row.from_ms as number,
    untilMs: row.until_ms as number,
    vehicleIds: row.vehicle_ids as number[],
    leftOut: row.left_out as StoredPackage['leftOut'],
    language: row.language as StoredPackage['language'],
    askedBy: row.asked_by as number,
    madeBy: { username: row.username as string, displayName: row.display_name as string, organisation: row.organisation as string },
    bytes: row.bytes === null ? null : Number(row.bytes),
    sha256: row.sha256 as Buffer | null,
  }
}

/** Of each vehicle of a case how a look of the account at it stands; without those that left it, and nothing at all for who is no member or no longer at work. */
export async function loadStandings(
  db: Queryable,
  caseId: number,
  accountId: number,
  vehicleIds: readonly number[],
): Promise<Map<number, CaseStanding>> {
  const { rows } = await db.query(
    `SELECT c.state, ${MS('lower(c.during)')} AS from_ms, ${MS('upper(c.during)')} AS until_ms, cv.vehicle_id, cv.state AS vehicle_state,
       ${MS('lower(cv.released)')} AS released_from, ${MS('upper(cv.released)')} AS released_until
     FROM cases c JOIN case_members m ON m.case_id = c.case_id AND m.account_id = $2 AND m.ended_at IS NULL
       JOIN accounts a ON a.account_id = m.account_id AND a.status = 'active'
       JOIN case_vehicles cv ON cv.case_id = c.case_id AND cv.state <> 'OUT' AND cv.vehicle_id = ANY($3::int[])
     WHERE c.case_id = $1`,
    [caseId, accountId, vehicleIds],
  )
  return new Map(
    rows.map((row) => [
      row.vehicle_id as number,
      {
        state: row.state as CaseState,
        fromMs: row.from_ms as number,
        untilMs: row.until_ms as number,
        vehicle: {
          state: row.vehicle_state as CaseVehicleState,
          released: row.released_from === null ? null : { fromMs: row.released_from as number, untilMs: row.released_until as number },
        },
      },
    ]),
  )
}

/** Its file: named by numbers alone, whatever the case is called. */
export const fileOf = (directory: string, { packageId }: Pick<StoredPackage, 'packageId'>): string =>
  join(directory, `evidence-${packageId}.zip`)

/** The newest first, each with who took it away, the newest first. */
export async function tellPackages(db: Queryable, caseId: number, { limit, offset }: { limit: number; offset: number }) {
  const { rows } = await db.query(
    `SELECT n.total, p.*, lower(p.during) AS from_at, upper(p.during) AS until_at, c.year, c.number, a.display_name AS by,
       (SELECT coalesce(json_agg(json_build_object('downloadId', d.download_id, 'at', to_char(d.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'by', b.username,
          'whole', d.whole, 'ended', d.ended_at IS NOT NULL) ORDER BY d.download_id DESC), '[]')
        FROM (SELECT * FROM evidence_downloads WHERE package_id = p.package_id ORDER BY download_id DESC LIMIT 50) d JOIN accounts b ON b.account_id = d.account_id) AS downloads
     FROM (SELECT count(*) AS total FROM evidence_packages WHERE case_id = $1) n
       LEFT JOIN (SELECT * FROM evidence_packages WHERE case_id = $1 ORDER BY nth DESC LIMIT $2 OFFSET $3) p ON true
       LEFT JOIN cases c ON c.case_id = p.case_id LEFT JOIN accounts a ON a.account_id = p.asked_by ORDER BY p.nth DESC`,
    [caseId, limit, offset],
  )
  const packages = rows
    .filter((row) => row.package_id !== null)
    .map(
      (row): EvidencePackage => ({
        packageId: row.package_id as number,
        number: evidenceNumber(caseNumber(row.year as number, row.number as number), row.nth as number),
        state: row.state as EvidenceState,
        from: (row.from_at as Date).toISOString(),
        until: (row.until_at as Date).toISOString(),
        vehicles: (row.vehicle_ids as number[]).length,
        leftOut: (row.left_out as unknown[]).length,
        by: row.by as string,
        askedAt: (row.asked_at as Date).toISOString(),
        progress: row.progress as number,
        endedAt: row.ended_at === null ? null : (row.ended_at as Date).toISOString(),
        bytes: row.bytes === null ? null : Number(row.bytes),
        sha256: row.sha256 === null ? null : (row.sha256 as Buffer).toString('hex'),
        signedBy: row.signed_by as string | null,
        failure: row.failure as { reason: RefusalReason; values: Record<string, string | number> } | null,
        downloads: row.downloads as EvidencePackage['downloads'],
      }),
    )
  return { total: Number(rows[0]!.total), rows: packages }
}
