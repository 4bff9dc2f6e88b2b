// One supervised child process, as a state machine:
//
//   starting ──ready──▶ running ──exit──▶ waiting ──back-off──▶ starting
//      │ exit before the first ready: `started` rejects, nothing is retried (a wrong flag stays wrong)
//      ├──── exit with FINAL_EXIT_CODE, at whichever start ──▶ given up: nothing is retried
//      └──── stop() from any state ──▶ stopping ──exit──▶ stopped
//
// Law: a child that crashes after it ran comes back by itself; a child that never ran, or says that it never will again, is the operator's to mend.
import { type ChildProcess, fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { fileURLToPath } from 'node:url'
import { FINAL_EXIT_CODE } from '../platform/config.ts'
import type { Logger } from '../platform/log.ts'

export type ChildSpec = {
  name: string
  /** Path of the module to run, absolute. */
  module: string
  args: string[]
  /** Added to the environment; secrets travel here and never in `args`, which other users of the machine can read. */
  env?: Record<string, string>
  nodeArgs?: string[]
  /** How long a stop may take before the child is killed, ms. */
  stopWithinMs: number
}
export type ReadyMessage = Record<string, unknown> & { type: 'ready' }

const runner = fileURLToPath(new URL('../../run.mjs', import.meta.url))
const BACK_OFF_MS = { first: 500, most: 15_000 }
/** A child that ran this long starts its back-off anew. */
const CALM_AFTER_MS = 60_000

/** A child ended before it was ever ready; it has said why itself, on stderr. */
export class NeverReady extends Error {
  /** Of the child; null when it was killed. */
  readonly exitCode: number | null

  constructor(message: string, exitCode: number | null) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Emits `running` each time the child is ready, and `gaveUp` with its exit code when one that ran before says, on stderr and by that code, that it never will again. */
export class SupervisedChild extends EventEmitter {
  readonly name: string
  #spec: ChildSpec
  #log: Logger
  #process: ChildProcess | undefined
  #stopping = false
  #retry: NodeJS.Timeout | undefined
  #backOffMs = BACK_OFF_MS.first
  restarts = 0

  constructor(spec: ChildSpec, log: Logger) {
    super()
    this.name = spec.name
    this.#spec = spec
    this.#log = log
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  /** Starts the child; resolves with its ready message. Rejects when it ends before it was ever ready. */
  start(): Promise<ReadyMessage> {
    this.#stopping = false
    return new Promise((resolve, reject) => this.#launch(resolve, reject))
  }

  /** Asks the child to drain (SIGTERM), waits, and kills it when it takes too long. Resolves when it is gone. */
  async stop(): Promise<void> {
    this.#stopping = true
    clearTimeout(this.#retry)
    const child = this.#process
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    await new Promise<void>((resolve) => {
      const killer = setTimeout(() => {
        this.#log.error({ child: this.name }, 'did not end in time and is killed')
        child.kill('SIGKILL')
      }, this.#spec.stopWithinMs)
      child.once('exit', () => {
        clearTimeout(killer)
        resolve()
      })
      child.kill('SIGTERM')
    })
  }

  #launch(onReady: (message: ReadyMessage) => void, onNeverReady: (error: Error) => void): void {
    const startedAt = Date.now()
    let ready = false
    const child = fork(runner, [this.#spec.module, ...this.#spec.args], {
      // Its own process group: Ctrl-C in a terminal reaches only the parent, which ends the children in order.
      detached: true,
      execArgv: [`--import=${new URL('./exitWithParent.mjs', import.meta.url).href}`, ...(this.#spec.nodeArgs ?? [])],
      env: { ...process.env, ...this.#spec.env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    this.#process = child
    child.on('message', (message: ReadyMessage) => {
      if (message?.type !== 'ready' || ready) return
      ready = true
      onReady(message)
      this.emit('running', message)
    })
    child.once('error', (error) => {
      if (!ready) onNeverReady(error)
    })
    child.once('exit', (code, signal) => {
      if (this.#stopping) return
      const why = `${this.name} ended with ${signal ?? `exit code ${code}`}`
      if (!ready && this.restarts === 0) return onNeverReady(new NeverReady(`${why} before it was ready`, code))
      if (code === FINAL_EXIT_CODE) {
        this.#log.error({ child: this.name, code }, 'child ended for good and is not started again')
        this.emit('gaveUp', code)
        return
      }
      if (Date.now() - startedAt > CALM_AFTER_MS) this.#backOffMs = BACK_OFF_MS.first
      this.#log.error({ child: this.name, code, signal, againInMs: this.#backOffMs }, 'child ended and is started again')
      this.restarts++
      this.#retry = setTimeout(
        () =>
          this.#launch(
            () => this.#log.warn({ child: this.name }, 'child is running again'),
            () => undefined,
          ),
        this.#backOffMs,
      )
      this.#backOffMs = Math.min(this.#backOffMs * 2, BACK_OFF_MS.most)
    })
  }
}
