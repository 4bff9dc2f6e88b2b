// `npm test`: installs what is missing, runs every tap suite, then the browser suite where Chromium is found,
// and closes with one line that counts: N passed, N failed. Arguments narrow it to the given files.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { installMissing } from './install.mjs'

const root = fileURLToPath(new URL('.', import.meta.url))
const tap = `${root}node_modules/tap/dist/esm/run.mjs`

installMissing()
prepareTap()

const asked = process.argv.slice(2)
const suites = asked.length > 0 ? asked : testFiles((file) => !file.startsWith('browser/'))
const browserSuites = asked.length > 0 ? [] : testFiles((file) => file.startsWith('browser/'))
/** Seconds that one file may take; the browser suites are one file, and software rendering on a busy machine is slow. */
const SUITE_LIMIT_S = 600
const BROWSER_LIMIT_S = 900
const counts = { passed: 0, failed: 0, skipped: 0 }

await runTap(suites, 2)
if (browserSuites.length > 0) {
  const chromium = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
  if (chromium) await runTap(['test/browser/all.ts'], 1, { CHROMIUM: chromium }, BROWSER_LIMIT_S)
  else if (process.env.REQUIRE_BROWSER) fail('Chromium was not found, and REQUIRE_BROWSER asks for the browser suites')
  else {
    counts.skipped += browserSuites.length
    console.log(
      `SKIPPED ${browserSuites.length} browser suites: Chromium was not found (Debian: apt-get install chromium; or set CHROMIUM)`,
    )
  }
}
console.log(`${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`)
process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0)

function testFiles(wanted) {
  return readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && wanted(file))
    .sort()
    .map((file) => `test/${file}`)
}

/** tap keeps its configured plugins in a generated class; without this it would want its own TypeScript plugin, which we leave out. */
function prepareTap() {
  const marker = `${root}node_modules/.cache/morin/tap-prepared`
  if (existsSync(marker)) return
  const { status, stderr } = spawnSync(process.execPath, [tap, 'build'], { cwd: root, encoding: 'utf8' })
  if (status !== 0) fail(`tap could not be prepared: ${stderr}`)
  mkdirSync(dirname(marker), { recursive: true })
  writeFileSync(marker, '')
}

/** Runs tap on `files` and counts its tests: the sentences one level below each file. */
function runTap(files, jobs, env = {}, limitS = SUITE_LIMIT_S) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [tap, 'run', '--reporter=tap', `--jobs=${jobs}`, `--timeout=${limitS}`, ...files], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let file = []
    let failedInFile = 0
    createInterface({ input: child.stdout }).on('line', (line) => {
      file.push(line)
      const test = /^ {4}(not ok|ok) \d+ - (.*?)( # SKIP.*)?$/.exec(line)
      if (test?.[3]) {
        counts.skipped++
        console.log(`SKIPPED ${test[2]}${test[3]}`)
      } else if (test?.[1] === 'ok') counts.passed++
      else if (test) {
        counts.failed++
        failedInFile++
      }
      const end = /^(not ok|ok) \d+ - (.*)$/.exec(line)
      if (!end) return
      if (end[1] === 'not ok' && failedInFile === 0) counts.failed++
      console.log(`${end[1] === 'ok' ? 'ok    ' : 'FAILED'} ${end[2]}`)
      if (end[1] === 'not ok') console.log(file.join('\n'))
      file = []
      failedInFile = 0
    })
    child.once('exit', (code) => {
      if (code !== 0 && counts.failed === 0) {
        counts.failed++
        console.log(`FAILED tap ended with exit code ${code}\n${file.join('\n')}`)
      }
      resolve()
    })
  })
}

function fail(sentence) {
  console.log(sentence)
  console.log('0 passed, 1 failed')
  process.exit(1)
}
