// An embedded database in a child process of its own, as it runs in production.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const run = fileURLToPath(new URL('../../run.mjs', import.meta.url))
const main = fileURLToPath(new URL('../../services/embedded/database/main.ts', import.meta.url))

export type EmbeddedProcess = {
  url: string
  child: ChildProcess
  pid: number
  /** Resolves with the first line of its log that holds `text`, past or future. */
  logged(text: string): Promise<string>
  /** Asks it to close (SIGTERM) and waits until it has. */
  stop(): Promise<void>
  /** kill -9, and waits until it is dead. */
  kill(): Promise<void>
}

export type Exit = { code: number | null; stdout: string; stderr: string }

/** Spawns the program; its log goes nowhere unless it fails to start. */
function spawnMain(args: readonly string[], options: { uid?: number } = {}) {
  const child = spawn(process.execPath, [run, main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, LOG_LEVEL: process.env.LOG_LEVEL ?? 'info' },
    ...options,
  })
  const output = { stdout: '', stderr: '' }
  child.stdout!.on('data', (chunk) => {
    output.stdout += chunk
  })
  child.stderr!.on('data', (chunk) => {
    output.stderr += chunk
  })
  const exit = once(child, 'close').then(([code]): Exit => ({ code, ...output }))
  return { child, exit, output }
}

/** Starts it on `dataDir` and waits until it serves. */
export async function startEmbedded(dataDir: string, args: readonly string[] = []): Promise<EmbeddedProcess> {
  const { child, exit, output } = spawnMain(['--data', dataDir, ...args])
  const failed = exit.then(({ code, stdout, stderr }) => {
    throw new Error(`the embedded database ended with ${code}: ${stdout}${stderr}`)
  })
  const [message] = await Promise.race([once(child, 'message'), failed])
  failed.catch(() => undefined)
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal)
    await exit
  }
  const find = (text: string): string | undefined => output.stdout.split('\n').find((line) => line.includes(text))
  const logged = (text: string): Promise<string> =>
    new Promise((resolve) => {
      const look = (): void => {
        const line = find(text)
        if (line === undefined) return
        child.stdout!.off('data', look)
        resolve(line)
      }
      child.stdout!.on('data', look)
      look()
    })
  return { logged, url: message.url, child, pid: child.pid!, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
}

/** Starts it where it is expected to refuse, and waits for its end. */
export const startEmbeddedToFail = (args: readonly string[], options: { uid?: number } = {}): Promise<Exit> => spawnMain(args, options).exit
