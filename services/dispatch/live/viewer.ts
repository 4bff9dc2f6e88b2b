// One live socket: what it may see, what it looks at, and what it is owed. It knows its line only as something that takes or is
// busy: while busy nothing is sent and nothing queues; the picture itself remembers what the view has missed.
import { bytesOf } from '../../contracts/liveFrame.ts'
import type { LiveCounts, ServerToBrowser } from '../../contracts/liveSocket.ts'
import type { LiveScope } from './filter.ts'
import type { FleetPicture } from './fleetPicture.ts'
import type { Sights } from './sights.ts'
import type { View, ViewRequest } from './view.ts'

/** The line to a browser. `isBusy`: much of what was sent has not left yet. */
export type Line = {
  isBusy(): boolean
  send<E extends keyof ServerToBrowser>(event: E, ...values: Parameters<ServerToBrowser[E]>): void
}

/** Counts of a view, and a text that is equal when they are. */
export type CountSource = (view: View, scope: LiveScope, request: ViewRequest) => { counts: LiveCounts; fingerprint: string }

/** What a viewer is brought up with. `nowMs` is monotonic; counts and cells go out at most once in `summaryMs`. */
export type Beat = { countsOf: CountSource; nowMs: number; summaryMs: number }

export class Viewer {
  scope: LiveScope
  readonly #line: Line
  readonly #sights: Sights
  #request: ViewRequest | undefined
  /** Shared with all who have the same sight. */
  #view: View | undefined
  /** A view of its own, from the snapshot or from the first missed tick until it is as far as the shared one. */
  #own: View | undefined
  #owesSnapshot = false
  #owesSummary = false
  #summarisedAtMs = 0
  #lastCounts = ''
  #lastCells = ''

  constructor(scope: LiveScope, line: Line, sights: Sights) {
    this.scope = scope
    this.#line = line
    this.#sights = sights
  }

  /** Looks at something else from now on. Snapshot and counts go out at once, or as soon as the line takes them. */
  look(picture: FleetPicture, request: ViewRequest, beat: Beat): void {
    this.#leave()
    this.#request = request
    this.#view = this.#sights.take(picture, this.scope, request)
    this.#owesSnapshot = !this.#view.showsCells
    this.#owesSummary = true
    this.#summarisedAtMs = Number.NEGATIVE_INFINITY
    this.#lastCounts = ''
    this.#lastCells = ''
    if (this.#line.isBusy()) return
    this.#sendSnapshot(this.#view)
    this.#summarise(this.#view, beat)
  }

  /** Looks at nothing any more. */
  lookAway(): void {
    this.#leave()
    this.#owesSnapshot = false
    this.#owesSummary = false
  }

  /** Something else is in reach than before: the same view of that. */
  rescope(picture: FleetPicture, scope: LiveScope, beat: Beat): void {
    this.scope = scope
    this.renew(picture, beat)
  }

  /** The picture was replaced: the same view of the new one. */
  renew(picture: FleetPicture, beat: Beat): void {
    if (this.#request) this.look(picture, this.#request, beat)
  }

  /** Brings the view up to the end of the tick about to be closed. Returns whether something stays owed. */
  endTick(changed: boolean, beat: Beat): boolean {
    const view = this.#view
    if (!view) return false
    if (changed) this.#owesSummary = true
    if (this.#line.isBusy()) {
      if (!this.#owesSnapshot && !view.showsCells) this.#own ??= view.copyBefore(this.scope, this.#request!)
      return true
    }
    if (this.#owesSnapshot) this.#sendSnapshot(view)
    else if (!view.showsCells) {
      const delta = this.#delta(view)
      if (delta) this.#line.send('delta', delta)
    }
    if (this.#owesSummary && beat.nowMs - this.#summarisedAtMs >= beat.summaryMs) this.#summarise(view, beat)
    return this.#owesSummary
  }

  /** What this tick owes. Who was behind, or has only a snapshot yet, is then where the shared view is. */
  #delta(view: View): Uint8Array | undefined {
    const shared = view.sharedDelta()
    const own = this.#own
    if (!own) return shared
    this.#own = undefined
    const delta = own.delta()
    return delta && bytesOf(delta)
  }

  #sendSnapshot(view: View): void {
    if (!this.#owesSnapshot) return
    this.#owesSnapshot = false
    this.#own = view.copyBefore(this.scope, this.#request!)
    this.#line.send('snapshot', bytesOf(this.#own.snapshot()))
  }

  #leave(): void {
    if (this.#view) this.#sights.leave(this.#view)
    this.#view = undefined
    this.#request = undefined
    this.#own = undefined
  }

  #summarise(view: View, { countsOf, nowMs }: Beat): void {
    this.#owesSummary = false
    this.#summarisedAtMs = nowMs
    const { counts, fingerprint } = countsOf(view, this.scope, this.#request!)
    if (fingerprint !== this.#lastCounts) {
      this.#lastCounts = fingerprint
      this.#line.send('counts', counts)
    }
    if (!view.showsCells) return
    const cells = view.cells()
    const print = JSON.stringify(cells)
    if (print === this.#lastCells) return
    this.#lastCells = print
    this.#line.send('cells', cells)
  }
}
