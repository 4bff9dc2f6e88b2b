// Builds the web and its offline base map when they are absent or older than their sources (told by content, not by date).
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const sources = ['web', 'services/contracts', 'services/domain', 'services/evidence', 'firmware-sim/roads', 'package-lock.json']
const leftOut = new Set(['dist', 'node_modules'])

/** Makes `web/dist` current. @returns how long it took, ms; 0 when there was nothing to do. */
export async function buildWeb(root: string): Promise<number> {
  const startedAt = Date.now()
  const stamp = join(root, 'web/dist/.built-from')
  const wanted = await digestOf(root)
  // Without a stamp it was never built, or not to its end.
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return 0
  const basemap = join(root, 'web/public/basemap')
  await mkdir(basemap, { recursive: true })
  await Promise.all([
    run(root, 'the road network', ['--import=tsx', 'firmware-sim/roads/export.ts', basemap]),
    run(root, 'the base map', ['--import=tsx', 'web/basemap/build.ts']),
  ])
  await run(root, 'the web', ['node_modules/vite/bin/vite.js', 'build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'])
  await run(root, 'the verification page', ['--import=tsx', 'web/verify/build.ts'])
  await writeFile(stamp, wanted)
  return Date.now() - startedAt
}

async function digestOf(root: string): Promise<string> {
  const hash = createHash('sha256')
  const add = async (path: string): Promise<void> => {
    const full = join(root, path)
    // What is no directory is read as a file, and whatever is wrong with it is said there.
    const entries = await readdir(full, { withFileTypes: true }).catch(() => null)
    if (!entries) return void hash.update(path).update(await readFile(full))
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const generated = leftOut.has(entry.name) || (path === 'web/public' && entry.name === 'basemap')
      if (!generated) await add(`${path}/${entry.name}`)
    }
  }
  for (const source of sources) await add(source)
  return hash.digest('hex')
}

function run(cwd: string, what: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_ENV: 'production' } })
    const output: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk))
    child.once('error', reject)
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`building ${what} failed:\n${Buffer.concat(output).toString()}`)),
    )
  })
}
