// Brings node_modules up to the lock file: runs `npm ci` when it is absent or older. No dependencies: it runs before there are any.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('.', import.meta.url))
const lock = `${root}package-lock.json`
const installed = `${root}node_modules/.package-lock.json`
const LEAST = [20, 19]

/** Ends the process with a sentence when this Node is too old or the install fails. */
export function installMissing() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1])) {
    console.error(`morin: Node ${LEAST.join('.')} or newer is needed; this is ${process.versions.node}.`)
    process.exit(1)
  }
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return
  console.error('morin: installing packages (npm ci) …')
  const { status } = spawnSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (status === 0) return
  console.error('morin: npm ci failed; see the lines above.')
  process.exit(1)
}
