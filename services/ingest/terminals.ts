// Terminals and gateways in memory: for binding positions to vehicles and for the broker's credentials. The whole fleet is read at
// the start; `catchUp` reads what has changed since, by the revisions that the database gives. An id not found is looked up once, with
// all others that wait, and then not again for `absentMs`, unless it appears among the changes.
// An id that cannot be one of ours is never looked up, and one that the database refuses is as good as absent: the others are not held up.
import { setTimeout as sleep } from 'node:timers/promises'
import { ACCOUNT_NAME } from '../contracts/topics.ts'
import type { Clock } from '../platform/clock.ts'
import { isRefusedData, type Queryable } from '../platform/db.ts'
import { type Changes, type Gateway, readAll, readChanges, readGateways, readSome, type Terminal } from './terminalRows.ts'

/** Serves the broker as its `Credentials` too. */
export type Terminals = {
  /** null = no such terminal; undefined = not known: `resolve` first. */
  terminal(terminalId: string): Terminal | null | undefined
  gateway(gatewayId: string): Gateway | null | undefined
  /** Whatever has a revision up to this one is known as it then was. */
  revision(): number
  /** Reads everything again. */
  refresh(): Promise<void>
  /** Reads what has changed since `revision()`, by `client` where a transaction must see it. */
  catchUp(client?: Queryable): Promise<void>
  /** Looks up ids that are not known. Calls made while a look-up runs share the next one. */
  resolve(...ids: string[]): Promise<void>
  /** Looks up an id again, whatever is known of it. Calls within `renewEveryMs` share one look-up. */
  renew(id: string): Promise<void>
  /** Calls `listener` whenever what was known of a terminal or gateway has changed. */
  onChange(listener: () => void): void
}

/** More than a batch and all who may be connecting meanwhile: a look-up's own answers are remembered until they are used. */
const MAX_REMEMBERED = 100_000

type Options = { absentMs?: number; maxRemembered?: number; renewEveryMs?: number }

/** Nothing is known before the first `refresh` or `resolve`. */
export function createTerminals(db: Queryable, clock: Clock, options: Options = {}): Terminals {
  const { absentMs = 10_000, maxRemembered = MAX_REMEMBERED, renewEveryMs = 200 } = options
  const terminals = new Map<string, Terminal>()
  let gateways = new Map<string, Gateway>()
  let known = 0
  // Ids looked up in vain, and when: they are not asked for again before `absentMs` has passed.
  const askedInVain = new Map<string, number>()
  let waiting = new Set<string>()
  let next: Promise<void> | undefined
  let running: Promise<void> = Promise.resolve()
  let toRenew = new Set<string>()
  let renewal: Promise<void> | undefined
  let renewedAtMs = Number.NEGATIVE_INFINITY
  const listeners: (() => void)[] = []

  const recentlyInVain = (id: string): boolean => {
    const at = askedInVain.get(id)
    return at !== undefined && clock.nowMs() - at < absentMs
  }
  const tellOfChange = (): void => {
    for (const listener of listeners) listener()
  }

  /** Two reads may end in another order than they began: the higher revision is the later one. */
  function take(terminal: Terminal): void {
    const { terminalId } = terminal
    if ((terminals.get(terminalId)?.revision ?? -1) > terminal.revision) return
    terminals.set(terminalId, terminal)
    askedInVain.delete(terminalId)
  }

  function takeChanges({ terminals: changed, removed }: Changes): void {
    for (const terminal of changed) take(terminal)
    for (const { terminalId, revision } of removed) {
      if ((terminals.get(terminalId)?.revision ?? revision) < revision) terminals.delete(terminalId)
    }
    known = [...changed, ...removed].reduce((most, { revision }) => Math.max(most, revision), known)
    if (changed.length + removed.length > 0) tellOfChange()
  }

  /** One look-up at a time: however many strangers knock, the database is asked one question. */
  function lookUpTogether(ids: Iterable<string>): Promise<void> {
    for (const id of ids) waiting.add(id)
    // Those who asked then have heard that it failed; this one asks anew.
    next ??= running.catch(() => undefined).then(lookUpWaiting)
    running = next
    return next
  }

  async function renewAll(): Promise<void> {
    await sleep(Math.max(0, renewedAtMs + renewEveryMs - performance.now()))
    const ids = toRenew
    toRenew = new Set()
    renewal = undefined
    renewedAtMs = performance.now()
    await lookUpTogether(ids)
  }

  async function lookUpWaiting(): Promise<void> {
    const ids = [...waiting]
    waiting = new Set()
    next = undefined
    await lookUp(ids)
  }

  async function lookUp(ids: string[]): Promise<void> {
    await read(ids).catch(async (error: unknown) => {
      if (!isRefusedData(error)) throw error
      if (ids.length === 1) return remember(ids[0]!)
      const middle = ids.length >> 1
      await lookUp(ids.slice(0, middle))
      await lookUp(ids.slice(middle))
    })
  }

  async function read(ids: string[]): Promise<void> {
    for (const terminal of await readSome(db, ids)) take(terminal)
    for (const gateway of await readGateways(db, ids)) gateways.set(gateway.gatewayId, gateway)
    for (const id of ids) {
      if (!terminals.has(id) && !gateways.has(id)) remember(id)
      else askedInVain.delete(id)
    }
  }

  /** Remembers that there was nothing to find; of too many the longest remembered is forgotten. */
  function remember(id: string): void {
    askedInVain.delete(id)
    askedInVain.set(id, clock.nowMs())
    if (askedInVain.size > maxRemembered) askedInVain.delete(askedInVain.keys().next().value!)
  }

  return {
    terminal(id) {
      if (!ACCOUNT_NAME.test(id)) return null
      return terminals.get(id) ?? (gateways.has(id) || recentlyInVain(id) ? null : undefined)
    },
    gateway(id) {
      if (!ACCOUNT_NAME.test(id)) return null
      return gateways.get(id) ?? (terminals.has(id) || recentlyInVain(id) ? null : undefined)
    },
    revision: () => known,
    async refresh() {
      const all = await readAll(db)
      const allGateways = await readGateways(db)
      const newest = all.reduce((most, { revision }) => Math.max(most, revision), 0)
      const present = new Set(all.map(({ terminalId }) => terminalId))
      for (const terminal of all) take(terminal)
      // What has appeared since this was read stays.
      for (const [id, { revision }] of terminals) if (!present.has(id) && revision <= newest) terminals.delete(id)
      gateways = new Map(allGateways.map((gateway) => [gateway.gatewayId, gateway]))
      known = Math.max(known, newest)
      tellOfChange()
    },
    async catchUp(client = db) {
      takeChanges(await readChanges(client, known))
    },
    resolve(...ids) {
      const possible = ids.filter((id) => ACCOUNT_NAME.test(id))
      if (possible.length === 0) return Promise.resolve()
      return lookUpTogether(possible)
    },
    renew(id) {
      if (!ACCOUNT_NAME.test(id)) return Promise.resolve()
      toRenew.add(id)
      renewal ??= renewAll()
      return renewal
    },
    onChange: (listener) => void listeners.push(listener),
  }
}
