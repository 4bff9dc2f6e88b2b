// Drives the fleet against a broker until told to stop; ends with one JSON line of counts.
import type { Manifest, ManifestTerminal } from '../services/contracts/manifest.ts'
import { Fleet } from './drive/fleet.ts'
import { clockStart, SimClock } from './drive/simClock.ts'
import { Errands } from './errands.ts'
import type { Flags } from './flags.ts'
import { type KeptVehicle, type Memory, readMemory, writeMemory } from './memory.ts'
import { buildNetwork, ROAD_SEED } from './roads/network.ts'
import { createRouter } from './roads/router.ts'
import { firstConnection, openLinks } from './send/links.ts'
import { reportTrouble } from './send/trouble.ts'
import { Uplink } from './send/uplink.ts'

const TICK_MS = 50
/** A faster clock waits while this many positions have not been taken by the broker. */
const HOLD_ABOVE = 50_000
const REPORTS_PER_TICK = 5000
/** How long a stop waits for acknowledgements. */
const SETTLE_MS = 8000
const KEEP_EVERY_MS = 60_000
const ERRANDS_MS = 3_000

export type DriveSummary = {
  sent: number
  acked: number
  outstanding: number
  dropped: number
  messages: number
  reconnects: number
  seconds: number
}

/** Resolves when `stop` is aborted and everything under way was acknowledged or given up. */
export async function drive(
  flags: Flags,
  manifest: Manifest,
  stop: AbortSignal,
  say: (line: string) => void,
  onReady: () => void,
): Promise<DriveSummary> {
  const startedMs = Date.now()
  const terminals = manifest.terminals.slice(0, flags.vehicles)
  const network = buildNetwork(ROAD_SEED)
  const rateHz = flags['rate-hz']
  const world = {
    network,
    router: createRouter(network),
    seed: flags.seed ?? manifest.seed,
    ...(rateHz ? { alwaysEveryMs: 1000 / rateHz } : {}),
    ...(flags.errands ? { errands: new Errands(flags.errands) } : {}),
  }
  world.errands?.refresh()
  const errands = world.errands && setInterval(() => world.errands?.refresh(), ERRANDS_MS)
  const links = openLinks(flags['mqtt-url'], flags.connections, manifest, terminals)
  const uplink = new Uplink(terminals, links)
  reportTrouble(links, say)
  const connected = firstConnection(links).then(onReady)

  const scale = flags['time-scale']
  const beginMs = clockStart(Date.now(), scale, flags.duration, flags.start)
  const before: Memory = flags.memory ? readMemory(flags.memory) : {}
  const fleet = new Fleet(terminals, world, beginMs, before)
  terminals.forEach(({ terminalId }, n) => {
    uplink.restore(n, before[terminalId]?.stored ?? [])
  })
  const clock = new SimClock(beginMs, scale, Date.now())
  const accept: Parameters<Fleet['runUntil']>[2] = (terminal, { position, reachable }) => uplink.accept(terminal, position, reachable)
  const ticking = setInterval(() => {
    const held = scale > 1 && uplink.counts.stored > HOLD_ABOVE
    fleet.runUntil(clock.advance(Date.now(), held), REPORTS_PER_TICK, accept)
  }, TICK_MS)

  const keep = (path: string) => writeMemory(path, memoryOf(terminals, fleet, uplink, before))
  const keeping = flags.memory ? setInterval(keep, KEEP_EVERY_MS, flags.memory) : undefined

  const stopped = new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }))
  await Promise.all([stopped, Promise.race([connected, stopped])])
  clearInterval(ticking)
  clearInterval(keeping)
  clearInterval(errands)
  await uplink.settle(SETTLE_MS)
  if (flags.memory) keep(flags.memory)
  const { sent, acked, stored, dropped, messages } = uplink.counts
  const reconnects = links.all.reduce((sum, link) => sum + Math.max(0, link.connects - 1), 0)
  await Promise.all(links.all.map((link) => link.close()))
  return { sent, acked, outstanding: sent - acked + stored, dropped, messages, reconnects, seconds: (Date.now() - startedMs) / 1000 }
}

/** The whole memory: this fleet as it stands, and what earlier runs kept of terminals that this one does not drive. */
function memoryOf(terminals: readonly ManifestTerminal[], fleet: Fleet, uplink: Uplink, before: Memory): Memory {
  const memory = { ...before }
  terminals.forEach(({ terminalId }, n) => {
    const kept = fleet.keep(n)
    const stored = uplink.storedOf(n) as KeptVehicle['stored']
    if (kept) memory[terminalId] = { ...kept, stored: stored?.length ? stored : undefined }
  })
  return memory
}
