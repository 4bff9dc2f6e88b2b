// What the vehicle list, the ledger with its search and quota, and the loading of the live picture cost the embedded database at 23,188 vehicles.
// node --import=tsx bench/live/list.ts
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadLedger } from '../../services/dispatch/live/ledger.ts'
import { readStates } from '../../services/dispatch/live/snapshot.ts'
import { type LedgerQuery, listLedger } from '../../services/dispatch/registry/ledgerList.ts'
import { listOrganisations } from '../../services/dispatch/registry/organisations.ts'
import { listQuotas } from '../../services/dispatch/registry/quotaList.ts'
import { listVehicles, type VehicleQuery } from '../../services/dispatch/registry/vehicleList.ts'
import { seedRegion } from '../../services/embedded/demo/seed.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { migrate } from '../../services/platform/migrate.ts'
import { startEmbedded } from '../../test/harness/embeddedProcess.ts'

const ROUNDS = 40
const given = process.env.TEST_DATABASE_URL
const dataDir = mkdtempSync(join(tmpdir(), 'morin-list-'))
const embedded = given ? undefined : await startEmbedded(dataDir)
const url = given ?? embedded!.url
await migrate(url)
const db = openDatabase({ url, applicationName: 'bench' })
await seedRegion(db, { dataDir, seed: 1 })
const nowMs = Date.now()
await db.query(
  `INSERT INTO last_states (vehicle_id, ts, received_at, lon_e7, lat_e7, speed_dkph, flags, alarms)
   SELECT vehicle_id, now() - make_interval(secs => vehicle_id % 1200), now(), 1117000000, 408000000, vehicle_id % 600, vehicle_id % 2, 0 FROM vehicles
   ON CONFLICT DO NOTHING`,
)
await db.query('ANALYZE')
const { rows } = await db.query<{ lft: number; rgt: number }>(`SELECT lft, rgt FROM organisations WHERE kind = 'region'`)
const reach = { ...rows[0]!, vehicleId: null }

const page = { limit: 50, offset: 0 }
const questions: Record<string, Partial<VehicleQuery>> = {
  firstPage: {},
  lastPage: { offset: 23_000 },
  plate: { q: 'a·12' },
  unit: { q: '财政' },
  driver: { q: '张' },
  nothing: { q: 'zzzz' },
  moving: { status: 'moving' },
  leagueAndClass: { league: '150100', class: 'official' },
}

const ledgerQuestions: Record<string, Partial<LedgerQuery>> = {
  firstPage: {},
  lastPage: { offset: 23_000 },
  plate: { q: 'a·12' },
  plateFragment: { q: '8123' },
  unit: { q: '财政' },
  unitInitials: { q: 'hhhtsczj' },
  unitPinyin: { q: 'caizhengju' },
  driverPinyin: { q: 'wangwei' },
  vin: { q: 'LZ0' },
  nothing: { q: 'zzzz' },
  overQuota: { over: 'quota' },
  overStandard: { over: 'standard' },
  expiring: { expiresInDays: 30 },
  suspendedOfUnit: { state: 'SUSPENDED', organisationId: 40 },
}

async function measure(work: () => Promise<unknown>, rounds = ROUNDS): Promise<{ p50: number; p95: number }> {
  const times: number[] = []
  for (let k = 0; k < rounds; k++) {
    const startedAt = performance.now()
    await work()
    times.push(performance.now() - startedAt)
  }
  times.sort((a, b) => a - b)
  return { p50: Number(times[rounds >> 1]!.toFixed(1)), p95: Number(times[Math.floor(rounds * 0.95)]!.toFixed(1)) }
}

const nothingCleared = { cleared: [], unmasked: [] }
const figures: Record<string, unknown> = {}
for (const [name, question] of Object.entries(questions))
  figures[name] = await measure(() => listVehicles(db, { ...reach, ...nothingCleared }, { ...page, ...question }, nowMs))
const scope = rows[0]!
for (const [name, question] of Object.entries(ledgerQuestions))
  figures[`ledger.${name}`] = await measure(() => listLedger(db, { ...scope, ...nothingCleared }, { ...page, ...question }, nowMs))
const quotaPage = { limit: 50, offset: 0 }
figures['quota.firstPage'] = await measure(() => listQuotas(db, scope, quotaPage, '2026-11-23'))
figures['quota.over'] = await measure(() => listQuotas(db, scope, { ...quotaPage, only: 'over' }, '2026-11-23'))
figures.organisations = await measure(() => listOrganisations(db, { ...reach, ...nothingCleared }, nowMs), 10)
figures.ledger = await measure(() => loadLedger(db, '2026-11-23'), 5)
figures.snapshot = await measure(() => readStates(db, () => undefined), 5)
console.warn(JSON.stringify({ database: given ? 'server' : 'embedded', milliseconds: figures }))
await db.close()
await embedded?.stop()
rmSync(dataDir, { recursive: true, force: true })
