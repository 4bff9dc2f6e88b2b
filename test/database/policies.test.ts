// When a policy is due, where the database itself does not say.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { decideDue, type Job } from '../../services/embedded/database/policies.ts'
import { readJobRuns, writeJobRuns } from '../../services/platform/jobRuns.ts'

const hour = 3_600_000
const daily: Job = { jobId: 7, procedure: 'any', hypertable: null, everyMs: 24 * hour, retryMs: hour, config: {} }
const now = Date.UTC(2026, 10, 23)

t.test('a job is due when it never ran, and then once an interval, across restarts', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'morin-jobs-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'db-jobs.json')
  t.same(decideDue([daily], readJobRuns(file), now), [daily])
  writeJobRuns(file, { 7: { endedAtMs: now, failed: false } })
  t.same(decideDue([daily], readJobRuns(file), now + 23 * hour), [])
  t.same(decideDue([daily], readJobRuns(file), now + 24 * hour), [daily])
  writeFileSync(file, '{"7":')
  t.same(decideDue([daily], readJobRuns(file), now), [daily], 'a broken file costs one early run')
})

t.test('a job that failed is tried again after its retry period', async (t) => {
  const runs = { 7: { endedAtMs: now, failed: true } }
  t.same(decideDue([daily], runs, now + hour - 1), [])
  t.same(decideDue([daily], runs, now + hour), [daily])
})

t.test('a clock that was set back delays no job', async (t) => {
  t.same(decideDue([daily], { 7: { endedAtMs: now + 1000 * hour, failed: false } }, now), [daily])
})
