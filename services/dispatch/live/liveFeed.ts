// Keeps the fleet picture true: ledger and snapshot from the database at start, then frames; again from the database after a gap,
// a reconnection, or a vehicle that the ledger does not know. Readers are told when there is something new.
//
// States:  empty ──start──▶ loading ──▶ following ──gap, reconnect──▶ following + snapshot due ──▶ following
// One reading of the database at a time, and a pause after each: a broker that flaps must not become a load on the database.

import type { LiveFrame } from '../../contracts/liveFrame.ts'
import { dayAt } from '../../domain/days.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Logger } from '../../platform/log.ts'
import { FleetPicture, OFFLINE } from './fleetPicture.ts'
import { GapDetector } from './gaps.ts'
import { buildLedger, loadLedger } from './ledger.ts'
import { readStates } from './snapshot.ts'

export type FrameSource = {
  readonly connected: boolean
  /** Messages that the broker holds for somebody, lately and at the least during the last minute; null when it does not say. */
  held(): { now: number; least: number } | null
  listen(onFrame: (frame: LiveFrame) => void, onSubscribed: () => void): void
}

export type FeedOptions = { db: Queryable; clock: Clock; log: Logger; source: FrameSource; resyncPauseMs?: number; agingMs?: number }

const RESYNC_PAUSE_MS = 5_000
const CHANGE_PAUSE_MS = 250
/** How soon a change of the ledger made by another process is noticed. */
const LEDGER_CHECK_MS = 5_000

export class LiveFeed {
  picture = new FleetPicture(buildLedger([], new Map()))
  /** false until the first snapshot is in. */
  ready = false
  gaps = 0
  frames = 0
  lastFrameAtMs: number | undefined
  readonly #options: FeedOptions
  readonly #senders = new GapDetector()
  #onChange: () => void = () => {}
  #onNewLedger: () => void = () => {}
  #due: 'nothing' | 'snapshot' | 'ledger' = 'nothing'
  #working: Promise<void> | undefined
  #pause: NodeJS.Timeout | undefined
  /** What is due is due soon: someone has changed the ledger here. */
  #soon = false
  #aging: NodeJS.Timeout | undefined
  #checking: NodeJS.Timeout | undefined
  /** The ledger's revision that this picture was loaded at, or later. */
  #revision: number | undefined
  /** The day whose policies of sensitive vehicles it holds: they begin at midnight. */
  #day: string | undefined
  #closed = false

  constructor(options: FeedOptions) {
    this.#options = options
  }

  /** `onChange`: the picture has changes in its open tick. `onNewLedger`: the picture was replaced; every view is void. */
  listen(onChange: () => void, onNewLedger: () => void): void {
    this.#onChange = onChange
    this.#onNewLedger = onNewLedger
  }

  /** Loads ledger and snapshot; rejects when the database cannot give them. Frames are listened to from before the snapshot on. */
  async start(): Promise<void> {
    this.#options.source.listen(
      (frame) => this.#applyFrame(frame),
      () => this.#request('snapshot'),
    )
    await this.#reload()
    this.ready = true
    this.#aging = setInterval(() => this.#age(), this.#options.agingMs ?? 1_000)
    this.#checking = setInterval(() => this.#compareLedger(false), LEDGER_CHECK_MS)
    this.#work()
  }

  /** Vehicles that are not offline. */
  countOnline(): number {
    return this.picture.status.reduce((sum, status) => sum + (status === OFFLINE ? 0 : 1), 0)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#aging)
    clearInterval(this.#checking)
    clearTimeout(this.#pause)
    await this.#working
  }

  get #today(): string {
    return dayAt(this.#options.clock.nowMs())
  }

  get #nowS(): number {
    return this.#options.clock.nowMs() / 1000
  }

  #applyFrame(frame: LiveFrame): void {
    this.frames++
    this.lastFrameAtMs = this.#options.clock.nowMs()
    const arrival = this.#senders.arrive(frame.sender, frame.sequence)
    if (arrival === 'gap') this.gaps++
    if (arrival !== 'in-order') this.#request('snapshot')
    if (this.picture.applyFrame(frame, this.#nowS).unknown) this.#request('ledger')
    this.#announce()
  }

  /** Loads the ledger again when plates, units, the tree or what is sensitive have changed since: call it after a change. */
  checkLedger(): void {
    this.#compareLedger(true)
  }

  /** Cheap: one row is read. `soon`: a change is known of, and what it hides must not be shown for as long as a pause takes. */
  #compareLedger(soon: boolean): void {
    if (this.#closed || !this.ready) return
    this.#readRevision()
      .then((revision) => (revision !== this.#revision || this.#today !== this.#day) && this.#request('ledger', soon))
      .catch((error: unknown) => this.#options.log.warn({ err: error }, 'the revision of the ledger could not be read'))
  }

  async #readRevision(): Promise<number> {
    const { rows } = await this.#options.db.query<{ revision: number }>('SELECT revision FROM ledger_revision')
    return rows[0]!.revision
  }

  #age(): void {
    this.picture.age(this.#nowS)
    this.#announce()
  }

  #announce(): void {
    if (this.picture.dirty.length > 0) this.#onChange()
  }

  #request(what: 'snapshot' | 'ledger', soon = false): void {
    if (this.#due !== 'ledger') this.#due = what
    if (soon && !this.#soon) {
      this.#soon = true
      if (this.#pause) this.#rest()
    }
    this.#work()
  }

  #work(): void {
    if (!this.ready || this.#closed || this.#due === 'nothing' || this.#working || this.#pause) return
    const what = this.#due
    this.#due = 'nothing'
    this.#soon = false
    this.#working = (what === 'ledger' ? this.#reload() : this.#resync())
      .catch((error: unknown) => {
        this.#options.log.warn({ err: error }, `the live picture could not read its ${what}; it tries again`)
        if (this.#due === 'nothing') this.#due = what
      })
      .finally(() => {
        this.#working = undefined
        if (this.#closed) return
        this.#rest()
      })
  }

  /** A pause before the next reading: a short one where a change is known of, so that two hundred at once are one reading or two. */
  #rest(): void {
    clearTimeout(this.#pause)
    const pauseMs = this.#options.resyncPauseMs ?? RESYNC_PAUSE_MS
    this.#pause = setTimeout(
      () => {
        this.#pause = undefined
        this.#work()
      },
      this.#soon ? Math.min(CHANGE_PAUSE_MS, pauseMs) : pauseMs,
    )
  }

  async #resync(): Promise<void> {
    await readStates(this.#options.db, (rows) => {
      for (const row of rows) this.picture.applyState(row, this.#nowS)
      this.#announce()
    })
  }

  /** A new picture on a new ledger takes over what the old one knows, so frames that came meanwhile are not lost. */
  async #reload(): Promise<void> {
    // Read first: what changes while the ledger is loaded is then loaded once more.
    const revision = await this.#readRevision()
    const day = this.#today
    const next = new FleetPicture(await loadLedger(this.#options.db, day))
    await readStates(this.#options.db, (rows) => {
      for (const row of rows) next.applyState(row, this.#nowS)
    })
    next.adopt(this.picture, this.#nowS)
    this.picture = next
    this.#revision = revision
    this.#day = day
    this.#onNewLedger()
    this.#announce()
  }
}
