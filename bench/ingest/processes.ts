// Child processes of the benchmark and of the kill test: started with their flags, awaited by message, measured by /proc.
import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

export type StartOptions = { args?: string[]; env?: Record<string, string>; nodeArgs?: string[] }

/** Forks a module of the project, its log on stderr when LOG_LEVEL asks for it. */
export function startProcess(module: string, { args = [], env = {}, nodeArgs = [] }: StartOptions = {}): ChildProcess {
  return fork(`${root}run.mjs`, [`${root}${module}`, ...args], {
    cwd: root,
    env: { ...process.env, LOG_LEVEL: process.env.LOG_LEVEL ?? 'error', ...env },
    execArgv: nodeArgs,
    stdio: ['ignore', 2, 2, 'ipc'],
  })
}

/** The next message of this type; rejects when the process ends first. */
export function messageOf<T extends { type: string }>(child: ChildProcess, type: T['type']): Promise<T> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown): void => {
      if ((message as { type?: string }).type !== type) return
      done()
      resolve(message as T)
    }
    const onExit = (code: number | null, signal: string | null): void => {
      done()
      reject(new Error(`the process ended (${signal ?? code}) before it said "${type}"`))
    }
    const done = (): void => {
      child.off('message', onMessage)
      child.off('exit', onExit)
    }
    child.on('message', onMessage)
    child.on('exit', onExit)
  })
}

/** Ends a process and waits for its end. */
export function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill(signal)
  })
}

const CLOCK_TICKS_PER_SECOND = 100

/** Processor seconds used so far, and the most memory ever resident, in MB. NaN where /proc does not say. */
export function usageOf(pid: number): { cpuSeconds: number; rssMb: number } {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    const peakKb = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]
    return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND, rssMb: Math.round(Number(peakKb) / 1024) }
  } catch {
    // Not Linux: the benchmark is still worth running.
    return { cpuSeconds: Number.NaN, rssMb: Number.NaN }
  }
}
