// No act without its record: what writes a record counts it, and what stands in the database without one is found and named.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import t from 'tap'
import { actTables, findUnrecordedActs, unnumbered } from '../../services/audit/acts.ts'
import { openAuditHeads } from '../../services/dispatch/audit/heads.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { NOW_MS, seedRegion } from '../dispatch/region.ts'
import { ask, startWorld } from '../dispatch/world.ts'
import { startTestDatabase } from '../harness/database.ts'
import { excuseFixtures } from '../harness/excuseFixtures.ts'

const database = await startTestDatabase(t)
const db = openDatabase({ url: database.appUrl, applicationName: 'test', maxConnections: 4 })
const owner = openDatabase({ url: database.url, applicationName: 'owner', maxConnections: 1 })
const directory = mkdtempSync(join(tmpdir(), 'morin-acts-'))
t.teardown(async () => {
  await Promise.all([db.close(), owner.close()])
  rmSync(directory, { recursive: true, force: true })
})
await seedRegion(db)
await excuseFixtures(database)
const paths = { path: join(directory, 'audit-heads.jsonl'), publicKeyPath: join(directory, 'audit-key.pub.pem') }
const log = pino({ level: 'silent' })
const heads = await openAuditHeads(
  { db, clock: { nowMs: () => NOW_MS }, log, everyMs: 3_600_000, ...paths },
  { given: undefined, path: join(directory, 'audit-key.pem') },
)
const world = await startWorld(t, db, {}, { auditHeads: heads })
const secadmin = await world.signIn('security_admin')
const auditor = await world.signIn('audit_admin')

const verifier = fileURLToPath(new URL('../../services/audit-verify/main.ts', import.meta.url))
const verify = async () => {
  const args = ['--database-url', database.appUrl, '--heads', paths.path, '--public-key', paths.publicKeyPath]
  const child = spawn(process.execPath, ['run.mjs', verifier, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code, says: out + err }
}
const publish = (n: number) =>
  ask(world, 'publishNotice', secadmin, {
    body: {
      titleZh: `告知书第${n}版`,
      textZh: '正文'.repeat(20),
      titleEn: `Notice ${n}`,
      textEn: 'Text of it. '.repeat(4),
      reason: '按月公布',
    },
  })
const notices = async () => (await db.query('SELECT FROM notices')).rowCount

t.test('every table is watched, or it is said why not', async (t) => {
  const { rows } = await db.query<{ name: string }>(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`)
  const watched = actTables.map(({ table }) => table)
  t.same([...watched, ...Object.keys(unnumbered)].sort(), rows.map(({ name }) => name).sort())
  const { rows: numbered } = await db.query<{ name: string }>(
    `SELECT DISTINCT tgrelid::regclass::text AS name FROM pg_trigger WHERE tgfoid = 'public.number_act'::regproc`,
  )
  t.same(numbered.map(({ name }) => name).sort(), [...watched].sort(), 'and what is watched gets its number')
})

t.test('an import that was applied and is on no record is named; a dry run is not', async (t) => {
  const before = await findUnrecordedActs(db)
  t.equal(before.count, 0)
  const lay = (state: string) =>
    db.query<{ id: number }>(
      `INSERT INTO imports (subject, file_name, file_sha256, account_id, organisation_id, created_at, applied_at, state)
       SELECT 'vehicles', 'x.csv', 'x', account_id, organisation_id, now(), CASE WHEN $1::text = 'applied' THEN now() END, $1
       FROM accounts WHERE username = 'security_admin' RETURNING import_id AS id`,
      [state],
    )
  const [dry, laid] = [(await lay('checked')).rows[0]!.id, (await lay('applied')).rows[0]!.id]
  await db.query('UPDATE imports SET act = 7 WHERE import_id = $1', [dry])
  const { count, says } = await findUnrecordedActs(db)
  t.equal(count, 2)
  t.match(says.join(' '), new RegExp(`imports ${laid} .*imports ${dry} |imports ${dry} .*imports ${laid} `), 'nor is a number borrowed')
  await owner.query('DELETE FROM imports')
})

t.test('rows of before are not accused, and every act since has its record', async (t) => {
  for (let n = 0; n < 3; n++) t.equal((await publish(n)).status, 200)
  await heads.write()
  t.match(await verify(), { code: 0, says: /every act has its record\nthe log is whole/ })
})

t.test('a record that the database swallows without a word undoes the act that it is of', async (t) => {
  const before = await notices()
  await owner.query(`CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$`)
  await owner.query('CREATE TRIGGER swallow BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION swallow()')
  const lost = await publish(10)
  await owner.query('DROP TRIGGER swallow ON audit_log')
  t.equal(lost.status, 500, lost.body)
  t.equal(await notices(), before)
  t.match(await verify(), { code: 0 })
})

t.test('a row that somebody wrote beside the product is named, whoever wrote it', async (t) => {
  await db.query(`INSERT INTO drivers VALUES (77, '示例司机', '13800000077', 20, NULL)`)
  await owner.query(`UPDATE accounts SET role = 'bureau_admin' WHERE username = 'finance'`)
  const found = await verify()
  t.match(found, { code: 1, says: /ACT +drivers 77 was written by act \d+, of which the log has no record/ })
  const { rows } = await db.query<{ id: number }>(`SELECT account_id AS id FROM accounts WHERE username = 'finance'`)
  t.match(found.says, new RegExp(`accounts ${rows[0]!.id} was written by act`))
  t.match(found.says, /2 rows have no record of who wrote them/)
  await db.query('UPDATE drivers SET act = NULL WHERE driver_id = 77')
  await db.transaction(async (client) => {
    await client.query('SET LOCAL morin.founding = on')
    await client.query('UPDATE drivers SET act = NULL WHERE driver_id = 77')
  })
  t.match((await findUnrecordedActs(db)).says, [/accounts/, /drivers 77/], 'the services cannot take the number away')
  await db.query(`UPDATE drivers SET act = (SELECT act FROM notices WHERE act IS NOT NULL LIMIT 1) WHERE driver_id = 77`)
  t.match((await findUnrecordedActs(db)).says, [/accounts/, /drivers 77/], 'nor give it that of another act')
  await excuseFixtures(database)
})

t.test(
  'records cut off the end of the log, with their heads, are missed by what they were of, also when others stand in their place',
  async (t) => {
    const noticeIds: number[] = []
    for (let n = 20; n < 23; n++) noticeIds.push((await publish(n)).json().noticeId)
    await heads.write()
    const { rows } = await db.query<{ seq: number }>(
      `SELECT min(seq) AS seq FROM audit_log WHERE subject_type = 'notice' AND subject_id = $1`,
      [noticeIds[0]],
    )
    const first = rows[0]!.seq
    await owner.query('ALTER TABLE audit_log DISABLE TRIGGER audit_log_stays')
    await owner.query('DELETE FROM audit_log WHERE seq >= $1', [first])
    await owner.query('ALTER TABLE audit_log ENABLE TRIGGER audit_log_stays')
    const kept = readFileSync(paths.path, 'utf8').trimEnd().split('\n')
    writeFileSync(paths.path, `${kept.filter((line) => (JSON.parse(line) as { seq: number }).seq < first).join('\n')}\n`)
    const cut = await verify()
    t.equal(cut.code, 1, cut.says)
    for (const id of noticeIds) t.match(cut.says, new RegExp(`ACT +notices ${id} was written by act`))
    t.notMatch(cut.says, /TRUNCATED|MISSING/, 'the log by itself does not know')
    for (let n = 30; n < 34; n++) await publish(n)
    const grown = await verify()
    t.match(grown, { code: 1, says: /3 rows have no record/ })
    await ask(world, 'verifyAudit', auditor, { body: {} })
    for (;;) {
      const state = (await ask(world, 'getAuditVerification', auditor)).json()
      if (state.state === 'running') continue
      t.match(state, { state: 'broken', findingCount: 3 })
      t.ok(state.findings.every(({ kind }) => kind === 'act'))
      break
    }
    await excuseFixtures(database)
  },
)

t.test('a table whose rows no longer get a number is named', async (t) => {
  await owner.query('ALTER TABLE notices DISABLE TRIGGER notices_act')
  t.match(await findUnrecordedActs(db), { count: 1, says: [/rows of notices no longer get the number/] })
  await owner.query('ALTER TABLE notices ENABLE TRIGGER notices_act')
  t.match(await findUnrecordedActs(db), { count: 0 })
})
