// The product's own processes, started as a user starts them: `npm start` without its simulator, and the simulator apart.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from '../../test/harness/freePort.ts'

/** `dir`: the working copy that it is of. */
export type Morin = { dir: string; url: string; mqttUrl: string; dataDir: string; stop(): Promise<void> }

/** Everything of a build but the simulator, on free ports with a fresh data directory. */
export async function startMorin(dir: string): Promise<Morin> {
  const dataDir = await mkdtemp(join(tmpdir(), 'morin-bench-'))
  const [port, mqttPort] = await Promise.all([freePort(), freePort()])
  const child = spawn(
    process.execPath,
    ['start.mjs', '--port', `${port}`, '--mqtt-port', `${mqttPort}`, '--data', dataDir, '--vehicles', '0'],
    {
      cwd: dir,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  await line(child, /^ready /)
  return {
    dir,
    url: `http://127.0.0.1:${port}`,
    mqttUrl: `mqtt://127.0.0.1:${mqttPort}`,
    dataDir,
    async stop() {
      await end(child)
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** The simulator as a process of its own. */
export async function startFleet(morin: Morin, flags: string[]): Promise<{ stop(): Promise<void> }> {
  const args = [
    '--import=tsx',
    'firmware-sim/main.ts',
    '--mqtt-url',
    morin.mqttUrl,
    '--manifest',
    join(morin.dataDir, 'terminals.json'),
    ...flags,
  ]
  const child = spawn(process.execPath, args, { cwd: morin.dir, stdio: ['ignore', 'ignore', 'inherit'] })
  await once(child, 'spawn')
  return { stop: () => end(child) }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

async function line(child: ChildProcess, wanted: RegExp): Promise<void> {
  for await (const text of createInterface({ input: child.stdout! })) if (wanted.test(text)) return
  throw new Error(`the process ended before it said ${wanted}`)
}
