// The audit log through the product: who sees what of it, paging, export, verification, heads, and that nothing of a secret gets in.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import t from 'tap'
import type { AuditRow } from '../../services/contracts/auditRecord.ts'
import { openAuditHeads } from '../../services/dispatch/audit/heads.ts'
import { type AuditEntry, listHistory, recordAudit, recordAuditMany } from '../../services/dispatch/kernel/record.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { asOwner, startTestDatabase } from '../harness/database.ts'
import { excuseFixtures } from '../harness/excuseFixtures.ts'
import { NOW_MS, seedRegion } from './region.ts'
import { ask, startWorld } from './world.ts'

const database = await startTestDatabase(t)
const db = openDatabase({ url: database.appUrl, applicationName: 'test', maxConnections: 4 })
const directory = mkdtempSync(join(tmpdir(), 'morin-audit-'))
t.teardown(async () => {
  await db.close()
  rmSync(directory, { recursive: true, force: true })
})
await asOwner(database, seedRegion)
await excuseFixtures(database)
const paths = { path: join(directory, 'audit-heads.jsonl'), publicKeyPath: join(directory, 'audit-key.pub.pem') }
const openHeads = () =>
  openAuditHeads(
    { db, clock: { nowMs: () => NOW_MS }, log: pino({ level: 'silent' }), everyMs: 3_600_000, ...paths },
    { given: undefined, path: join(directory, 'audit-key.pem') },
  )
const heads = await openHeads()
const world = await startWorld(t, db, {}, { auditHeads: heads })
const verifier = fileURLToPath(new URL('../../services/audit-verify/main.ts', import.meta.url))
const runVerifier = async (...args: string[]) => {
  const child = spawn(process.execPath, ['run.mjs', verifier, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code, says: out + err }
}
const verify = (...args: string[]) => runVerifier('--public-key', paths.publicKeyPath, '--heads', paths.path, ...args)

const entry = (more: Partial<AuditEntry> = {}): AuditEntry => ({
  atMs: NOW_MS,
  actor: { accountId: null, username: 'tester', role: null },
  action: 'vehicle.view',
  ...more,
})

t.test('records are numbered without a gap and chained, however many transactions append at once', async (t) => {
  await Promise.all(Array.from({ length: 40 }, (_, n) => recordAudit(db, entry({ detail: { n } }))))
  await t.rejects(
    db.transaction(async (client) => {
      await recordAudit(client, entry({ detail: { n: 'rolled back' } }))
      throw new Error('no')
    }),
  )
  const { rows } = await db.query(
    `SELECT count(*) AS n, max(seq) AS last, count(*) FILTER (WHERE body LIKE '%rolled back%') AS undone,
       count(*) FILTER (WHERE seq > 1 AND prev_hash <> (SELECT p.hash FROM audit_log p WHERE p.seq = l.seq - 1)) AS broken FROM audit_log l`,
  )
  t.match(rows, [{ n: rows[0]!.last, undone: 0, broken: 0 }])
})

t.test('no secret enters the log, whatever the field is called, and numbers of persons are masked', async (t) => {
  const secret = 'hunter2-do-not-log'
  const names = ['password', 'passwordHash', 'new_password', 'token', 'apiToken', 'tokenHash', 'csrfToken', 'totpSecret', 'secret', 'otp']
  names.push('recoveryCodes', 'credential', 'credentialHash', 'cookie', 'Authorization', 'private_key', 'api-key', 'clientSecret')
  const fields = Object.fromEntries(names.map((name) => [name, name === 'recoveryCodes' ? [secret] : secret]))
  await recordAudit(db, entry({ before: fields, after: { account: fields }, detail: { list: [fields], bytes: Buffer.from(secret) } }))
  await recordAudit(db, entry({ after: { phone: '13812345678', licenceNo: '150102199001011234', note: 'kept', secrecy: true } }))
  const { rows } = await db.query<{ body: string }>('SELECT body FROM audit_log ORDER BY seq DESC LIMIT 2')
  t.notMatch(rows[1]!.body, /hunter2/)
  t.match(JSON.parse(rows[0]!.body), { after: { phone: '138****5678', licenceNo: '150****1234', note: 'kept', secrecy: true } })
})

t.test('strange text is recorded as it can be stored, and a record is never too large', async (t) => {
  await recordAudit(
    db,
    entry({ actor: { accountId: null, username: 'half \uD800 nul \0', role: null }, subject: { type: 'x', id: '\uDC00' } }),
  )
  await recordAudit(db, entry({ after: Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`f${n}`, '字'.repeat(5000)])) }))
  const { rows } = await db.query('SELECT username, subject_id, octet_length(body) AS size FROM audit_log ORDER BY seq DESC LIMIT 2')
  t.ok((rows[0]!.size as number) < 40_000)
  t.match(rows, [{ username: 'tester' }, { username: 'half \uFFFD nul \uFFFD', subject_id: '\uFFFD' }])
})

t.test('many records of one transaction are one step of the chain each, in their order', async (t) => {
  const many = Array.from({ length: 500 }, (_, n) =>
    entry({ action: 'vehicle.change', subject: { type: 'vehicle', id: 202 }, detail: { n } }),
  )
  await db.transaction((client) => recordAuditMany(client, many))
  const history = await listHistory(db, { type: 'vehicle', id: 202 }, { limit: 3 })
  t.same(
    history.map(({ detail }) => detail),
    [{ n: 499 }, { n: 498 }, { n: 497 }],
  )
  t.match(await listHistory(db, { type: 'vehicle', id: 202 }, { limit: 1, beforeSeq: history[2]!.seq }), [{ detail: { n: 496 } }])
})

t.test('the list goes on page by page without repeating or missing a record', async (t) => {
  const admin = await world.signIn('audit_admin')
  const seen: number[] = []
  let cursor: string | undefined
  do {
    const page = (await ask(world, 'listAudit', admin, { query: { actor: 'tester', limit: 97, ...(cursor ? { cursor } : {}) } })).json()
    seen.push(...page.rows.map((row) => row.seq))
    cursor = page.next ?? undefined
  } while (cursor)
  const { rows } = await db.query<{ n: number }>(`SELECT count(*) AS n FROM audit_log WHERE username = 'tester'`)
  t.equal(seen.length, rows[0]!.n)
  t.equal(new Set(seen).size, seen.length)
  t.same(
    seen,
    [...seen].sort((a, b) => b - a),
  )
})

t.test('filters hold together, and words are found as they stand', async (t) => {
  const admin = await world.signIn('audit_admin')
  await recordAudit(db, entry({ purpose: '核查 100% "线索"_甲' }))
  const find = async (query: object) => (await ask(world, 'listAudit', admin, { query: { ...query } })).json().rows
  t.match(await find({ text: '100% "线索"_' }), [{ purpose: '核查 100% "线索"_甲', subject: null }])
  t.same(await find({ text: '100_' }), [])
  t.same(await find({ text: '核查', action: 'session.sign-in' }), [])
  t.match(await find({ subjectType: 'vehicle', subjectId: '202', limit: 2 }), { length: 2 })
  t.same(await find({ to: new Date(NOW_MS).toISOString(), actor: 'tester' }), [])
  t.equal((await ask(world, 'listAudit', admin, { query: { action: 'no.such' } })).code, 'VALIDATION_FAILED')
  t.equal((await ask(world, 'listAudit', admin, { query: { cursor: '1;2' } })).code, 'VALIDATION_FAILED')
})

t.test('an inspector sees what he looked at himself alone, an auditor of a unit those of that unit, others nothing', async (t) => {
  const inspector = await world.signIn('inspector')
  const own = (await ask(world, 'listAudit', inspector)).json().rows
  t.ok(own.length > 0 && own.every((row) => row.username === 'inspector'))
  const { rows } = await db.query<{ seq: number }>(`SELECT seq FROM audit_log WHERE username = 'tester' LIMIT 1`)
  t.equal((await ask(world, 'getAuditRecord', inspector, { params: { seq: rows[0]!.seq } })).code, 'NOT_FOUND')
  t.equal((await ask(world, 'getAuditRecord', inspector, { params: { seq: own[0]!.seq } })).status, 200)
  t.equal((await ask(world, 'exportAudit', inspector)).code, 'FORBIDDEN')
  const local = await world.signIn('audit_admin@30')
  await world.signIn('driver@30')
  const seen = new Set((await ask(world, 'listAudit', local, { query: { limit: 200 } })).json().rows.map((row) => row.username))
  t.ok(seen.has('driver@30') && [...seen].every((name) => name.endsWith('@30')), [...seen].join())
  t.equal((await ask(world, 'getAuditRecord', local, { params: { seq: own[0]!.seq } })).code, 'NOT_FOUND')
  t.equal((await ask(world, 'listAudit', await world.signIn('dispatcher'))).code, 'FORBIDDEN')
})

t.test('heads are written when the log has moved, with a key nobody else may read, and a torn line is mended', async (t) => {
  const lines = () => readFileSync(paths.path, 'utf8').trimEnd().split('\n')
  await heads.write()
  await heads.write()
  t.equal(lines().length, 1)
  t.equal(statSync(join(directory, 'audit-key.pem')).mode & 0o777, 0o600)
  await recordAudit(db, entry())
  await heads.write()
  t.equal(lines().length, 2)
  writeFileSync(paths.path, `${lines().join('\n')}\n{"algorithm":"s`)
  const again = await openHeads()
  await recordAudit(db, entry())
  await again.write()
  t.match(await again.read(), { heads: { length: 3 }, problems: [] })
  const admin = await world.signIn('audit_admin')
  const last = JSON.parse(lines()[1]!) as { seq: number }
  t.equal((await ask(world, 'getAuditRecord', admin, { params: { seq: last.seq } })).json().signedAt, new Date(NOW_MS).toISOString())
})

t.test('the verifier passes on the running log and on its export, and the export is on record', async (t) => {
  await heads.write()
  const ofDatabase = await verify('--database-url', database.appUrl)
  t.match(ofDatabase, { code: 0, says: /the log is whole/ })
  t.match(ofDatabase.says, /\d+ records in .* a second; \d signed heads/)
  const admin = await world.signIn('audit_admin')
  const answer = await ask(world, 'exportAudit', admin)
  t.match(answer.headers['content-disposition'], /attachment; filename\*=UTF-8''audit-2026-03-02\.jsonl/)
  const file = join(directory, 'export.jsonl')
  writeFileSync(file, answer.body)
  t.match(await verify('--file', file), { code: 0, says: /the log is whole/ })
  const rows = answer.body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as AuditRow)
  t.match(rows.at(-1), { action: 'audit.export', username: 'audit_admin' })

  const some = await ask(world, 'exportAudit', admin, { query: { actor: 'tester' } })
  writeFileSync(file, some.body)
  t.match(await verify('--file', file), { code: 1, says: /MISSING/ }, 'a selection is no whole log')
  t.match(await verify('--file', file, '--excerpt', 'true'), { code: 0 })
})

t.test('the verifier says what was done to the log and where, and ends with 1', async (t) => {
  const owner = openDatabase({ url: database.url, applicationName: 'owner', maxConnections: 1 })
  const { rows } = await owner.query<{ last: number }>('SELECT max(seq) AS last FROM audit_log')
  const { last } = rows[0]!
  await owner.query('ALTER TABLE audit_log DISABLE TRIGGER ALL')
  await owner.query('CREATE TABLE kept AS SELECT * FROM audit_log')
  const after = async (sql: string) => {
    await owner.query(sql)
    const found = await verify('--database-url', database.url)
    await owner.query('TRUNCATE audit_log')
    await owner.query('INSERT INTO audit_log SELECT * FROM kept')
    return found
  }
  t.match(await after(`UPDATE audit_log SET body = replace(body, 'tester', 'nobody') WHERE seq = 20`), {
    code: 1,
    says: /CHANGED +record 20 /,
  })
  t.match(await after(`UPDATE audit_log SET username = 'x' WHERE seq = 21`), { code: 1, says: /COLUMN +record 21 .*username/ })
  t.match(await after(`UPDATE audit_log SET at = at + INTERVAL '1 us' WHERE seq = 22`), { code: 1, says: /COLUMN +record 22 .* at / })
  t.match(await after(`UPDATE audit_log SET role = '' WHERE seq = 12`), { code: 1, says: /COLUMN +record 12 .*role/ })
  // One row that, read carelessly, would stand for itself and for the next.
  const smuggled = `UPDATE audit_log a SET body = a.body || E'\\x01' || a.prev_hash || E'\\x01' || a.hash || E'\\x01tttttt\\n' || b.seq || E'\\x01' || b.body
    FROM audit_log b WHERE a.seq = 13 AND b.seq = 14`
  t.match(await after(`${smuggled}; DELETE FROM audit_log WHERE seq = 14`), { code: 1, says: /record 13 [\s\S]*record 14 is missing/ })
  t.match(await after('DELETE FROM audit_log WHERE seq = 23'), { code: 1, says: /MISSING +record 23 is missing/ })
  t.match(await after(`DELETE FROM audit_log WHERE seq > 24`), { code: 1, says: /TRUNCATED +the log ends with record 24/ })
  t.match(await after('UPDATE audit_log SET hash = set_bit(hash, 3, 1 - get_bit(hash, 3)) WHERE seq = 25'), {
    code: 1,
    says: /CHANGED +record 25 /,
  })
  t.match(
    await after('UPDATE audit_log SET seq = CASE seq WHEN 26 THEN -27 ELSE -26 END WHERE seq IN (26, 27)').catch(
      (error: Error) => error.message,
    ),
    /audit_log_seq_check/,
  )
  t.match(await after('DELETE FROM audit_log'), { code: 1, says: /the log is empty/ })
  t.match(await verify('--database-url', database.url), { code: 0 })
  const fewer = join(directory, 'fewer.jsonl')
  writeFileSync(fewer, readFileSync(paths.path, 'utf8').split('\n').slice(1).join('\n'))
  t.match(await runVerifier('--database-url', database.url, '--heads', fewer, '--public-key', paths.publicKeyPath), {
    code: 1,
    says: /HEAD +the head of record \d+ is not among the given ones/,
  })
  t.match(await runVerifier(), { code: 1, says: /Give the log/ })
  t.match(await verify('--file', join(directory, 'no such file')), { code: 1, says: /^morin: .*no such file cannot be read/ })
  t.match(await verify('--file', directory), { code: 1, says: /^morin: .* cannot be read: EISDIR/ })
  t.match(await verify('--database-url', 'postgresql://127.0.0.1:1/morin'), { code: 1, says: /^morin: The database cannot be read/ })
  t.match(await runVerifier('--file', paths.path, '--heads', paths.path, '--public-key', paths.path), {
    code: 1,
    says: /to be read as a key/,
  })
  t.match(await runVerifier('--file', paths.path, '--heads', join(directory, 'gone'), '--public-key', paths.publicKeyPath), {
    code: 1,
    says: /gone cannot be read/,
  })
  await owner.query('DROP TABLE kept')
  await owner.query('ALTER TABLE audit_log ENABLE TRIGGER ALL')
  await owner.close()
  t.equal((await db.query('SELECT max(seq) AS last FROM audit_log')).rows[0]!.last, last)
})

t.test('the server verifies on request, all or the last records, and puts it on record', async (t) => {
  const admin = await world.signIn('audit_admin')
  t.match((await ask(world, 'getAuditVerification', admin)).json(), { state: 'never' })
  const settled = async () => {
    for (;;) {
      const state = (await ask(world, 'getAuditVerification', admin)).json()
      if (state.state !== 'running') return state
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  t.match((await ask(world, 'verifyAudit', admin, { body: {} })).json(), { state: 'running', from: 1 })
  t.equal((await ask(world, 'verifyAudit', admin, { body: {} })).code, 'CONFLICT')
  const whole = await settled()
  t.match(whole, { state: 'whole', findingCount: 0, checked: whole.to })
  await ask(world, 'verifyAudit', admin, { body: { last: 10 } })
  const tail = await settled()
  t.match(tail, { state: 'whole', checked: 10, from: tail.to - 9 })
  t.match((await ask(world, 'listAudit', admin, { query: { action: 'audit.verify' } })).json().rows, { length: 2 })
})

t.test('health says so when a service runs as a role that could rewrite the log', async (t) => {
  const owner = openDatabase({ url: database.url, applicationName: 'owner', maxConnections: 2 })
  const other = await startWorld(t, owner)
  t.teardown(() => owner.close())
  const notices = async (w: typeof world) => (await ask(w, 'getHealth', undefined)).json().notices.join()
  t.match(await notices(other), /could rewrite the audit log/)
  t.notMatch(await notices(world), /audit/)
})
