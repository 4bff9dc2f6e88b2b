// `npm test`: installs what is missing, then plays every suite in a few processes, the longest first, and closes with one line that
// counts: N passed, N failed. Arguments narrow it to the given files. `--long` plays the suites that have a longer form (test/harness/long.ts)
// in that form, `--within SECONDS` begins no file after so long.
import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism, freemem, tmpdir, userInfo } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { installMissing } from './install.mjs'
import { program, suites } from './programs.mjs'
import { endAll, failedTests, playInOneProcess } from './test/harness/workerProcess.mjs'

const root = fileURLToPath(new URL('.', import.meta.url))
const cache = `${root}node_modules/.cache/morin`
/** Bytes that must be free: about ten databases at once, the product's among them. */
const ROOM_IN_MEMORY = 4 * 2 ** 30
const tap = `${root}node_modules/tap/dist/esm/run.mjs`

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  const longForm = process.argv.includes('--long')
  const command = longForm ? 'npm run test:long' : 'npm test'
  console.log(`${longForm ? 'Plays the suites that have a longer form in that form; about half an hour.' : 'Plays every test file, the longest first, and counts: N passed, N failed.'}

  ${command} [-- [--within SECONDS] [FILE …]]

  --within  Begins no file after so many seconds; what is left out is named
  FILE      Test files to play instead of all
TEST_WORKERS (processes), TEST_SEED (of generated cases), TEST_DATABASE_URL (a server instead of the embedded database), CHROMIUM (the
browser) and REQUIRE_BROWSER (fail without one) are environment variables.
Example: ${command}${longForm ? ' -- --within 600' : ' -- test/dispatch/door.test.ts'}`)
  process.exit(0)
}
installMissing()
prepareTap()
workInMemory()

/** Processes that play suites at once, beside the browser's. */
const WORKERS = Number(process.env.TEST_WORKERS ?? Math.max(2, availableParallelism()))
/** In this order, in which they leave one another the region that they expect: first those that count the fleet, then those that change it,
 *  last the one that starts the product anew with other rules. Others come before that one. */
const BROWSER_ORDER = ['door', 'accessibility', 'live', 'unmasking', 'ledger', 'exchange', '', 'identity']
const USUAL_S = 3
/** They wait more than they compute – for patience to end, for a broker to notice who left – and are played beside the others, with those that start the product. */
const WAITING = ['ingest/serverFaults', 'dispatch/pressure', 'dispatch/silentDatabase', 'ingest/twoWorkers'].map(
  (name) => `test/${name}.test.ts`,
)
/** The first that is there: one without windows of its own costs a third less. */
const BROWSERS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const isBrowser = (file) => file.startsWith('test/browser/')
const counts = { passed: 0, skipped: 0 }
const failures = []
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => {
    endAll()
    process.exit(1)
  })
const seconds = readSeconds()
const { values: options, positionals: asked } = parseArgs({
  options: { long: { type: 'boolean', default: false }, within: { type: 'string' } },
  allowPositionals: true,
})
if (options.long) process.env.TEST_LONG = 'true'
const files =
  asked.length > 0 ? asked : testFiles().filter((file) => !options.long || readFileSync(`${root}${file}`, 'utf8').includes('/long.ts'))

/** Those that start the product need the web built, which two of them at once would do twice. */
const needsWeb = (file) => isBrowser(file) || file.startsWith('test/start/')
const until = options.within === undefined ? Number.POSITIVE_INFINITY : performance.now() + Number(options.within) * 1000

const queue = files.filter((file) => !needsWeb(file) && !WAITING.includes(file)).sort(longestFirst)
const waitingQueue = WAITING.filter((file) => files.includes(file))
const browserQueue = readyForBrowser(files.filter(isBrowser).sort((a, b) => browserPlace(a) - browserPlace(b)))
let built = !files.some(needsWeb)
const building = built
  ? undefined
  : buildWeb().then(() => {
      waitingQueue.unshift(...files.filter((file) => needsWeb(file) && !isBrowser(file)).sort(longestFirst))
      built = true
    })
const javascript = await suites(files)
// What several of them would build at once.
if (asked.length === 0) await program('services/embedded/main.ts')
// The browser's lane is the longest: it begins as soon as there are pages, and the others are played beside it.
await Promise.all([browserQueue, ...Array.from({ length: WORKERS }, () => queue), waitingQueue].map(work))
for (const file of [...browserQueue, ...queue, ...waitingQueue]) failures.push(`${file}: no process could begin to play it`)
writeFileSync(`${cache}/seconds.json`, JSON.stringify(seconds))
for (const failure of failures) console.log(`FAILED ${failure}`)
console.log(`${counts.passed} passed, ${failures.length} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`)
// Where no time was left for any file, none has failed.
process.exit(failures.length > 0 || (counts.passed === 0 && performance.now() < until) ? 1 : 0)

function testFiles() {
  return readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .sort()
    .map((file) => `test/${file}`)
}

function browserPlace(file) {
  const place = BROWSER_ORDER.indexOf(file.slice('test/browser/'.length, -'.test.ts'.length))
  return place >= 0 ? place : BROWSER_ORDER.indexOf('')
}

/** The browser suites that can be played here: all of them, or none without Chromium. */
function readyForBrowser(suites) {
  if (suites.length === 0) return []
  process.env.CHROMIUM ??= BROWSERS.find(existsSync) ?? ''
  if (process.env.CHROMIUM) return suites
  if (process.env.REQUIRE_BROWSER) fail('Chromium was not found, and REQUIRE_BROWSER asks for the browser suites')
  counts.skipped += suites.length
  console.log(
    `SKIPPED ${suites.length} browser suites: Chromium was not found (Debian: apt-get install chromium-headless-shell; or set CHROMIUM)`,
  )
  return []
}

/**
 * Databases of tests are written to be thrown away: where there is room, in memory. With what is transformed once for all runs kept where
 * it always is.
 */
function workInMemory() {
  const shared = '/dev/shm'
  if (!existsSync(shared) || process.env.TMPDIR) return
  const { bavail, bsize } = statfsSync(shared)
  if (Math.min(bavail * bsize, freemem()) < ROOM_IN_MEMORY) return
  const scratch = mkdtempSync(`${shared}/morin-tests-`)
  // As the usual place is: a suite starts a program as another user.
  chmodSync(scratch, 0o1777)
  const transformed = `tsx-${userInfo().uid}`
  mkdirSync(`${tmpdir()}/${transformed}`, { recursive: true })
  symlinkSync(`${tmpdir()}/${transformed}`, `${scratch}/${transformed}`)
  process.env.TMPDIR = scratch
  process.once('exit', () => rmSync(scratch, { recursive: true, force: true }))
}

/** How long each file took the last time, where it was played before; those that take long are known from the start. */
function readSeconds() {
  const long = [
    'dispatch/matrix',
    'dispatch/matrix2',
    'dispatch/matrix3',
    'dispatch/matrix4',
    'dispatch/attacks',
    'start/start',
    'database/lock',
    'ingest/kill',
    'database/lengths',
    'dispatch/audit',
    'database/embedded',
    'database/damaged',
    'dispatch/door',
    'dispatch/parallel',
    'dispatch/frames',
    'exchange/import',
    'audit/tamperedLog',
    'dispatch/ledgerHistory',
    'audit/everyChange',
    'dispatch/secrecySight',
  ]
  const known = Object.fromEntries(long.map((name, k) => [`test/${name}.test.ts`, 60 - k]))
  try {
    return { ...known, ...JSON.parse(readFileSync(`${cache}/seconds.json`, 'utf8')) }
  } catch {
    return known
  }
}

function buildWeb() {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import=tsx', 'services/embedded/webBuildMain.ts'], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    // A build that fails has said why; what needs it will fail and say so again.
    child.once('exit', resolve)
  })
}

/** One process after the other, until no file is left: a process that ends in the middle of a file has lost that file only. */
async function work(waiting) {
  if (waiting === browserQueue) await building
  // The browser's product answers people within their patience, and its lane is the longest: the others yield to it.
  while (waiting.length > 0) {
    const asked = await playInOneProcess({ root, built: javascript, next: () => next(waiting), told, yields: waiting !== browserQueue })
    // Where no process can begin, the next one cannot either.
    if (!asked) return
  }
  if (built) return
  await building
  await work(waiting)
}

function next(waiting) {
  if (performance.now() < until) return waiting.shift()
  for (const file of waiting.splice(0)) {
    counts.skipped++
    console.log(`SKIPPED ${file}: the time of --within is over`)
  }
  return undefined
}

function longestFirst(a, b) {
  return (seconds[b] ?? USUAL_S) - (seconds[a] ?? USUAL_S)
}

function told(file, { ok, seconds: took, processorSeconds, tests, lines }) {
  for (const test of tests) {
    if (test.skipped) {
      counts.skipped++
      console.log(`SKIPPED ${test.name}${test.skipped}`)
    } else if (test.ok) counts.passed++
    else failures.push(`${file}: ${test.name}`)
  }
  if (!ok && tests.every((test) => test.ok)) failures.push(`${file} as a whole`)
  seconds[file] = took
  const used = Number.isNaN(processorSeconds) ? '' : `, ${processorSeconds} s of a processor`
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${file} (${took} s${used})`)
  if (!ok) console.log(failedTests(lines).join('\n'))
}

/** tap keeps its configured plugins in a generated class; without this it would want its own TypeScript plugin, which we leave out. */
function prepareTap() {
  const marker = `${cache}/tap-prepared`
  if (existsSync(marker)) return
  const { status, stderr } = spawnSync(process.execPath, [tap, 'build'], { cwd: root, encoding: 'utf8' })
  if (status !== 0) fail(`tap could not be prepared: ${stderr}`)
  mkdirSync(dirname(marker), { recursive: true })
  writeFileSync(marker, '')
}

function fail(sentence) {
  console.log(sentence)
  console.log('0 passed, 1 failed')
  process.exit(1)
}
