// What the audit log costs and how fast it is verified and searched: npm run bench:audit [-- --records 300000]
// On the embedded database, or on the server of TEST_DATABASE_URL (an empty, migrated database).
import { spawnSync } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { chainAlgorithm } from '../../services/audit/chain.ts'
import { AuditCheck } from '../../services/audit/check.ts'
import { parseLines, readAuditFile } from '../../services/audit/file.ts'
import type { AuditFilter } from '../../services/contracts/api/audit.ts'
import type { AuditRow } from '../../services/contracts/auditRecord.ts'
import { exportLines, listAudit } from '../../services/dispatch/audit/search.ts'
import type { Caller } from '../../services/dispatch/kernel/caller.ts'
import { type AuditEntry, recordAudit, recordAuditMany } from '../../services/dispatch/kernel/record.ts'
import { embeddedDatabaseUrl } from '../../services/embedded/database/address.ts'
import { openApplicationRole } from '../../services/embedded/database/applicationRole.ts'
import { readConfigOrEnd } from '../../services/platform/config.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { applicationRole, migrate } from '../../services/platform/migrate.ts'
import { startEmbedded } from '../../test/harness/embeddedProcess.ts'
import { summary } from '../live/statistics.ts'

const { records: RECORDS } = readConfigOrEnd(
  z.object({ records: z.coerce.number().int().positive().default(300_000).describe('Records of the log that is verified and searched') }),
  {
    command: 'npm run bench:audit --',
    does: 'What the audit log costs and how fast it is verified and searched, on the embedded database or on the empty, migrated server of TEST_DATABASE_URL.',
    example: 'npm run bench:audit -- --records 600000',
  },
)
const APPENDS = 2_000
const BULK = 25_000
const ROUNDS = 30

const given = process.env.TEST_DATABASE_URL
const dataDir = mkdtempSync(join(tmpdir(), 'morin-audit-'))
const embedded = given ? undefined : await startEmbedded(dataDir)
const ownerUrl = given ?? embedded!.url
await migrate(ownerUrl)
const owner = openDatabase({ url: ownerUrl, applicationName: 'bench' })
if (!given) await openApplicationRole(owner)
const url = given ?? embeddedDatabaseUrl(dataDir, applicationRole)
const db = openDatabase({ url, applicationName: 'bench', maxConnections: 2 })
await owner.query('CREATE TABLE bench_rows AS SELECT n AS id, 0 AS value FROM generate_series(1, 1000) n')
await owner.query('CREATE INDEX ON bench_rows (id)')

const entry = (n: number): AuditEntry => ({
  atMs: Date.UTC(2026, 0, 1) + n * 250,
  actor: { accountId: n % 900, username: `account.${n % 900}`, role: 'fleet_manager' },
  action: n % 5 ? 'track.view' : 'vehicle.change',
  subject: { type: 'vehicle', id: n % 23_188 },
  purpose: n % 3 ? null : '核对出车记录',
  ...(n % 5
    ? { detail: { from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' } }
    : { before: { note: `旧 ${n}` }, after: { note: `新 ${n}` } }),
})
const rate = (count: number, ms: number): number => Math.round((count / ms) * 1000)
const say = (name: string, figures: object): void => void process.stdout.write(`${name.padEnd(28)} ${JSON.stringify(figures)}\n`)
const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

say('algorithm', { algorithm: chainAlgorithm, node: process.versions.node })

// Alternating, so that both see the same machine.
const [plain, recorded]: [number[], number[]] = [[], []]
for (let n = 0; n < APPENDS; n++) {
  const change = (audit: boolean) => () =>
    db.transaction(async (client) => {
      await client.query('SELECT value FROM bench_rows WHERE id = $1 FOR UPDATE', [1 + (n % 1000)])
      await client.query('UPDATE bench_rows SET value = value + 1 WHERE id = $1', [1 + (n % 1000)])
      if (audit) await recordAudit(client, entry(n))
    })
  plain.push(await timed(change(false)))
  recorded.push(await timed(change(true)))
}
const [without, having] = [summary(plain), summary(recorded)]
say('transaction, ms', { without, with: having, ratio: Math.round((having.p50 / without.p50) * 100) / 100 })
const bulkMs = await timed(() =>
  db.transaction((client) =>
    recordAuditMany(
      client,
      Array.from({ length: BULK }, (_, n) => entry(n)),
    ),
  ),
)
say('one transaction of many', { records: BULK, ms: Math.round(bulkMs), perSecond: rate(BULK, bulkMs) })

const fillMs = await timed(async () => {
  for (let done = APPENDS + BULK; done < RECORDS; done += 5_000)
    await db.transaction((client) =>
      recordAuditMany(
        client,
        Array.from({ length: 5_000 }, (_, n) => entry(done + n)),
      ),
    )
})
await owner.query('ANALYZE audit_log')
const { rows: size } = await owner.query(
  `SELECT count(*) AS records, pg_total_relation_size('audit_log') / count(*) AS "bytesPerRecord" FROM audit_log`,
)
say('log', { ...size[0], filledPerSecond: rate(RECORDS, fillMs) })

const region = { lft: 0, rgt: 2 ** 30 }
const caller = { accountId: 1, username: 'auditor', role: 'audit_admin', organisation: { kind: 'region' } } as Caller
const whole = { caller, reach: { ...region, cleared: [], unmasked: [] } }
const banner = { ...whole, caller: { ...caller, organisation: { kind: 'banner' } } as Caller }
const searches: Record<string, [typeof whole, AuditFilter]> = {
  newest: [whole, {}],
  actor: [whole, { actor: 'account.7' }],
  action: [whole, { action: 'vehicle.change' }],
  subject: [whole, { subjectType: 'vehicle', subjectId: '202' }],
  'old window': [whole, { from: '2026-01-01T01:00:00Z', to: '2026-01-01T02:00:00Z' }],
  'rare word': [whole, { text: '没有这个词' }],
  'part of the region': [banner, {}],
}
for (const [name, [who, filter]] of Object.entries(searches)) {
  const sample: number[] = []
  for (let round = 0; round < ROUNDS; round++) sample.push(await timed(() => listAudit(db, who, { ...filter, limit: 50 })))
  say(`list: ${name}, ms`, summary(sample))
}

const file = join(dataDir, 'export.jsonl')
const { rows: last } = await db.query<{ seq: number }>('SELECT max(seq) AS seq FROM audit_log')
const exportMs = await timed(() => pipeline(exportLines(db, whole, {}, last[0]!.seq), createWriteStream(file)))
say('export', { records: last[0]!.seq, perSecond: rate(last[0]!.seq, exportMs) })
const verifier = fileURLToPath(new URL('../../services/audit-verify/main.ts', import.meta.url))
for (const [name, args] of Object.entries({ 'verify the export': ['--file', file], 'verify the database': ['--database-url', url] })) {
  const { stdout, status } = spawnSync(process.execPath, ['--import=tsx', verifier, ...args])
  say(name, {
    exit: status,
    says: stdout
      .toString()
      .split('\n')
      .find((line) => line.includes('a second')),
  })
}
const rows: AuditRow[] = []
for await (const lines of readAuditFile(file)) for (const row of lines ? parseLines(lines) : []) if (row) rows.push(row)
const cpuBefore = process.cpuUsage()
const checkMs = await timed(async () => {
  const check = new AuditCheck()
  for (const row of rows) check.take(row)
  check.end()
  if (check.findingCount) throw new Error(check.findings[0]!.says)
})
const cpu = process.cpuUsage(cpuBefore)
// The processor's time does not depend on who else is using the machine.
const cpuMs = (cpu.user + cpu.system) / 1000
say('check alone, in memory', { records: rows.length, perSecond: rate(rows.length, checkMs), perCpuSecond: rate(rows.length, cpuMs) })

await Promise.all([db.close(), owner.close()])
await embedded?.stop()
rmSync(dataDir, { recursive: true, force: true })
