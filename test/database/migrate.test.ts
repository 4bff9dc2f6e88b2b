// What a migration makes of a database: whose its role is, what that may do, which jobs are ours; and what it says when it cannot.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { faultSentence } from '../../services/contracts/healthFaults.ts'
import { judgeStorageJobs, readStorageJobs } from '../../services/dispatch/operations/storageJobs.ts'
import { databaseFault } from '../../services/platform/databaseFaults.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { migrate } from '../../services/platform/migrate.ts'
import { onServer, startTestDatabase } from '../harness/database.ts'
import { freePort } from '../harness/freePort.ts'

const run = fileURLToPath(new URL('../../run.mjs', import.meta.url))

const database = await startTestDatabase(t)
const owner = openDatabase({ url: database.url, applicationName: 'owner', maxConnections: 1 })
const app = openDatabase({ url: database.appUrl, applicationName: 'app', maxConnections: 1 })
t.teardown(() => Promise.all([owner.close(), app.close()]))
const storage = { chunkMinutes: 1440, compressAfterHours: 48, retentionDays: 30 }

const jobs = async () =>
  (
    await owner.query<{ id: number; procedure: string; owner: string }>(
      `SELECT job_id AS id, proc_schema || '.' || proc_name AS procedure, owner::text FROM timescaledb_information.jobs
       WHERE proc_name IN ('policy_compression', 'drop_old_positions') ORDER BY procedure, id`,
    )
  ).rows
const policies = async () =>
  (
    await owner.query(
      `SELECT job_id, config::text, schedule_interval::text, (SELECT interval_length FROM _timescaledb_catalog.dimension LIMIT 1)
       FROM timescaledb_information.jobs WHERE hypertable_name = 'positions' OR proc_name = 'drop_old_positions' ORDER BY 1`,
    )
  ).rows
const acls = async () =>
  (await owner.query(`SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1`)).rows

t.test('a second migration changes nothing, nor do two at once', async (t) => {
  const before = [await jobs(), await acls()]
  const [one, two] = await Promise.all([migrate(database.url, { storage }), migrate(database.url, { storage })])
  t.same([one.done, two.done], [[], []])
  t.equal(one.role, database.appRole)
  t.same([await jobs(), await acls()], before)
})

t.test('a job of the same name that another role added is left alone, and ours stays', async (t) => {
  const before = await jobs()
  t.equal(before.length, 2)
  await owner.query('CREATE SCHEMA elsewhere')
  await owner.query('CREATE PROCEDURE elsewhere.drop_old_positions(job_id int, config jsonb) LANGUAGE sql AS $$ SELECT 1 $$')
  await owner.query(`GRANT USAGE ON SCHEMA elsewhere TO ${database.appRole}`)
  await owner.query(`GRANT EXECUTE ON FUNCTION add_job, delete_job TO ${database.appRole}`)
  const { rows } = await app.query<{ id: number }>(
    `SELECT add_job('elsewhere.drop_old_positions', '1 h', config => '{"created_before": "720:00:00"}', scheduled => false) AS id`,
  )
  await migrate(database.url, { storage: { ...storage, retentionDays: 20 } })
  const after = await jobs()
  t.ok(
    after.some(({ id }) => id === rows[0]!.id),
    'it is not ours to delete',
  )
  t.equal(after.filter(({ procedure }) => procedure === 'public.drop_old_positions').length, 1, 'and ours is there, once')
  await app.query('SELECT delete_job($1)', [rows[0]!.id])
  await owner.query('DROP SCHEMA elsewhere CASCADE')
  await migrate(database.url, { storage })
  await owner.query(`REVOKE EXECUTE ON FUNCTION add_job, delete_job FROM ${database.appRole}`)
  await t.rejects(app.query(`SELECT add_job('pg_catalog.now', '1 h')`), /permission denied/, 'PUBLIC may add none')
})

t.test('while PUBLIC may add jobs health says so, and what a superuser is to run is printed', async (t) => {
  const says = async () =>
    judgeStorageJobs(await readStorageJobs(app, 'server', undefined), Date.now(), Date.now())
      .faults.map((fault) => faultSentence(fault, 'en'))
      .join(' ')
  const printed = async () => {
    const main = fileURLToPath(new URL('../../services/platform/migrateMain.ts', import.meta.url))
    const child = spawn(process.execPath, [run, main, '--database-url', database.url, '--print-superuser', 'true'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    child.stdout.on('data', (piece) => {
      text += piece
    })
    await once(child, 'close')
    return text
  }
  if (!onServer) t.equal(await printed(), '')
  await owner.query('GRANT EXECUTE ON FUNCTION add_job TO PUBLIC')
  t.match(await says(), /Every role of this database may add jobs/)
  const sql = await printed()
  t.match(sql, /^REVOKE EXECUTE ON FUNCTION add_job\(.*\) FROM PUBLIC;\n/)
  await owner.query(sql)
  t.notMatch(await says(), /may add jobs/)
})

t.test('a table of which nobody said what the services may do with it stops the migration', async (t) => {
  await owner.query('CREATE TABLE added_later (a int)')
  const before = [await jobs(), await acls(), await policies()]
  const other = { chunkMinutes: 60, compressAfterHours: 7, retentionDays: 3 }
  await t.rejects(migrate(database.url, { storage: other }), /added_later is not in services.platform.applicationRights/)
  t.same([await jobs(), await acls(), await policies()], before, 'and nothing of it is done: neither jobs nor their settings are others')
  await owner.query('DROP TABLE added_later')
})

t.test('a role that may do more is not made the services’', async (t) => {
  await owner.query('CREATE ROLE morin_test_mighty CREATEDB')
  t.teardown(() => owner.query('DROP ROLE morin_test_mighty'))
  await t.rejects(migrate(database.url, { role: { name: 'morin_test_mighty' } }), /may do more than the services may be allowed to/)
})

t.test('a role of a server opens one database', { skip: !onServer && 'the embedded cluster is one database' }, async (t) => {
  const other = await startTestDatabase(t)
  const crossing = new URL(database.appUrl)
  crossing.pathname = new URL(other.url).pathname
  const db = openDatabase({ url: crossing.href, applicationName: 'app', maxConnections: 1 })
  await t.rejects(db.query('SELECT * FROM accounts'), /permission denied for database/)
  await db.close()
})

t.test('a database that cannot be used is one sentence, whatever was to be done with it', async (t) => {
  const port = await freePort()
  const programs = ['services/platform/migrateMain.ts', 'services/embedded/demo/main.ts', 'services/dispatch/identity/firstAccountMain.ts']
  for (const program of programs) {
    const args = program.includes('firstAccount') ? ['--username', 'zhang.sys', '--role', 'system_admin', '--person-no', '1001'] : []
    const main = fileURLToPath(new URL(`../../${program}`, import.meta.url))
    const child = spawn(process.execPath, [run, main, '--database-url', `postgresql://x@127.0.0.1:${port}/x`, ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: t.testdir(),
    })
    let said = ''
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    const [code] = await once(child, 'close')
    t.equal(code, 1)
    t.equal(said, `morin: No database listens on 127.0.0.1 port ${port}.\n`, program)
  }
})

t.test('each way in which a database fails has its sentence', (t) => {
  const said: [object, RegExp][] = [
    [{ code: '28P01', message: 'password authentication failed for user "x"' }, /refuses the password/],
    [{ code: '3D000', message: 'database "x" does not exist' }, /no such database/],
    [{ code: '0A000', message: 'extension "timescaledb" is not available' }, /TimescaleDB is not installed/],
    [
      { code: '58P01', message: 'could not open extension control file "/x/timescaledb.control": No such file' },
      /TimescaleDB is not installed/,
    ],
    [{ code: 'XX000', message: 'extension "timescaledb" must be preloaded' }, /shared_preload_libraries/],
    [{ code: '0A000', message: 'functionality not supported under the current "apache" license. x' }, /Apache edition/],
    [{ code: '42501', message: 'permission denied to create role' }, /CREATEROLE/],
    [{ code: '42501', message: 'permission denied to create extension "timescaledb"' }, /CREATE EXTENSION/],
    [{ code: '42501', message: 'must be owner of table positions' }, /may not do what is needed/],
    [{ code: 'ENOTFOUND', hostname: 'nowhere', message: 'getaddrinfo ENOTFOUND nowhere' }, /host nowhere is not known/],
    [{ message: '', errors: [{ code: 'ECONNREFUSED', address: '::1', port: 1 }] }, /No database listens on ::1 port 1/],
    [{ message: 'timeout exceeded when trying to connect' }, /does not answer/],
  ]
  for (const [error, sentence] of said) t.match(databaseFault(error), sentence)
  t.equal(databaseFault(new TypeError('a defect of ours')), undefined, 'and a defect of ours has none')
  t.end()
})
