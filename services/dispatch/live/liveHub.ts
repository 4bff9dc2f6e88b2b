// The beat of the live picture: changes are merged into ticks, the first at once and the next at least 100 ms later,
// and at each tick every viewer is brought up.
import type { Clock } from '../../platform/clock.ts'
import { countVehicles } from './counts.ts'
import type { LiveScope } from './filter.ts'
import type { LiveFeed } from './liveFeed.ts'
import { Sights } from './sights.ts'
import type { ViewRequest } from './view.ts'
import type { Beat, CountSource, Viewer } from './viewer.ts'

/** A viewer waits half of it on an average; what a tick costs is shared by all who see the same. */
const TICK_MS = 100
/** Counts and cells are sums over the fleet: once a second is as often as anyone reads them. */
const SUMMARY_MS = 1_000

export type HubOptions = { feed: LiveFeed; clock: Clock; tickMs?: number; summaryMs?: number; onTick?: (seconds: number) => void }

export class LiveHub {
  readonly #feed: LiveFeed
  readonly #clock: Clock
  readonly #tickMs: number
  readonly #summaryMs: number
  readonly #onTick: (seconds: number) => void
  /** What several look at alike. */
  readonly sights = new Sights()
  readonly #viewers = new Set<Viewer>()
  #timer: NodeJS.Timeout | undefined
  #tickedAt = 0

  constructor({ feed, clock, tickMs = TICK_MS, summaryMs = SUMMARY_MS, onTick = () => {} }: HubOptions) {
    this.#feed = feed
    this.#clock = clock
    this.#tickMs = tickMs
    this.#summaryMs = summaryMs
    this.#onTick = onTick
    feed.listen(
      () => this.#schedule(),
      () => this.#renew(),
    )
  }

  add(viewer: Viewer): void {
    this.#viewers.add(viewer)
  }

  remove(viewer: Viewer): void {
    this.#viewers.delete(viewer)
    viewer.lookAway()
  }

  look(viewer: Viewer, request: ViewRequest): void {
    viewer.look(this.#feed.picture, request, this.#beat())
    // A busy line took nothing: someone must come back to it even when no vehicle moves.
    this.#schedule()
  }

  rescope(viewer: Viewer, scope: LiveScope): void {
    viewer.rescope(this.#feed.picture, scope, this.#beat())
    this.#schedule()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#viewers.clear()
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.#tick(), Math.max(0, this.#tickedAt + this.#tickMs - performance.now()))
  }

  #tick(): void {
    this.#timer = undefined
    const startedAt = performance.now()
    this.#tickedAt = startedAt
    const { picture } = this.#feed
    const changed = picture.dirty.length > 0
    const beat = this.#beat()
    let owed = false
    for (const viewer of this.#viewers) if (viewer.endTick(changed, beat)) owed = true
    picture.closeTick()
    if (owed) this.#schedule()
    this.#onTick((performance.now() - startedAt) / 1000)
  }

  #renew(): void {
    const beat = this.#beat()
    for (const viewer of this.#viewers) viewer.renew(this.#feed.picture, beat)
    this.#schedule()
  }

  /** Viewers with one scope and filter share one count: the whole fleet is summed once for all of them. */
  #beat(): Beat {
    const known = new Map<string, ReturnType<CountSource>>()
    const countsOf: CountSource = (view, scope, { filter }) => {
      const key = JSON.stringify([scope, filter])
      let answer = known.get(key)
      if (!answer) {
        const counts = countVehicles(this.#feed.picture, view.eligible, view.wantedStatus, this.#clock.nowMs())
        answer = { counts, fingerprint: JSON.stringify({ ...counts, atMs: 0 }) }
        known.set(key, answer)
      }
      return answer
    }
    return { countsOf, nowMs: performance.now(), summaryMs: this.#summaryMs }
  }
}
