// One process that plays test files (worker.ts), seen from test.mjs: gives it the next file when it asks, reads what it says of each, and
// ends it when it hangs.
import { fork } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, setPriority } from 'node:os'
import { createInterface } from 'node:readline'

/** Seconds in which a test of a file must end, or its process is ended: it hangs. Where others crowd the machine, as much longer. */
const LIMIT_S = 180
const crowding = () => Math.max(1, loadavg()[0] / (4 * availableParallelism()))
/** Seconds in which a process ends by itself once its last file is played. */
const GRACE_S = 60
const running = new Set()

/**
 * Plays files until `next()` has none, or until the process ends in the middle of one. False when it ended before it asked for any.
 * The files stand as JavaScript in the directory `built`. `told(file, { ok, seconds, processorSeconds, tests, lines })` hears of each file; a test is { name, ok, skipped }. One that `yields` leaves
 * the processors to the others first.
 */
export function playInOneProcess({ root, built, next, told, yields = false }) {
  return new Promise((resolve) => {
    const child = fork(`${root}test/harness/play.mjs`, {
      env: { ...process.env, TEST_BUILT: built },
      cwd: root,
      // Room for what lives for one request only: to collect it took a tenth of what the suites take.
      execArgv: ['--enable-source-maps', '--max-semi-space-size=64'],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      // A group of its own, with everything that its suites start.
      detached: true,
    })
    running.add(child)
    if (yields) yieldToOthers(child)
    let given
    let played
    let failed = false
    /** What a file took, where its process asked for the next one before it was read that it had ended. */
    let ended
    const now = () => ({ seconds: performance.now() / 1000, processorSeconds: processorSecondsOf(child) })
    let begun = now()
    let asked = false
    const taken = () => {
      const { seconds, processorSeconds } = now()
      return { seconds: tenths(seconds - begun.seconds), processorSeconds: tenths(processorSeconds - begun.processorSeconds) }
    }
    let tests = []
    let lines = []
    let limit
    const watch = (limitS, says) => {
      clearTimeout(limit)
      limit = setTimeout(() => {
        lines.push(says(limitS))
        endGroup(child)
      }, limitS * 1000)
    }
    const watchTest = () => watch(Math.round(LIMIT_S * crowding()), (s) => `no test ended for ${s} s, so it was ended`)
    child.on('message', (message) => {
      if (message !== 'next') return // tap says things of its own
      if (given !== undefined && given !== played) ended = taken()
      asked = true
      given = next()
      begun = now()
      child.send(given === undefined ? 'end' : { play: given })
      if (given !== undefined) return watchTest()
      watch(GRACE_S, (s) => `its files are played, and something that they started keeps it from ending for ${s} s`)
    })
    const fileEnds = (file, ok) => {
      told(file, { ok, ...(ended ?? taken()), tests, lines })
      ended = undefined
      played = file
      failed ||= !ok
      tests = []
      lines = []
    }
    // Which file a line is of, the lines say themselves: messages come by another way, earlier or later.
    const output = createInterface({ input: child.stdout })
    output.on('line', (line) => {
      lines.push(line)
      const test = /^ {8}(not ok|ok) \d+ - (.*?)( # SKIP.*)?$/.exec(line)
      if (test) {
        tests.push({ name: test[2].replace(/ # time=.*/, ''), ok: test[1] === 'ok', skipped: test[3] })
        watchTest()
      }
      const end = /^ {4}(not ok|ok) \d+ - (test\/\S+)/.exec(line)
      if (end) fileEnds(end[2], end[1] === 'ok')
    })
    const exit = new Promise((done) => child.once('exit', (code, signal) => done(code ?? signal)))
    const silence = new Promise((done) => output.once('close', done))
    Promise.all([exit, silence]).then(([code]) => {
      clearTimeout(limit)
      running.delete(child)
      endGroup(child)
      lines.push(`its process ended with ${code}`)
      if (given !== undefined && given !== played) fileEnds(given, false)
      // tap's own code says only that one of them failed, which has been told.
      else if (code !== 0 && !failed) fileEnds(`${played ?? 'a process'}, or a file before it in the same process`, false)
      resolve(asked)
    })
  })
}

const tenths = (value) => Math.round(value * 10) / 10

/** Field of /proc/PID/stat, counted from the state: its group, and the time of the processors that it and its ended children took. */
const [GROUP, TIMES] = [2, [11, 12, 13, 14]]
const TICKS_PER_S = 100

/** What a process took of the processors, with all that it started; not a number where it has ended or the system does not say. */
function processorSecondsOf({ pid }) {
  try {
    let ticks = 0
    let alive = false
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue
      const fields = statOf(name)
      if (fields?.[GROUP] !== String(pid)) continue
      alive ||= name === String(pid)
      for (const at of TIMES) ticks += Number(fields[at])
    }
    return alive ? ticks / TICKS_PER_S : Number.NaN
  } catch {
    return Number.NaN // another system than Linux
  }
}

function statOf(pid) {
  try {
    const said = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return said.slice(said.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined // it has ended meanwhile
  }
}

/** For itself and what it will start: Linux weighs whole sessions, where it groups by them, and else processes. */
function yieldToOthers({ pid }) {
  setPriority(pid, 5)
  try {
    writeFileSync(`/proc/${pid}/autogroup`, '5')
  } catch {
    // Another system, or one that does not group.
  }
}

/** Ends all of them, with all that their suites have started. */
export function endAll() {
  for (const child of running) endGroup(child)
}

function endGroup({ pid }) {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

/** What a file said of the tests that failed, without what was right in them; of a file that failed otherwise, all that it said but of the tests that passed. */
export function failedTests(lines) {
  const found = []
  const unfinished = []
  let test = []
  for (const line of lines) {
    if (line.startsWith('        # Subtest: ')) unfinished.push(...test.splice(0))
    if (!/^ {12,}ok \d/.test(line)) test.push(line)
    if (!/^ {8}(not ok|ok) /.test(line)) continue
    if (line.startsWith('        not ok ')) found.push(...test)
    test = []
  }
  return found.length > 0 ? found : [...unfinished, ...test]
}
