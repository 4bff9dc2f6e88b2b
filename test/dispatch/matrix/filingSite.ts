// A filing of a place: filled twice, and waiting for review.
import { noTables, type Snapshot } from '../../../services/domain/filing/snapshot.ts'
import { tableCodes } from '../../../services/domain/statistics/table.ts'
import type { Database } from '../../../services/platform/db.ts'
import { NOW_MS } from '../region.ts'

export const emptySnapshot = (organisationId: number): Snapshot => ({
  form: 'morin-filing-1',
  organisation: { organisationId, name: '示例', kind: 'unit', adcode: '150102' },
  above: [],
  ...{ period: '2026-02', from: '2026-02-01', until: '2026-02-28', preliminary: false, takenAt: new Date(NOW_MS).toISOString() },
  ...{ tables: noTables(), bookFen: 0, included: [], missing: [], moved: [], own: { rows: 0, sha256: '' } },
})

export async function fileTwice(db: Database, unit: number): Promise<number> {
  const now = new Date(NOW_MS)
  const { rows } = await db.query<{ id: number }>(
    `INSERT INTO filings (organisation_id, period, state, since, round, due_on) VALUES ($1, '2026-02', 'FILLED', $2, 2, '2026-03-10') RETURNING filing_id AS id`,
    [unit, now],
  )
  const { id } = rows[0]!
  const facts = JSON.stringify(Object.fromEntries(tableCodes.map((code) => [code, []])))
  for (const round of [1, 2])
    await db.query(
      `INSERT INTO filing_snapshots (filing_id, round, taken_at, preliminary, sha256, body, facts) VALUES ($1, $2, $3, false, 'x', $4, $5)`,
      [id, round, now, JSON.stringify(emptySnapshot(unit)), facts],
    )
  return id
}
