// The database's own jobs in health: each way in which compression or retention can be missing is a sentence.
import { writeFileSync } from 'node:fs'
import t from 'tap'
import { faultSentence } from '../../services/contracts/healthFaults.ts'
import { type JobRow, judgeStorageJobs, readStorageJobs } from '../../services/dispatch/operations/storageJobs.ts'
import { JOB_RUNS_FILE } from '../../services/platform/jobRuns.ts'
import { onServer } from '../harness/database.ts'
import { ask, openRegion, startWorld } from './world.ts'

const hour = 3_600_000
const now = Date.UTC(2026, 10, 23)
const job: JobRow = {
  jobId: 1000,
  procedure: '_timescaledb_functions.policy_compression',
  hypertable: 'positions',
  scheduled: true,
  everyMs: hour,
  running: false,
  lastStartMs: now - hour / 2,
  lastSuccessMs: now - hour / 2,
  failed: false,
  error: null,
  nextMs: now + hour / 2,
}
const drop: JobRow = { ...job, jobId: 1001, procedure: 'public.drop_old_positions', hypertable: null }
const judge = (rows: JobRow[], more: { scheduler?: boolean; workers?: number } = {}, sinceMs = now - 10 * hour) =>
  judgeStorageJobs({ rows, scheduler: null, workers: null, open: false, ...more }, sinceMs, now).faults.map((fault) =>
    faultSentence(fault, 'en'),
  )

t.test('jobs that ran and will run again are no word', (t) => {
  t.same(judge([job, drop], { scheduler: true, workers: 16 }), [])
  t.same(judge([{ ...job, running: true, nextMs: null }, drop]), [])
  t.same(
    judge([{ ...job, lastStartMs: null, lastSuccessMs: null, nextMs: null }, drop], {}, now - 60_000),
    [],
    'nor one that is waited for',
  )
  t.end()
})

t.test('each thing that can be wrong with them is a sentence', (t) => {
  const said: [JobRow[], RegExp, { scheduler?: boolean; workers?: number }?][] = [
    [[drop], /no job that compresses positions/],
    [[job], /no job that drops old positions/],
    [
      [{ ...job, failed: true, error: 'cannot drop portal ""' }, drop],
      /compresses positions failed at its last run: cannot drop portal ""\./,
    ],
    [[job, { ...drop, scheduled: false }], /drops old positions is switched off/],
    [
      [job, { ...drop, nextMs: now - hour, lastStartMs: now - 5 * hour }],
      /drops old positions is overdue; it last ran at 2026-11-22T19:00/,
    ],
    [[{ ...job, lastStartMs: null, nextMs: null }, drop], /compresses positions is overdue; it has never run/],
    [[job, drop], /may start no background workers/, { workers: 0 }],
    [[job, drop], /scheduler does not run/, { workers: 16, scheduler: false }],
    [[job, drop, { ...job, hypertable: 'other', failed: true, error: 'x' }], /runs _timescaledb_functions.policy_compression failed/],
    // A job that only shares the name is not ours.
    [[job, { ...drop, procedure: 'elsewhere.drop_old_positions' }], /no job that drops old positions/],
  ]
  for (const [rows, sentence, more] of said) {
    const notices = judge(rows, more)
    t.equal(notices.length, 1, String(sentence))
    t.match(notices[0], sentence)
  }
  t.end()
})

t.test('health says it, asked by the role that may not see other roles’ errors', async (t) => {
  const db = await openRegion(t)
  const kind = onServer ? 'server' : 'embedded'
  const data = t.testdir()
  const { rows } = await readStorageJobs(db, kind, data)
  t.same(
    rows.map(({ procedure, scheduled }) => [procedure, scheduled]),
    [
      ['_timescaledb_functions.policy_compression', true],
      ['public.drop_old_positions', true],
    ],
  )
  const health = async () => {
    const world = await startWorld(t, db, { 'database-kind': kind, data })
    return (await ask(world, 'getHealth', undefined)).json()
  }
  t.match(await health(), { jobs: [{ task: 'compression' }, { task: 'retention' }] })
  if (!onServer) {
    writeFileSync(`${data}/${JOB_RUNS_FILE}`, JSON.stringify({ [rows[1]!.jobId]: { endedAtMs: now, failed: true, error: 'no room' } }))
    t.match((await health()).notices, ['The job that drops old positions failed at its last run: no room.'])
  }
  await db.owner.query('SELECT alter_job($1, scheduled => false)', [rows[1]!.jobId])
  t.match((await health()).notices.join(), /drops old positions is switched off/)
  await db.owner.query('SELECT delete_job($1)', [rows[1]!.jobId])
  t.match((await health()).notices.join(), /no job that drops old positions/)
})
