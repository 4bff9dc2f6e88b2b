// One client's connection.
//
//   starting ──startup packet──▶ ready ──first whole batch──▶ waiting ──its turn──▶ running
//   running ──ReadyForQuery says idle──▶ ready (gives the backend back)
//   running ──ReadyForQuery says in transaction, or a Flush──▶ holding ──next batch──▶ running
//   holding ──too long, or the client goes──▶ rolled back, gives the backend back, closed
//   waiting ──the client goes──▶ leaves the queue, closed
//   anything ──Terminate, a broken message, shutdown──▶ closed
//
// A batch is collected before its connection enters the queue: a slow sender keeps nobody waiting.
// A slow reader that owns the backend does, and is given as long as one that idles in a transaction.
import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Logger } from '../../platform/log.ts'
import { OWNER } from './address.ts'
import { Answer } from './answer.ts'
import { BackendLost, type TransactionStatus } from './backend.ts'
import { endsBatch, type Plan, planBatch, refuse } from './batch.ts'
import type { Session } from './session.ts'
import { StatementNames } from './statementNames.ts'
import type { Turnstile } from './turnstile.ts'
import { errorResponse, type Frame, FrameReader, letter, ProtocolViolation, sync } from './wire.ts'

export type ConnectionContext = {
  turnstile: Turnstile
  session: Session
  log: Logger
  /** How long a connection may own the backend without doing anything, ms. */
  idleInTransactionMs: number
  onLost(error: BackendLost): void
}
export type Client = { user: string; applicationName: string }

const MAX_MESSAGE_BYTES = 256 * 1024 * 1024
const known = new Set([...'PBDECSQH'].map(letter))
const copyData = new Set([...'dcf'].map(letter))
const MAX_WAITING_BYTES = 8 * 1024 * 1024

export class Connection {
  readonly #names: StatementNames
  readonly #answer: Answer
  readonly #frames = new FrameReader(MAX_MESSAGE_BYTES)
  #open: Frame[] = []
  readonly #batches: Frame[][] = []
  #waitingBytes = 0
  #running = false
  #owns = false
  #status: TransactionStatus = 'I'
  /** A batch that ended with a Flush has failed: as PostgreSQL does, everything up to the next Sync is ignored. */
  #skipToSync = false
  #closed = false
  readonly #gone = new AbortController()
  #draining = false
  #idleTimer: NodeJS.Timeout | undefined

  constructor(
    readonly id: number,
    readonly client: Client,
    readonly socket: Socket,
    readonly context: ConnectionContext,
  ) {
    this.#names = new StatementNames(id)
    this.#answer = new Answer((bytes) => void this.socket.write(bytes))
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('close', () => this.#end())
  }

  describe(): string {
    return `${this.client.applicationName || this.client.user} #${this.id}`
  }

  /** Ends the connection once it holds no transaction; at once if it holds none now. */
  drain(): void {
    this.#draining = true
    if (!this.#owns) this.#sayGoodbye('57P01', 'the database is shutting down')
  }

  /** Ends the connection now; an open transaction is rolled back. */
  terminate(): void {
    this.#sayGoodbye('57P01', 'the database is shutting down')
  }

  #receive(chunk: Buffer): void {
    if (this.#closed) return
    this.#frames.push(chunk)
    try {
      for (let frame = this.#frames.next(false); frame; frame = this.#frames.next(false)) this.#collect(frame)
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error
      this.#sayGoodbye('08P01', error.message)
      return
    }
    if (this.#waitingBytes > MAX_WAITING_BYTES) this.socket.pause()
    void this.#work()
  }

  #collect(frame: Frame): void {
    if (frame.type === letter('X')) {
      this.socket.end()
      this.#end()
      return
    }
    // COPY data without a COPY: ignored, as PostgreSQL does.
    if (copyData.has(frame.type)) return
    // An unknown message is fatal to a PostgreSQL backend, and this one is everybody's.
    if (!known.has(frame.type)) throw new ProtocolViolation(`a message of type ${frame.type} is not taken here`)
    this.#open.push(frame)
    this.#waitingBytes += frame.bytes.length
    if (!endsBatch(frame)) return
    this.#batches.push(this.#open)
    this.#open = []
  }

  /** Runs batches while there are any. Never two at once. */
  async #work(): Promise<void> {
    if (this.#running) return
    this.#running = true
    try {
      while (this.#batches.length && !this.#closed) {
        if (!this.#owns) {
          this.#owns = await this.context.turnstile.enter(this)
          if (!this.#owns || this.#closed) break
          this.context.session.enter(this, this.client.user)
        }
        clearTimeout(this.#idleTimer)
        const batch = this.#batches.shift()!
        for (const frame of batch) this.#waitingBytes -= frame.bytes.length
        await this.#run(batch)
        if (this.#status === 'I') this.#giveBack()
        if (this.socket.isPaused() && this.#waitingBytes <= MAX_WAITING_BYTES) this.socket.resume()
      }
    } catch (error) {
      if (error instanceof BackendLost) {
        this.context.onLost(error)
        return
      }
      this.context.log.error({ err: error, client: this.describe() }, 'a connection failed')
      this.#sayGoodbye('XX000', 'the embedded database failed to serve this connection')
    } finally {
      this.#running = false
      if (this.#closed) this.#leave()
      else if (this.#owns) this.#watchIdle()
    }
  }

  async #run(collected: Frame[]): Promise<void> {
    const batch = this.#skipToSync ? collected.filter(({ type }) => type === letter('S')) : collected
    if (!batch.length) return
    const { session } = this.context
    let plan: Plan
    try {
      plan = planBatch(batch, this.#names, session.unnamedStatementOf === this, this.client.user === OWNER)
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error
      this.#sayGoodbye('08P01', error.message)
      return
    }
    for (const verdict of plan.verdicts) session.note(verdict)
    this.#answer.begin(plan.refusal && plan.endsWithFlush ? 'Z' : plan.drop)
    this.socket.cork()
    if (plan.refusal) {
      this.context.log.warn({ client: this.describe(), reason: plan.refusal.text }, 'refused a statement')
      this.#exchange(refuse(plan.refusal))
    } else {
      await this.#runSteps(plan)
      if (plan.unnamed === 'replaced') session.unnamedStatementOf = this
    }
    this.socket.uncork()
    // A refused COPY swallows the Sync behind it; nothing else leaves a batch without its ReadyForQuery.
    if (!this.#answer.status && !plan.endsWithFlush && !this.#closed) this.#exchange(sync)
    this.#skipToSync = plan.endsWithFlush && this.#answer.failed
    this.#status = this.#answer.status ?? 'T'
  }

  async #runSteps(plan: Plan): Promise<void> {
    for (const { bytes, again } of plan.steps) {
      if (again) this.#answer.beginSlice(true)
      if (bytes.length) this.#exchange(bytes.length === 1 ? bytes[0]! : Buffer.concat(bytes))
      while (again && this.#answer.suspended) {
        await this.#readerKeepsUp()
        if (this.#closed) return
        this.#answer.beginSlice(false)
        this.#exchange(again)
      }
      this.#answer.endSlice()
    }
  }

  #exchange(bytes: Buffer): void {
    this.context.session.backend.exchange(bytes, this.#answer.take)
    this.#answer.flush()
  }

  async #readerKeepsUp(): Promise<void> {
    this.socket.uncork()
    if (this.socket.writableNeedDrain) {
      const patience = AbortSignal.any([this.#gone.signal, AbortSignal.timeout(this.context.idleInTransactionMs)])
      await once(this.socket, 'drain', { signal: patience }).catch(() => {
        if (!this.#closed) this.#sayGoodbye('57P05', 'the result was not read in time')
      })
    } else {
      // Let other connections be read (they cannot run) and this one's end be noticed.
      await new Promise((resolve) => setImmediate(resolve))
    }
    this.socket.cork()
  }

  #watchIdle(): void {
    clearTimeout(this.#idleTimer)
    this.#idleTimer = setTimeout(() => {
      this.context.log.warn({ client: this.describe() }, 'rolled back a transaction that idled too long')
      this.#sayGoodbye('25P03', 'terminating connection due to idle-in-transaction timeout')
    }, this.context.idleInTransactionMs)
  }

  #sayGoodbye(code: string, text: string): void {
    if (this.#closed) return
    this.socket.end(errorResponse('FATAL', code, text))
    this.#end()
  }

  #end(): void {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#idleTimer)
    this.context.turnstile.leaveQueue(this)
    // A reader that never comes back would keep the socket half open.
    this.socket.setTimeout(5_000, () => this.socket.destroy())
    this.#gone.abort()
    if (!this.#running) this.#leave()
  }

  /** After the end: nothing of this connection stays in the session. */
  #leave(): void {
    try {
      if (this.#owns) {
        this.context.session.backend.rollBack()
        this.#giveBack()
      }
      this.context.session.forget(this)
      const closes = this.#names.closeAll()
      if (closes.length) void this.#closeStatements(Buffer.concat([closes, sync]))
    } catch (error) {
      if (!(error instanceof BackendLost)) throw error
      this.context.onLost(error)
    }
  }

  async #closeStatements(closes: Buffer): Promise<void> {
    const owner = { describe: () => `${this.describe()} leaving` }
    if (!(await this.context.turnstile.enter(owner))) return
    try {
      this.context.session.backend.exchange(closes, () => undefined)
    } catch (error) {
      this.context.onLost(error as BackendLost)
    }
    this.context.turnstile.leave(owner)
  }

  #giveBack(): void {
    this.#owns = false
    this.#status = 'I'
    this.context.turnstile.leave(this)
    if (this.#draining && !this.#batches.length) this.#sayGoodbye('57P01', 'the database is shutting down')
  }
}
