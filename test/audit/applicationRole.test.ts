// The role that the services run as, against the audit log: every path that anybody thought of, each refused, the log unchanged.
import pg from 'pg'
import t from 'tap'
import { recordAudit } from '../../services/dispatch/kernel/record.ts'
import { listJobs } from '../../services/embedded/database/policies.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { onServer, startTestDatabase } from '../harness/database.ts'

const database = await startTestDatabase(t)
const owner = openDatabase({ url: database.url, applicationName: 'owner', maxConnections: 1 })
const app = openDatabase({ url: database.appUrl, applicationName: 'app', maxConnections: 2 })
t.teardown(() => Promise.all([owner.close(), app.close()]))

const actor = { accountId: null, username: 'somebody', role: null }
for (const atMs of [1, 2, 3]) await recordAudit(app, { atMs, actor, action: 'session.refused' })

const fingerprint = async () =>
  (
    await owner.query(
      `SELECT (SELECT md5(string_agg(l::text, '' ORDER BY seq)) FROM audit_log l) AS rows,
              (SELECT relowner::regrole || ' ' || relacl::text || relfilenode FROM pg_class WHERE relname = 'audit_log') AS owner,
              (SELECT string_agg(tgname || tgenabled::text, ',') FROM pg_trigger WHERE tgrelid = 'audit_log'::regclass) AS triggers,
              (SELECT string_agg(r::text, ',' ORDER BY rolname) FROM pg_roles r WHERE rolname !~ '^morin_test_' OR rolname = '${database.appRole}') AS roles`,
    )
  ).rows[0]!

/** The statements below are said for the embedded database; elsewhere its names are others. */
const [{ owner: ownerName, database: databaseName } = { owner: '', database: '' }] = (
  await owner.query<{ owner: string; database: string }>('SELECT current_user::text AS owner, current_database()::text AS database')
).rows
const role = database.appRole
const here = (sql: string): string =>
  sql
    .replaceAll(/\bmorin_app\b/g, role)
    .replaceAll(/DATABASE morin\b/g, `DATABASE ${databaseName}`)
    .replaceAll(/\bmorin\b/g, ownerName)
// A chunk, and a compressed one.
await owner.query(
  `INSERT INTO positions (vehicle_id, ts, received_at, lon_e7, lat_e7, flags, alarms)
   SELECT 1, '2025-01-01'::timestamptz + n * INTERVAL '1 day', now(), 0, 0, 0, 0 FROM generate_series(0, 1) n`,
)
await owner.query(`SELECT compress_chunk(c) FROM show_chunks('positions', older_than => '2025-01-02'::timestamptz) c`)
const { rows: chunks } = await owner.query<{ name: string }>(
  `SELECT oid::regclass::text AS name FROM pg_class WHERE relnamespace = '_timescaledb_internal'::regnamespace AND relkind = 'r'
     AND (relname LIKE '\\_hyper\\_%' OR relname LIKE 'compress\\_hyper%') ORDER BY 1`,
)
const [plainChunk, compressedChunk] = [chunks[0]!.name, chunks.at(-1)!.name]

const attempts: Record<string, string> = {
  'positions changed': 'UPDATE positions SET lon_e7 = 0',
  'positions deleted': 'DELETE FROM positions',
  'positions emptied': 'TRUNCATE positions',
  'positions changed by an upsert': `INSERT INTO positions SELECT * FROM positions ON CONFLICT (vehicle_id, ts) DO UPDATE SET lon_e7 = 1`,
  'positions locked': 'SELECT * FROM positions FOR UPDATE',
  'positions kept from everybody': 'LOCK TABLE positions IN ACCESS EXCLUSIVE MODE',
  'a chunk changed': `UPDATE ${plainChunk} SET lon_e7 = 1`,
  'a chunk deleted': `DELETE FROM ${plainChunk}`,
  'a chunk emptied': `TRUNCATE ${plainChunk}`,
  'a chunk dropped': `DROP TABLE ${plainChunk}`,
  'a compressed chunk deleted': `DELETE FROM ${compressedChunk}`,
  'compressed rows forged': `INSERT INTO ${compressedChunk} SELECT * FROM ${compressedChunk}`,
  'chunks dropped': `SELECT drop_chunks('positions', older_than => now())`,
  'chunks compressed': `SELECT compress_chunk(c) FROM show_chunks('positions') c`,
  'chunks unpacked': `SELECT decompress_chunk(c) FROM show_chunks('positions') c`,
  'compression taken away': `SELECT remove_compression_policy('positions')`,
  'a retention of its own': `SELECT add_retention_policy('positions', drop_created_before => INTERVAL '1 s')`,
  'the procedure that drops': `CALL drop_old_positions(1, '{"created_before": "0 s"}')`,
  'a job': `SELECT add_job('pg_catalog.now', '1 h')`,
  'jobs changed': 'SELECT alter_job(job_id, scheduled => false) FROM timescaledb_information.jobs',
  'jobs deleted': 'SELECT delete_job(job_id) FROM timescaledb_information.jobs',
  'the lock of the chain': 'LOCK TABLE audit_chain_lock IN ACCESS SHARE MODE',
  'the lock of the chain looked at': 'SELECT * FROM audit_chain_lock',
  'a large object': 'SELECT lo_create(0)',
  'a large object the old way': 'SELECT lo_creat(-1)',
  'a large object of bytes': `SELECT lo_from_bytea(0, 'x')`,
  'bytes into the journal': `SELECT pg_logical_emit_message(false, 'x', 'y')`,
  'a temporary table': 'CREATE TEMP TABLE t (a int)',
  'a table of its own': 'CREATE TABLE public.t (a int)',
  'in which vehicles terminals were': 'DELETE FROM terminal_past_bindings',
  'a gateway of its own': `INSERT INTO gateways VALUES ('G', 'x')`,
  'a terminal’s gateway': `UPDATE terminals SET gateway_id = NULL`,
  'quarantined bytes changed': `UPDATE quarantine SET payload = 'x'`,
  'a step of a flow taken back': 'DELETE FROM ledger_flow_steps',
  'a vehicle deleted': 'DELETE FROM vehicles',
  'an account deleted': 'DELETE FROM accounts',
  'a notice changed': `UPDATE notices SET title_zh = 'x'`,
  'a used password forgotten': 'DELETE FROM password_history',
  'the security policy changed': `UPDATE security_policies SET limits = '{}'`,

  'a changed body': `UPDATE audit_log SET body = '{}'`,
  'a change that changes nothing': 'UPDATE audit_log SET body = body WHERE false',
  'a deletion': 'DELETE FROM audit_log WHERE seq = 2',
  'a truncation': 'TRUNCATE audit_log',
  'a truncation that spreads': 'TRUNCATE accounts CASCADE',
  'dropping the table': 'DROP TABLE audit_log',
  'dropping everything of the owner': 'DROP OWNED BY morin CASCADE',
  'renaming it away': 'ALTER TABLE audit_log RENAME TO old_log',
  'another schema for it': 'ALTER TABLE audit_log SET SCHEMA pg_temp',
  'a column dropped': 'ALTER TABLE audit_log DROP COLUMN body',
  'its trigger switched off': 'ALTER TABLE audit_log DISABLE TRIGGER ALL',
  'its trigger dropped': 'DROP TRIGGER audit_log_stays ON audit_log',
  'its trigger’s function replaced':
    'CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE sql AS $$ SELECT NULL::trigger $$',
  'a trigger of one’s own':
    'CREATE TRIGGER t BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()',
  'a rule': 'CREATE RULE r AS ON INSERT TO audit_log DO INSTEAD NOTHING',
  'a rule on a table one may write': 'CREATE RULE r AS ON INSERT TO sessions DO ALSO DELETE FROM audit_log',
  'ownership taken': 'ALTER TABLE audit_log OWNER TO morin_app',
  'ownership reassigned': 'REASSIGN OWNED BY morin TO morin_app',
  'membership of the owner': 'GRANT morin TO morin_app',
  'being the owner': 'SET ROLE morin',
  'signing in as the owner': 'SET SESSION AUTHORIZATION morin',
  'going back to who one was': 'RESET SESSION AUTHORIZATION; DELETE FROM audit_log',
  'a role by set_config': `SELECT set_config('role', 'morin', false)`,
  'an authorization by a hidden set_config': `SELECT pg_catalog.set_config('session_' || 'authorization', 'morin', false)`,
  'set_config through a function that runs queries': `SELECT * FROM ts_stat('SELECT set_config(''session_authorization'', ''morin'', false)::tsvector')`,
  'set_config through a rewriting query': `SELECT ts_rewrite('a'::tsquery, 'SELECT set_config(''role'', ''morin'', false)::tsquery, ''b''::tsquery')`,
  'a block that puts the statement together': `DO $$ BEGIN EXECUTE 'SET SESSION ' || 'AUTHORIZATION morin'; DELETE FROM audit_log; END $$`,
  'triggers of replicas': `SET session_replication_role = 'replica'`,
  'a superuser’s role': 'ALTER ROLE morin_app SUPERUSER',
  'a new superuser': 'CREATE ROLE helper SUPERUSER LOGIN',
  'a function with the definer’s rights': `CREATE FUNCTION f() RETURNS void LANGUAGE sql SECURITY DEFINER AS $$ DELETE FROM public.audit_log $$`,
  'a temporary function': `CREATE FUNCTION pg_temp.f() RETURNS void LANGUAGE sql AS $$ SELECT $$`,
  'a temporary table in front of it': 'CREATE TEMP TABLE audit_log (LIKE public.audit_log)',
  'a view over it': 'CREATE VIEW v AS SELECT * FROM audit_log',
  'a materialised view': 'CREATE MATERIALIZED VIEW v AS SELECT * FROM audit_log',
  'a schema in front of public': 'CREATE SCHEMA morin_app',
  'an upsert': `INSERT INTO audit_log SELECT * FROM audit_log WHERE seq = 1 ON CONFLICT (seq) DO UPDATE SET body = '{}'`,
  'a merge': 'MERGE INTO audit_log a USING (SELECT 1 AS seq) s ON a.seq = s.seq WHEN MATCHED THEN DELETE',
  'a deletion inside a query': 'WITH gone AS (DELETE FROM audit_log RETURNING *) SELECT count(*) FROM gone',
  'a row locked': 'SELECT * FROM audit_log WHERE seq = 1 FOR UPDATE',
  'the table locked': 'LOCK TABLE audit_log IN ACCESS EXCLUSIVE MODE',
  'a file read into it': `COPY audit_log FROM '/etc/hostname'`,
  'a program read into it': `COPY audit_log FROM PROGRAM 'true'`,
  'a file written by the server': `COPY (SELECT 1) TO '/tmp/morin-attempt'`,
  'a large object from a file': `SELECT lo_import('/etc/hostname')`,
  'a large object to a file': `SELECT lo_export(1, '/tmp/morin-attempt')`,
  'the catalogue of tables': `UPDATE pg_class SET relowner = 'morin_app'::regrole WHERE relname = 'audit_log'`,
  'the catalogue of roles': `UPDATE pg_authid SET rolsuper = true WHERE rolname = 'morin_app'`,
  'the table made a hypertable': `SELECT create_hypertable('audit_log', by_range('seq', 1000), migrate_data => true)`,
  'its chunks dropped': `SELECT drop_chunks('audit_log', older_than => 1000)`,
  'a policy that drops': `SELECT add_retention_policy('audit_log', drop_after => 1)`,
  'another’s job changed': `SELECT delete_job(1)`,
  'a foreign key with a cascade': 'ALTER TABLE audit_log ADD FOREIGN KEY (account_id) REFERENCES accounts ON DELETE CASCADE',
  'a reference from elsewhere': 'CREATE TABLE r (seq bigint REFERENCES audit_log)',
  'a child table': 'CREATE TABLE c () INHERITS (audit_log)',
  'an index': 'CREATE INDEX ON audit_log (seq)',
  'row security': 'ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY',
  statistics: 'CREATE STATISTICS s ON seq, at FROM audit_log',
  'a comment': `COMMENT ON TABLE audit_log IS ''`,
  'an event trigger': 'CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION refuse_audit_change()',
  'an extension': 'CREATE EXTENSION dblink',
  'a setting of the server': `ALTER SYSTEM SET log_statement = 'none'`,
  'rights for what comes': 'ALTER DEFAULT PRIVILEGES FOR ROLE morin GRANT ALL ON TABLES TO morin_app',
  'the record of migrations': 'DELETE FROM migrations',
  'a deletion whose rows are copied out': 'COPY (DELETE FROM audit_log RETURNING *) TO STDOUT',
  'an explained deletion': 'EXPLAIN ANALYZE DELETE FROM audit_log',
  'a prepared deletion': 'PREPARE d AS DELETE FROM audit_log; EXECUTE d',
  'a cursor that locks': 'DECLARE c CURSOR FOR SELECT * FROM audit_log FOR UPDATE',
  'a share lock': 'SELECT * FROM audit_log FOR SHARE',
  'a query inside a function of XML': `SELECT query_to_xml('DELETE FROM audit_log', true, false, '')`,
  'a deletion through a join': 'DELETE FROM audit_log a USING accounts b WHERE b.account_id = a.account_id',
  'an update that returns': `WITH u AS (UPDATE audit_log SET body = '{}' RETURNING *) INSERT INTO audit_log SELECT * FROM u`,
  'a table made of a deletion': 'CREATE TABLE taken AS SELECT * FROM audit_log',
  'an updatable view with its check': 'CREATE VIEW v AS SELECT * FROM audit_log WITH LOCAL CHECK OPTION',
  'a view of one’s own session': 'CREATE TEMP VIEW audit_log AS SELECT 1',
  'a partition': 'ALTER TABLE audit_log ATTACH PARTITION sessions DEFAULT',
  'the table as a child': 'ALTER TABLE audit_log INHERIT sessions',
  'a column added': 'ALTER TABLE audit_log ADD COLUMN note text',
  'a constraint dropped': 'ALTER TABLE audit_log DROP CONSTRAINT audit_log_pkey',
  'a constraint that refuses what comes': 'ALTER TABLE audit_log ADD CHECK (false) NOT VALID',
  'an index dropped': 'DROP INDEX audit_log_by_time',
  'an index renamed': 'ALTER INDEX audit_log_by_time RENAME TO x',
  'the table rewritten in another order': 'CLUSTER audit_log USING audit_log_by_time',
  'another tablespace': 'ALTER TABLE audit_log SET TABLESPACE pg_default',
  'without a journal': 'ALTER TABLE audit_log SET UNLOGGED',
  'a trigger after the fact': 'CREATE CONSTRAINT TRIGGER t AFTER INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()',
  'the chain’s function replaced':
    'CREATE OR REPLACE FUNCTION audit_tail(actor int) RETURNS TABLE (seq bigint, hash bytea, organisation_id int) LANGUAGE sql AS $$ SELECT 0::bigint, NULL::bytea, 0 $$',
  'the chain’s function with the definer’s rights': 'ALTER FUNCTION audit_tail(int) SECURITY DEFINER',
  'the chain’s function with another path': 'ALTER FUNCTION audit_tail(int) SET search_path = pg_temp',
  'the chain’s function dropped': 'DROP FUNCTION audit_tail(int)',
  'an operator of one’s own': 'CREATE OPERATOR public.<> (LEFTARG = bytea, RIGHTARG = bytea, FUNCTION = byteaeq)',
  'a cast': 'CREATE CAST (text AS bytea) WITHOUT FUNCTION',
  'a domain': 'CREATE DOMAIN public.seq AS bigint',
  'a setting of the database': `ALTER DATABASE morin SET session_replication_role = 'replica'`,
  'checks of functions switched off': `SELECT set_config('session_replication_role', 'replica', true)`,
  'pages that may be damaged': 'SET zero_damaged_pages = on',
  'system tables that may be changed': 'SET allow_system_table_mods = on',
  'triggers in the catalogue': `UPDATE pg_trigger SET tgenabled = 'D' WHERE tgname = 'audit_log_stays'`,
  'triggers out of the catalogue': `DELETE FROM pg_trigger WHERE tgname = 'audit_log_stays'`,
  'rights in the catalogue': `UPDATE pg_class SET relacl = NULL WHERE relname = 'audit_log'`,
  'dependencies in the catalogue': 'DELETE FROM pg_depend',
  'a large object as a file': `SELECT lo_put(lo_create(0), 0, 'x'), lo_export(1, '/tmp/morin-attempt')`,
  'a file of the server read': `SELECT pg_read_file('postgresql.conf')`,
  'a file of the server listed': `SELECT pg_ls_dir('base')`,
  'the journal switched': 'SELECT pg_switch_wal()',
  'another server': 'CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw',
  'another database through dblink': `SELECT dblink_exec('host=localhost user=morin', 'DELETE FROM audit_log')`,
  'a publication': 'CREATE PUBLICATION p FOR TABLE audit_log',
  'a subscription': `CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p`,
  'a language': 'CREATE LANGUAGE plperlu',
  'a library': `LOAD '/tmp/x.so'`,
  'another’s backend ended': `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'morin' LIMIT 1; SELECT 1/0`,
  'a job run at once': 'CALL run_job(1)',
  'compression of it': 'ALTER TABLE audit_log SET (timescaledb.compress)',
  'its chunks moved': `SELECT move_chunk('audit_log', 'pg_default', 'pg_default')`,
  'the catalogue of chunks': 'DELETE FROM _timescaledb_catalog.chunk',
  'an append-only rule dropped': 'DROP RULE IF EXISTS r ON audit_log; DELETE FROM audit_log',
  'rights given away': 'ALTER TABLE audit_log OWNER TO PUBLIC',
  'a password for the owner': `ALTER ROLE morin PASSWORD 'x'`,
  'the owner dropped': 'DROP ROLE morin',
  'a row out of step': `INSERT INTO audit_log SELECT seq, at, account_id, username, role, organisation_id, action, subject_type, subject_id, algorithm, body, prev_hash, hash FROM audit_log WHERE seq = 2`,
  'a second successor': `INSERT INTO audit_log SELECT 99, at, account_id, username, role, organisation_id, action, subject_type, subject_id, algorithm, body, prev_hash, sha256('x') FROM audit_log WHERE seq = 2`,
}

t.test('what the application may do with the audit log is to read and to append', async (t) => {
  const { rows } = await owner.query(
    `SELECT privilege_type AS p, has_table_privilege('${role}', 'audit_log', privilege_type) AS has
     FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS privilege_type`,
  )
  t.same(
    rows.filter(({ has }) => has).map(({ p }) => p),
    ['SELECT', 'INSERT'],
  )
  const { rows: schemas } = await owner.query(
    `SELECT nspname FROM pg_namespace WHERE has_schema_privilege('${role}', oid, 'CREATE') AND nspname NOT LIKE 'pg_temp%'`,
  )
  t.same(schemas, [], 'no schema to put anything in')
  const { rows: columns } = await owner.query(`SELECT has_any_column_privilege('${role}', 'audit_log', 'UPDATE') AS any`)
  t.same(columns, [{ any: false }])
})

t.test('no path of the application’s role changes the audit log', async (t) => {
  const before = await fingerprint()
  for (const [name, sql] of Object.entries(attempts)) {
    await t.rejects(app.query(here(sql)), name)
    // Whoever it made itself into, it must still be the application.
    t.same((await app.query('SELECT current_user AS u, session_user AS s')).rows, [{ u: role, s: role }], name)
  }
  // PostgreSQL takes this and grants nothing, with a warning.
  await app.query(`GRANT UPDATE, DELETE, TRUNCATE ON audit_log TO ${role}, PUBLIC`)
  t.same(await fingerprint(), before)
})

t.test('an attempt is refused by simple queries and inside a transaction as well', async (t) => {
  const before = await fingerprint()
  const client = new pg.Client({ connectionString: database.appUrl })
  await client.connect()
  t.teardown(() => client.end())
  for (const [name, sql] of Object.entries(attempts)) {
    await client.query('BEGIN')
    await t.rejects(client.query(`SELECT 1; ${here(sql)}; COMMIT`), name)
    await client.query('ROLLBACK')
  }
  t.same(await fingerprint(), before)
})

t.test('what PostgreSQL lets every role do to itself changes nothing of the log, nor of what is appended next', async (t) => {
  const before = await fingerprint()
  await app.query('SET SESSION search_path = pg_temp')
  await app.query('RESET search_path')
  await app.query(`ALTER ROLE ${role} SET search_path = pg_temp`)
  const elsewhere = openDatabase({ url: database.appUrl, applicationName: 'app', maxConnections: 1 })
  await elsewhere.query(`SELECT audit_tail FROM public.audit_tail(NULL)`)
  await elsewhere.close()
  await app.query(`ALTER ROLE ${role} RESET search_path`)
  // Where nobody could shut add_job (a superuser's function, on a server of somebody else's).
  await owner.query(`GRANT EXECUTE ON FUNCTION add_job, delete_job TO ${role}`)
  t.teardown(() => owner.query(`REVOKE EXECUTE ON FUNCTION add_job, delete_job FROM ${role}`))
  const { rows } = await app.query<{ job: number }>(`SELECT add_job('pg_catalog.now', '1 h') AS job`)
  t.notOk(
    (await listJobs(owner)).some(({ jobId }) => jobId === rows[0]!.job),
    'and a job of its own is never run with the owner’s rights',
  )
  await app.query('SELECT delete_job($1)', [rows[0]!.job])
  t.same(await fingerprint(), before)
  await recordAudit(app, { atMs: 4, actor, action: 'session.refused' })
  const { rows: last } = await owner.query(
    'SELECT a.prev_hash = b.hash AS follows FROM audit_log a JOIN audit_log b ON b.seq = a.seq - 1 ORDER BY a.seq DESC LIMIT 1',
  )
  t.same(last, [{ follows: true }])
})

t.test('the owner, too, is refused unless it first takes the trigger away', async (t) => {
  const before = await fingerprint()
  for (const sql of [`UPDATE audit_log SET body = '{}'`, 'DELETE FROM audit_log WHERE false', 'TRUNCATE audit_log'])
    await t.rejects(owner.query(sql), /append-only/, sql)
  t.same(await fingerprint(), before)
})

t.test('the application works: positions and their chunks are within its rights', async (t) => {
  const insert = `INSERT INTO positions (vehicle_id, ts, received_at, lon_e7, lat_e7, flags, alarms)
    SELECT 1, '2026-01-01'::timestamptz + n * INTERVAL '1 s', now(), 0, 0, 0, 0 FROM generate_series(0, $1) n ON CONFLICT DO NOTHING`
  t.equal((await app.query(insert, [9])).rowCount, 10)
  await owner.query(`SELECT compress_chunk(c, if_not_compressed => true) FROM show_chunks('positions') c`)
  t.equal((await app.query(insert, [19])).rowCount, 10, 'also into a compressed chunk')
  t.equal((await app.query('SELECT count(*) AS n FROM positions')).rows[0]!.n, 22)
  await t.rejects(app.query(`SELECT drop_chunks('positions', older_than => now())`), 'retention is the owner’s')
})

t.test('a block is refused with a sentence', { skip: onServer && 'a server has no shared session' }, (t) =>
  t.rejects(app.query('DO $$ BEGIN END $$'), /DO is for the owner/),
)
