// What import and export cost at the size of the region: the whole ledger out, into an empty database, out again, and compared row by
// row; 25,000 vehicles in one file; 10,000 wrong rows. Dispatch runs in this process, the embedded database in one of its own.
// npm run bench:exchange
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { z } from 'zod'
import { exchangeSubjects } from '../../services/contracts/exchange.ts'
import { seedRegion } from '../../services/embedded/demo/seed.ts'
import { readConfigOrEnd } from '../../services/platform/config.ts'
import { type Database, openDatabase } from '../../services/platform/db.ts'
import { migrate } from '../../services/platform/migrate.ts'
import { startWorld, type World } from '../../test/dispatch/world.ts'
import { applyImport, exportFile, upload } from '../../test/exchange/files.ts'
import { ledgerTables, readLedgerTable } from '../../test/exchange/ledgerDigest.ts'
import { startEmbedded } from '../../test/harness/embeddedProcess.ts'
import { startRoot } from './root.ts'
import { SHORT_ROWS, shortRowsFile } from './shortRowsFile.ts'

readConfigOrEnd(z.object({}), {
  command: 'npm run bench:exchange',
  does: 'The whole ledger out and into an empty database; 25,000 vehicles in one file; 10,000 wrong rows.',
  example: 'npm run bench:exchange',
})
const VEHICLES = 25_000
const WRONG_ROWS = 10_000
const endings: (() => unknown)[] = []
const test = { teardown: (work: () => unknown) => endings.unshift(work) }
const figures: Record<string, unknown> = {}
const delay = monitorEventLoopDelay({ resolution: 5 })
delay.enable()

async function measure<T>(name: string, work: () => Promise<T>): Promise<T> {
  delay.reset()
  const startedAt = performance.now()
  const result = await work()
  figures[name] = { seconds: Number(((performance.now() - startedAt) / 1000).toFixed(2)), loopBlockedMs: Math.round(delay.max / 1e6) }
  console.warn(name, JSON.stringify(figures[name]))
  return result
}

async function openMigrated(): Promise<{ db: Database; dataDir: string; pid: number }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'morin-exchange-'))
  const embedded = await startEmbedded(dataDir)
  await migrate(embedded.url)
  const db = openDatabase({ url: embedded.url, applicationName: 'bench' })
  test.teardown(async () => {
    await db.close()
    await embedded.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })
  return { db, dataDir, pid: embedded.pid }
}

const rowsOf = (csv: Buffer): string[] => csv.toString().trimEnd().split('\r\n').slice(1).sort()

/** Sensitive vehicles are in the files of those alone who are named for them: here the administrator is, for all of them. */
const nameRoot = (db: Database) =>
  db.query(
    `INSERT INTO secret_namings (secret_no, account_id, named_at, named_by, reason)
     SELECT s.secret_no, a.account_id, now(), a.account_id, '整套台账往返' FROM secret_vehicles s, accounts a WHERE a.username = 'root' AND NOT s.lifted`,
  )

type Place = { world: World; signed: Awaited<ReturnType<World['signIn']>> }

async function bring(to: Place, subject: string, file: Buffer, name: string) {
  const checked = await measure(`${name}: dry run`, () => upload(to.world, to.signed, subject, file))
  const found = checked.json()
  if (!found.token) throw new Error(JSON.stringify(found.problems?.slice(0, 3) ?? checked.body))
  const answer = await measure(`${name}: apply`, () => applyImport(to.world, to.signed, found.importId, found.token!))
  if (answer.statusCode !== 200) throw new Error(answer.body)
  return found
}

try {
  const full = await openMigrated()
  await seedRegion(full.db, { dataDir: full.dataDir, seed: 1 })
  const from: Place = await startRoot(test, full.db, startWorld)
  await nameRoot(full.db)
  const empty = await openMigrated()
  const to: Place = await startRoot(test, empty.db, startWorld, full.db)
  for (const subject of exchangeSubjects) {
    if ((await exportFile(from.world, from.signed, subject, { format: 'csv' })).toString().trimEnd().split('\r\n').length === 1) continue
    const file = await measure(`${subject}: export xlsx`, () => exportFile(from.world, from.signed, subject, { format: 'xlsx' }))
    const found = await bring(to, subject, file, subject)
    if (subject === 'vehicles') await nameRoot(empty.db)
    const [before, after] = [
      rowsOf(await exportFile(from.world, from.signed, subject, { format: 'csv' })),
      rowsOf(await measure(`${subject}: export csv`, () => exportFile(to.world, to.signed, subject, { format: 'csv' }))),
    ]
    const different = before.filter((row, k) => row !== after[k])
    const again = (await measure(`${subject}: dry run again`, () => upload(to.world, to.signed, subject, file))).json()
    console.warn(
      subject,
      JSON.stringify({
        rows: found.rows,
        bytes: file.length,
        different: different.length,
        again: { created: again.created, changed: again.changed },
      }),
    )
    if (different.length > 0) console.warn(different[0], after[before.indexOf(different[0]!)])
  }
  for (const table of ledgerTables) {
    const [was, is] = [await readLedgerTable(full.db, table), await readLedgerTable(empty.db, table)]
    const kept = new Set(is)
    const lost = was.filter((row) => !kept.has(row))
    console.warn(table, JSON.stringify({ rows: was.length, different: lost.length + Math.abs(is.length - was.length) }), lost[0] ?? '')
  }
  // 25,000 vehicles in one file: the region's, and more of the leased ones that need no quota, into a ledger that has none of them.
  const third = await openMigrated()
  const there: Place = await startRoot(test, third.db, startWorld, full.db)
  for (const subject of exchangeSubjects.slice(0, exchangeSubjects.indexOf('vehicles'))) {
    const file = await exportFile(from.world, from.signed, subject)
    const found = (await upload(there.world, there.signed, subject, file)).json()
    if (found.problemCount > 0 && found.rows > 0) throw new Error(JSON.stringify(found.problems[0]))
    if (found.token) await applyImport(there.world, there.signed, found.importId, found.token)
  }
  const lines = (await exportFile(from.world, from.signed, 'vehicles', { format: 'csv' })).toString().trimEnd().split('\r\n')
  const taken = new Set(lines.map((line) => line.slice(0, line.indexOf(','))))
  const leased = lines.find((line) => line.includes('租赁平台服务用车') && line.includes(',蓝,'))!.split(',')
  // Numbers that no two vehicles share.
  for (const heading of ['车架号', '标识号']) leased[lines[0]!.split(',').indexOf(heading)] = ''
  for (let k = 0; lines.length < VEHICLES + 1; k++) {
    const plate = `蒙A·Q${String(k).padStart(4, '0')}`
    if (!taken.has(plate)) lines.push([plate, ...leased.slice(1)].join(','))
  }
  await bring(there, 'vehicles', Buffer.from(lines.join('\r\n')), `${VEHICLES} vehicles (csv)`)
  const workbook = await measure(`${VEHICLES} vehicles: export xlsx`, () =>
    exportFile(there.world, there.signed, 'vehicles', { format: 'xlsx' }),
  )
  await measure(`${VEHICLES} vehicles (xlsx): dry run, unchanged`, () => upload(there.world, there.signed, 'vehicles', workbook))
  const wrong = [
    lines[0]!,
    ...lines.slice(1, WRONG_ROWS + 1).map((line) => line.replace('蒙', '京').replace(/,(汽油|柴油|纯电动)/, ',煤油')),
  ]
  const refused = (
    await measure(`${WRONG_ROWS} wrong rows`, () => upload(there.world, there.signed, 'vehicles', Buffer.from(wrong.join('\r\n'))))
  ).json()
  console.warn('problems', refused.problemCount, 'listed', refused.problems.length)
  await measure(`${WRONG_ROWS} wrong rows: annotated xlsx`, async () => {
    const answer = await there.world.app.inject({ url: `/api/v1/imports/${refused.importId}/annotated`, headers: there.signed.headers })
    if (answer.statusCode !== 200) throw new Error(answer.body)
  })
  await measure(`${SHORT_ROWS} short rows`, () => upload(there.world, there.signed, 'vehicles', shortRowsFile()))
  figures.peakRssMb = { dispatch: Math.round(process.resourceUsage().maxRSS / 1024), database: peakRssMb(third.pid) }
  console.warn(JSON.stringify(figures, null, 1))
} finally {
  for (const end of endings) await end()
}

/** VmHWM where /proc is. */
function peakRssMb(pid: number): number | null {
  try {
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024)
  } catch {
    return null // no such file system
  }
}
