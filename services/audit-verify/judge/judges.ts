// The threads that judge blocks of the log, one for each processor. Nobody waits for them to start: until the first is ready, there is
// no judge to ask, and the log is checked without.
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { SoundStretch } from '../../audit/check.ts'
import type { Block, Log } from './judge.ts'
import type { Answer, Task } from './thread.ts'

type Asked = { resolve(sound: SoundStretch | undefined): void; reject(error: Error): void }

class Judge {
  readonly asked: Asked[] = []
  readonly ready: Promise<void>
  isReady = false
  readonly #worker = new Worker(new URL('./start.mjs', import.meta.url), { execArgv: [] })
  #failure: Error | undefined

  constructor() {
    this.ready = new Promise((resolve, reject) => {
      this.#worker.on('message', (answer: Answer) => {
        if (answer !== 'ready') return this.asked.shift()!.resolve(answer.sound)
        this.isReady = true
        resolve()
      })
      const fail = (error: Error) => {
        this.#failure = error
        reject(error)
        for (const { reject } of this.asked.splice(0)) reject(error)
      }
      this.#worker.once('error', fail).once('exit', () => fail(new Error('a thread that checks records ended')))
    })
    // Who does not wait for it hears of a failure from the next question.
    this.ready.catch(() => undefined)
  }

  tell(task: Task): void {
    this.#worker.postMessage(task)
  }

  ask(block: Block): Promise<SoundStretch | undefined> {
    if (this.#failure) return Promise.reject(this.#failure)
    return new Promise((resolve, reject) => {
      this.asked.push({ resolve, reject })
      this.tell({ block })
    })
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }
}

export class Judges {
  #judges: Judge[] = []

  start(count = Math.max(1, availableParallelism())): void {
    this.#judges = Array.from({ length: count }, () => new Judge())
  }

  get started(): boolean {
    return this.#judges.length > 0
  }

  /** Blocks that may be under way at once: one at work and one waiting for each thread, or it would idle. */
  get capacity(): number {
    return this.#judges.length * 2
  }

  /** Resolves when every thread is. */
  async ready(): Promise<void> {
    await Promise.all(this.#judges.map(({ ready }) => ready))
  }

  /** What the blocks to come belong to. */
  begin(log: Log): void {
    for (const judge of this.#judges) judge.tell({ log })
  }

  /** Undefined at once when nobody is there to ask. */
  async ask(block: Block): Promise<SoundStretch | undefined> {
    const ready = this.#judges.filter(({ isReady }) => isReady)
    if (ready.length === 0) return undefined
    return ready.reduce((least, judge) => (judge.asked.length < least.asked.length ? judge : least)).ask(block)
  }

  async close(): Promise<void> {
    await Promise.all(this.#judges.splice(0).map((judge) => judge.end()))
  }
}
