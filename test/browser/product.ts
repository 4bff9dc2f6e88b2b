// The whole product as `npm start` runs it, on free ports and a temporary data directory, and another of its programs beside it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { databaseImage } from '../harness/databaseImage.ts'
import { freePort } from '../harness/freePort.ts'

export type Product = {
  url: string
  mqttUrl: string
  dataDir: string
  /** Stops it and starts it again on the same data and ports, with more flags. */
  restart(...flags: string[]): Promise<void>
  stop(): Promise<void>
}

/** Starts it with so many simulated vehicles and waits until it serves. */
export async function startProduct(vehicles: number): Promise<Product> {
  const directory = mkdtempSync(join(tmpdir(), 'morin-browser-'))
  const dataDir = join(directory, 'data')
  // Its cluster is not made anew: that an empty directory is enough is for test/start to show.
  mkdirSync(dataDir, { mode: 0o700 })
  cpSync(await databaseImage(), join(dataDir, 'db'), { recursive: true })
  const [port, mqttPort] = await Promise.all([freePort(), freePort()])
  const flags = ['--port', `${port}`, '--mqtt-port', `${mqttPort}`, '--data', dataDir, '--vehicles', `${vehicles}`, '--demand', '0']
  let child = await run(flags)
  return {
    url: `http://127.0.0.1:${port}`,
    mqttUrl: `mqtt://127.0.0.1:${mqttPort}`,
    dataDir,
    async restart(...more) {
      await end(child)
      child = await run([...flags, ...more])
    },
    async stop() {
      await end(child)
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** Runs it until it says that it is ready. */
async function run(flags: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['start.mjs', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] })
  // A test that is ended from outside, by its time limit, leaves nothing running.
  const abandon = () => child.kill('SIGTERM')
  process.once('exit', abandon)
  child.once('exit', () => process.off('exit', abandon))
  const said = text(child.stderr!)
  for await (const line of createInterface({ input: child.stdout! })) {
    if (!line.startsWith('ready ')) continue
    child.stdout!.resume()
    return child
  }
  throw new Error(`the product ended before it was ready: ${await said}`)
}

/** Plays a recording through a broker to its end and returns the summary that the program prints. */
export async function replayRecording({ mqttUrl, dataDir }: Product, file: string): Promise<{ rows: number; acknowledged: number }> {
  const args = ['run.mjs', 'firmware-sim/main.ts', '--mqtt-url', mqttUrl, '--data', dataDir, '--replay', file]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const [summary] = await Promise.all([text(child.stdout!), once(child, 'exit')])
  return JSON.parse(summary) as { rows: number; acknowledged: number }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}
