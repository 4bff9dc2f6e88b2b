// An evidence package of a vehicle's month: how long it takes until it can be downloaded (read, written, reopened, verified, hashed), how large it is, and how long
// each verifier takes with it. While it is made, the loop of the service is watched: others must not wait for it.
import { execFile } from 'node:child_process'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { promisify } from 'node:util'
import { evidenceJob } from '../../services/dispatch/cases/evidence/build.ts'
import { openEvidenceDesk } from '../../services/dispatch/cases/evidence/desk.ts'
import { findingParts } from '../../services/dispatch/cases/findingParts.ts'
import { trackPieces } from '../../services/dispatch/tracks/trackBytes.ts'
import { verifyPackage } from '../../services/evidence/verify.ts'
import type { Database } from '../../services/platform/db.ts'

const EVERY_S = 10

export type EvidenceFigures = {
  positions: number
  packageMs: number
  packageBytes: number
  unpackedBytes: number
  /** The longest that anything else in the process waited, ms. */
  loopMs: number
  verifyMs: number
  programMs: number
}

/**
 * Of a database with the tests' small region, or with the demo's.
 * @param days of one vehicle at a position every ten seconds, the last of which end at `untilMs`
 */
export async function measureEvidence(db: Database, untilMs: number, days: number): Promise<EvidenceFigures> {
  const positions = (days * 86_400) / EVERY_S
  const { rows: open } = await db.query<{ id: number }>('SELECT min(vehicle_id) AS id FROM every_vehicle WHERE NOT secrecy')
  const vehicleId = open[0]!.id
  const fromMs = untilMs - days * 86_400_000
  for (let row = 0; row < positions; row += 50_000)
    await db.query(
      `INSERT INTO positions (vehicle_id, ts, received_at, lon_e7, lat_e7, speed_dkph, heading_deg, altitude_m, odometer_m, satellites, flags, alarms)
       SELECT ${vehicleId}, to_timestamp($1::float8 / 1000) + make_interval(secs => n * ${EVERY_S}), to_timestamp($1::float8 / 1000) + make_interval(secs => n * ${EVERY_S} + 2),
         1117000000 + (200000 * sin(n / 900.0))::int + n % 7, 408000000 + (150000 * cos(n / 700.0))::int + n % 5, abs(600 * sin(n / 90.0))::int, n % 360, 1040 + n % 20,
         1000000 + n * 8, 9 + n % 4, 1, 0
       FROM generate_series($2::int, $3::int) n ON CONFLICT DO NOTHING`,
      [fromMs, row, Math.min(row + 50_000, positions) - 1],
    )
  const directory = await mkdtemp(join(tmpdir(), 'morin-bench-evidence-'))
  try {
    const desk = await openEvidenceDesk({ directory, keysIn: directory })
    const packageId = await putPackage(db, vehicleId, fromMs, untilMs)
    const job = evidenceJob({
      db,
      clock: { nowMs: () => untilMs },
      desk,
      software: 'bench',
      readTrack: (vehicleId, from, to) => trackPieces(db, { vehicleId, from, to }, 4_000_000),
      lastHead: async () => undefined,
      groundDirectory: 'web/public/basemap',
      readFindings: findingParts,
    })
    const delay = monitorEventLoopDelay({ resolution: 5 })
    delay.enable()
    const begun = performance.now()
    await job.run({ key: '1', payload: { packageId }, attempt: 1, signal: new AbortController().signal, end: async () => undefined })
    const packageMs = performance.now() - begun
    delay.disable()
    const { rows } = await db.query<{ state: string; failure: unknown }>(
      'SELECT state, failure FROM evidence_packages WHERE package_id = $1',
      [packageId],
    )
    if (rows[0]!.state !== 'READY') throw new Error(`the package could not be made: ${JSON.stringify(rows[0]!.failure)}`)
    const path = join(directory, `evidence-${packageId}.zip`)
    const verified = await verifyFile(path, desk.said.fingerprint)
    const started = performance.now()
    const program = ['--import=tsx', 'services/evidence-verify/main.ts', path, '--key', join(directory, 'evidence-key.pub.pem')]
    await promisify(execFile)(process.execPath, program)
    return { positions, packageMs, loopMs: delay.max / 1e6, ...verified, programMs: performance.now() - started }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function putPackage(db: Database, vehicleId: number, fromMs: number, untilMs: number): Promise<number> {
  const during = [new Date(fromMs), new Date(untilMs)]
  const { rows } = await db.query<{ id: number }>(
    `WITH a AS (SELECT account_id FROM accounts WHERE username = 'inspector'), c AS (
       INSERT INTO cases (year, number, organisation_id, purpose, basis, during, state, opened_by, opened_at)
       SELECT 2026, 900, 2, '量测', '量测', tstzrange($1, $2), 'OPEN', account_id, $1 FROM a RETURNING case_id),
     m AS (INSERT INTO case_members (case_id, account_id, since) SELECT case_id, account_id, $1 FROM a, c),
     v AS (INSERT INTO case_vehicles (case_id, vehicle_id, state, added_at) SELECT case_id, ${vehicleId}, 'OPEN', $1 FROM c)
     INSERT INTO evidence_packages (case_id, nth, state, during, vehicle_ids, language, asked_by, asked_at)
     SELECT case_id, 1, 'WAITING', tstzrange($1, $2), '{${vehicleId}}', 'zh-CN', account_id, $2 FROM a, c RETURNING package_id AS id`,
    during,
  )
  return rows[0]!.id
}

async function verifyFile(
  path: string,
  fingerprint: string,
): Promise<Pick<EvidenceFigures, 'verifyMs' | 'packageBytes' | 'unpackedBytes'>> {
  const file = await open(path)
  const { size } = await file.stat()
  const begun = performance.now()
  const { verdict, manifest } = await verifyPackage(
    {
      size,
      async read(from, until) {
        const bytes = Buffer.alloc(until - from)
        await file.read(bytes, 0, bytes.byteLength, from)
        return bytes
      },
    },
    { keys: [fingerprint] },
  )
  await file.close()
  if (verdict !== 'intact') throw new Error(`the package is ${verdict}`)
  return {
    verifyMs: performance.now() - begun,
    packageBytes: size,
    unpackedBytes: manifest!.parts.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}
