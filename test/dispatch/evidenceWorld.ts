// A case with a track that has a gap and a position without a fix, and the people who look at it.
import type { Test } from 'tap'
import type { AuditBody } from '../../services/contracts/auditRecord.ts'
import type { EvidenceDesk } from '../../services/dispatch/cases/evidence/desk.ts'
import { furnishOrders } from './matrix/orderSite.ts'
import { NOW_MS } from './region.ts'
import { ask, openRegion, startWorld } from './world.ts'

export { NOW_MS }

export async function openTogether(t: Test, evidence: EvidenceDesk | undefined) {
  const db = await openRegion(t)
  await db.query(
    `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, demo)
     SELECT 'inspector.two', '示例 two', password_hash, 'inspector', 2, true FROM accounts WHERE username = 'inspector'`,
  )
  const startMs = NOW_MS - 2 * 3_600_000
  // Three fixes, one without a fix among them, an hour of nothing, three more.
  const fixes = [0, 10, 20, 30, 3_600, 3_610, 3_620].map((s, n) => ({
    s,
    lon: n === 3 ? 0 : 1_117_000_000 + n * 1_000,
    lat: n === 3 ? 0 : 408_000_000 + n * 1_000,
  }))
  for (const { s, lon, lat } of fixes)
    await db.query(
      'INSERT INTO positions (vehicle_id, ts, received_at, lon_e7, lat_e7, speed_dkph, flags, alarms) VALUES (201, $1, $2, $3, $4, 305, 1, 0)',
      [new Date(startMs + s * 1000), new Date(startMs + s * 1000 + 1_500), lon, lat],
    )
  await db.query(`INSERT INTO position_flags (vehicle_id, started_at, ended_at, reason, positions) VALUES (201, $1, $1, 'zero', 1)`, [
    new Date(startMs + 30_000),
  ])
  const { rows: askers } = await db.query<{ id: number }>(`SELECT account_id AS id FROM accounts WHERE username = 'applicant'`)
  await furnishOrders(db.owner, { unit: 20, asker: askers[0]!.id, vehicle: 201, driver: 1 })
  const world = await startWorld(t, db, {}, { evidence })
  const [inspector, two] = await Promise.all(['inspector', 'inspector.two'].map((name) => world.signIn(name)))
  const at = (hours: number) => new Date(NOW_MS + hours * 3_600_000).toISOString()
  const reason = '核查举报线索'
  const opened = { purpose: reason, basis: '来信举报第 3 号', from: at(-48), until: at(0) }
  return {
    db,
    world,
    inspector: inspector!,
    two: two!,
    at,
    reason,
    open: async (more: object = {}) => (await ask(world, 'openCase', inspector, { body: { ...opened, ...more } })).json(),
    /** The package when its job has ended: each turn the queue has the loop. */
    async settled<T extends { state: string }>(_packageId: number, read: () => Promise<T>): Promise<T> {
      for (;;) {
        const found = await read()
        if (found.state === 'READY' || found.state === 'FAILED') return found
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    records: async () =>
      (await db.query<{ body: string }>('SELECT body FROM audit_log ORDER BY seq')).rows.map(({ body }) => JSON.parse(body) as AuditBody),
  }
}
