// Who does not read: on sockets of the real kind, with a fleet large enough to fill what a kernel holds.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import t from 'tap'
import { allocateLiveFrame } from '../../services/contracts/liveFrame.ts'
import { FleetPicture } from '../../services/dispatch/live/fleetPicture.ts'
import { buildLedger } from '../../services/dispatch/live/ledger.ts'
import type { LiveFeed } from '../../services/dispatch/live/liveFeed.ts'
import { LiveHub } from '../../services/dispatch/live/liveHub.ts'
import { LiveSockets } from '../../services/dispatch/live/sockets.ts'
import { systemClock } from '../../services/platform/clock.ts'
import { LiveClient } from './sockets.ts'

const N = 20_000
const T0 = 1_800_000_000
const picture = new FleetPicture(
  buildLedger(
    Array.from({ length: N }, (_, k) => ({
      vehicleId: k + 1,
      plate: `P${k}`,
      class: 'sedan',
      category: 'general',
      energy: 'petrol',
      unitId: 1,
      unitLft: 1,
      adcode: '150102',
    })),
    new Map([[1, { lft: 1, rgt: 2 }]]),
  ),
)
let announce = (): void => {}
const feed = { picture, listen: (onChange: () => void) => (announce = onChange) } as unknown as LiveFeed
/** The whole fleet has moved: 420 kB for each who sees it. */
function move(round: number): void {
  const frame = allocateLiveFrame(N, { sequence: round, sender: 1, committedAtMs: round })
  for (let k = 0; k < N; k++) {
    frame.vehicleId[k] = k + 1
    frame.timeS[k] = T0 + round
    frame.lonE7[k] = 1_100_000_000 + round
    frame.latE7[k] = 410_000_000
  }
  picture.applyFrame(frame, T0 + round)
  announce()
}

const caller = {
  accountId: 1,
  role: 'dispatcher',
  organisation: { organisationId: 1 },
  home: { lft: 1, rgt: 2 },
  ownVehicleId: null,
  session: { tokenHash: Buffer.from('a') },
}
const server = createServer()
const hub = new LiveHub({ feed, clock: systemClock, tickMs: 1, summaryMs: 1e9 })
const sockets = new LiveSockets({
  server,
  hub,
  clock: systemClock,
  log: pino({ level: 'silent' }),
  sessions: {
    findByCookies: async () => caller,
    findByHash: async () => caller,
    listLiving: async () => [],
    onEnded: () => undefined,
    listClearances: async () => new Map(),
  } as never,
  isOwnPage: () => true,
  owedLook: () => undefined,
  toldThrough: async () => 0,
  takeView: () => true,
  countUnread: async () => new Map(),
  sightMs: 20,
  stalledMs: 200,
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
t.teardown(async () => {
  hub.close()
  await sockets.close()
  server.closeAllConnections()
  server.close()
})
/** The bytes' own end: what it does not read stays in the kernels, and then with the service. */
const wireOf = (live: LiveClient) => (live.socket.io.engine.transport as unknown as { ws: { _socket: { pause(): void } } }).ws._socket

move(1)

t.test('a viewer that never reads is sent no more than fits, is dropped, and the others miss nothing meanwhile', async (t) => {
  const reading = [new LiveClient(t, origin, {}), new LiveClient(t, origin, {})]
  const deaf = new LiveClient(t, origin, {})
  for (const live of [...reading, deaf]) {
    live.view()
    await live.next('snapshot')
  }
  t.equal(hub.sights.count, 1, 'what all three see is one')
  wireOf(deaf).pause()
  let round = 1
  const held = process.memoryUsage().arrayBuffers
  while (sockets.count === 3) {
    move(++round)
    for (const live of reading) {
      const { frame } = await live.next('delta')
      t.equal(frame.committedAtMs, round, 'each tick at once') || t.bailout()
    }
  }
  t.equal(sockets.count, 2)
  t.ok(process.memoryUsage().arrayBuffers - held < 60_000_000, 'nothing has piled up')
  for (const live of reading) t.equal(live.shown.size, N)
  await t.test('a viewer that comes back is given one snapshot of what is, and nothing of what it missed', async (t) => {
    for (let k = 0; k < 50; k++) move(++round)
    const back = new LiveClient(t, origin, {})
    back.view()
    const { frame } = await back.next('snapshot')
    t.equal(frame.count, N)
    t.ok(frame.timeS.every((timeS) => timeS === T0 + round))
    move(++round)
    t.equal((await back.next('delta')).frame.committedAtMs, round)
    const came = back.arrivals.filter(({ event }) => event === 'snapshot' || event === 'delta')
    t.ok(came.length <= 3, 'the snapshot, the tick it fell into, and the one that was made')
  })
})
