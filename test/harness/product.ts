// The whole product for one browser suite: `npm start` on free ports with a data directory of its own, and no simulated vehicles.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from './freePort.ts'

export async function startProduct(more: readonly string[] = []): Promise<{ url: string; stop(): Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'morin-browser-'))
  const [port, mqttPort] = await Promise.all([freePort(), freePort()])
  const flags = ['--port', `${port}`, '--mqtt-port', `${mqttPort}`, '--data', join(dataDir, 'data'), '--vehicles', '0', ...more]
  const child: ChildProcess = spawn(process.execPath, ['start.mjs', ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    rmSync(dataDir, { recursive: true, force: true })
  }
  for await (const line of createInterface({ input: child.stdout! })) {
    if (!line.startsWith('ready ')) continue
    child.stdout!.resume()
    return { url: line.slice('ready '.length), stop }
  }
  await stop()
  throw new Error('the product ended before it was ready')
}
