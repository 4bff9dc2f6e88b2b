// Ten simulated minutes of a moving fleet, sockets of every role and scope that look everywhere and ask for anything, a transfer, a change of
// scope and a revocation on the way: every position that arrives is counted, and none of them is of a foreign scope.
import t from 'tap'
import { FLAG_GONE } from '../../services/contracts/liveFrame.ts'
import { grantOf, type Role, roles } from '../../services/domain/permissions.ts'
import { vehicleStatuses } from '../../services/domain/status.ts'
import { energyTypes, vehicleCategories, vehicleClasses } from '../../services/domain/vehicle.ts'
import { randomOf } from './matrix/random.ts'
import { NOW_MS, putState, vehicles } from './region.ts'
import { LiveClient } from './sockets.ts'
import { ask, openRegion, type Signed, startWorld } from './world.ts'

const MINUTES = 10
const TICK_MS = 2

const db = await openRegion(t)
for (const { id } of vehicles) await putState(db, { vehicleId: id, ageS: 1 })
await db.query(
  `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, demo)
   SELECT 'dispatcher@1', '示例', password_hash, 'dispatcher', 1, true FROM accounts WHERE username = 'dispatcher'
   UNION ALL SELECT 'bureau_admin@21', '示例', password_hash, 'bureau_admin', 21, true FROM accounts WHERE username = 'dispatcher'
   UNION ALL SELECT 'bureau_admin@1', '示例', password_hash, 'bureau_admin', 1, true FROM accounts WHERE username = 'dispatcher'`,
)
const world = await startWorld(t, db, {}, { pace: { tickMs: TICK_MS, summaryMs: 50, agingMs: 100, resyncPauseMs: 5, socketCheckMs: 20 } })
const random = randomOf(20_260_302)

/** The organisations below each, itself included, as the small region has them. */
const below: Record<number, readonly number[]> = {
  1: [1, 10, 2, 4, 20, 21, 3, 30],
  2: [2, 4, 20, 21],
  4: [4, 20, 21],
  20: [20],
  21: [21],
  30: [30],
}
/** Where each vehicle is used now; `moved` keeps until when a frame on its way may still name it. */
const unitOf = new Map<number, number>(vehicles.map(({ id, unit }) => [id, unit]))

/** The vehicle of each driver's account. */
const vehicleOf = new Map<string, number | null>([
  ['driver', 202],
  ['driver@30', 302],
])

class Watcher {
  readonly name: string
  readonly role: Role
  readonly live: LiveClient
  readonly signed: Signed
  home: number
  own = 0
  foreign: string[] = []
  views = 0
  /** Was there ever a vehicle that it may see? */
  everMay = false
  #read = 0

  constructor(name: string, role: Role, home: number, signed: Signed, live: LiveClient) {
    this.name = name
    this.role = role
    this.home = home
    this.signed = signed
    this.live = live
  }

  may(vehicleId: number): boolean {
    const { reach } = grantOf(this.role, 'live.view')
    if (reach === 'none') return false
    if (reach === 'self') return this.role === 'driver' && vehicleId === vehicleOf.get(this.name)
    return below[this.home]!.includes(unitOf.get(vehicleId)!)
  }

  /** Looks through what has arrived since. A vehicle that is gone is named without a place: its coordinates are where it was shown last. */
  count(): void {
    this.everMay ||= [...unitOf.keys()].some((id) => this.may(id))
    for (; this.#read < this.live.arrivals.length; this.#read++) {
      const arrival = this.live.arrivals[this.#read]!
      if (arrival.event === 'snapshot' || arrival.event === 'delta') {
        const { frame } = arrival
        for (let k = 0; k < frame.count; k++)
          if (this.may(frame.vehicleId[k]!)) this.own++
          else this.foreign.push(`${frame.vehicleId[k]} in a ${arrival.event}${frame.flags[k]! & FLAG_GONE ? ' as gone' : ''}`)
      }
      if (arrival.event === 'counts' && arrival.counts.all.total > [...unitOf.keys()].filter((id) => this.may(id)).length)
        this.foreign.push(`${arrival.counts.all.total} counted`)
    }
  }
}

async function enter(t: { teardown(work: () => unknown): void }, name: string, role: Role, home: number): Promise<Watcher> {
  const signed = await world.signIn(name)
  if (role === 'inspector') await ask(world, 'statePurpose', signed, { body: { purpose: '核查举报线索' } })
  return new Watcher(name, role, home, signed, new LiveClient(t, world.origin, { cookie: signed.cookie }))
}

const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!
const maybe = <T>(value: () => T): T | undefined => (random() < 0.3 ? value() : undefined)

/** Any look at all: far and near, with filters that name what is not theirs, and now and then nonsense. */
function look(watcher: Watcher): void {
  const nonsense = [null, 7, 'x', [], {}, { bbox: [1, 2, 3] }, { bbox: [-181, -91, 181, 91], zoom: -1 }, { bbox: ['a', 0, 1, 1], zoom: 5 }]
  if (random() < 0.1) {
    watcher.live.socket.emit('view', pick(nonsense))
    return
  }
  const west = 90 + random() * 25
  const south = 30 + random() * 12
  const filter = {
    organisationId: maybe(() => pick([1, 2, 3, 4, 10, 20, 21, 30, 999, '30', -1] as never[])),
    league: maybe(() => pick(['150100', '150200', '150900'])),
    class: maybe(() => pick(vehicleClasses)),
    category: maybe(() => pick(vehicleCategories)),
    energy: maybe(() => pick(energyTypes)),
    status: maybe(() => pick(vehicleStatuses)),
    scope: { lft: 0, rgt: 1_000_000 },
    vehicleId: pick([100, 301]),
  }
  const everywhere = random() < 0.5
  watcher.live.socket.emit('view', {
    bbox: everywhere ? [90, 30, 130, 60] : [west, south, west + random() * 15, south + random() * 15],
    zoom: random() * 20,
    detail: random() < 0.1 ? 'cells' : 'marks',
    filter: random() < 0.5 ? {} : Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)),
    organisationId: 1,
    scope: { organisationId: 1 },
  })
  watcher.views++
}

const turn = () => new Promise((resolve) => setImmediate(resolve))
let timeS = NOW_MS / 1000

/** One simulated second: every vehicle drives on, one frame says so, and everybody is brought up to it. */
async function second(witness: Watcher): Promise<void> {
  timeS++
  world.clock.atMs = timeS * 1000
  world.broker.send(
    vehicles.map(({ id }) => ({
      vehicleId: id,
      timeS,
      lon: 109 + ((id * 7 + timeS) % 600) / 100,
      lat: 40 + ((id + timeS) % 300) / 200,
      speedDkph: timeS % 60 < 40 ? 400 : 0,
      flags: 1,
    })),
  )
  const at = timeS
  await witness.live.next('delta', ({ frame }) => frame.timeS.some((each) => each >= at))
}

t.test('in ten simulated minutes no socket is told a position of a foreign scope', async (t) => {
  const watchers: Watcher[] = []
  for (const role of roles) {
    watchers.push(
      await enter(
        t,
        role,
        role,
        { system_admin: 1, security_admin: 1, audit_admin: 1, bureau_admin: 2, inspector: 2, dispatcher: 4 }[role as string] ?? 20,
      ),
    )
    watchers.push(await enter(t, `${role}@30`, role, 30))
  }
  watchers.push(await enter(t, 'bureau_admin@21', 'bureau_admin', 21))
  // It sees everything and looks nowhere else: when it has a second's frame, everybody's tick has been.
  const witness = await enter(t, 'dispatcher@1', 'dispatcher', 1)
  witness.live.view()
  await witness.live.next('snapshot')
  for (const watcher of watchers) look(watcher)

  const bureau = await world.signIn('bureau_admin@1')
  const of = (name: string) => watchers.find((watcher) => watcher.name === name)!
  const ended = new Map<Watcher, number>()
  const countAll = () => {
    for (const watcher of [...watchers, witness]) watcher.count()
  }
  /** What happens to whom at which second. */
  const events: Record<number, () => Promise<void>> = {
    // 201 goes from 甲单位 to 丙单位, in another league; at the commit its frames change sides.
    150: () => transfer(201, 30),
    300: () => transfer(211, 20),
    // A unit moves with what it has: 丙单位 comes under 新城区.
    450: async () => {
      const { version } = (await ask(world, 'listLedgerOrganisations', bureau)).json().rows.find((row) => row.organisationId === 30)!
      await changing(async () => {
        const body = { version, parentId: 4, reason: '机构调整' }
        const moved = await ask(world, 'moveOrganisation', bureau, { params: { organisationId: 30 }, body })
        t.equal(moved.status, 200, moved.body)
        below[2] = [...below[2]!, 30]
        below[4] = [...below[4]!, 30]
      })
    },
    // A driver is given another vehicle, and sees that one from then on.
    250: async () => {
      const fields = { name: '示例司机二', licenceNo: null, licenceClass: null, licenceIssuedOn: null, licenceExpiresOn: null }
      const body = { ...fields, vehicleId: 301, version: 1 }
      const given = await ask(world, 'editDriver', bureau, { params: { driverId: 2 }, body })
      t.equal(given.status, 200, given.body)
      const driver = of('driver@30')
      driver.live.view()
      while (!driver.live.shown.has(301)) await turn()
      vehicleOf.set('driver@30', 301)
      forget(driver)
    },
    // A scope that changes ends the sessions that had the old one; a disabled account ends its own.
    200: () => revoke('dispatcher@30', 'grant'),
    350: () => revoke('unit_approver', 'disable'),
    400: () => revoke('fleet_manager@30', 'sessions'),
    500: () => revoke('inspector@30', 'sign-out'),
  }

  /** The picture is loaded anew after a change of the ledger; what was sent before that was true when it was sent. */
  async function changing(work: () => Promise<void>): Promise<void> {
    countAll()
    const picture = world.feed.picture
    await work()
    while (world.feed.picture === picture) await turn()
    await witness.live.next('snapshot')
    // Frames of the old picture are on their way; they were counted against the old truth if they arrived before, so let them arrive.
    for (const watcher of [...watchers, witness]) if (watcher.live.socket.connected) await drained(watcher)
  }

  async function transfer(vehicleId: number, toUnit: number): Promise<void> {
    const { version } = (await ask(world, 'getVehicleFile', bureau, { params: { vehicleId } })).json()
    await changing(async () => {
      const set = { userUnitId: toUnit, ownerUnitId: toUnit, category: 'LEASED_SERVICE', class: 'leased' }
      const changed = await ask(world, 'changeVehicle', bureau, { params: { vehicleId }, body: { version, set, reason: '按规定调拨' } })
      t.equal(changed.status, 200, changed.body)
    })
    unitOf.set(vehicleId, toUnit)
    for (const watcher of [...watchers, witness]) forget(watcher)
  }

  /** What arrived while the change was on its way belongs to neither truth. */
  function forget(watcher: Watcher): void {
    const own = watcher.own
    const foreign = [...watcher.foreign]
    watcher.count()
    watcher.foreign = foreign
    watcher.own = own
  }

  /** An answer to a question asked now comes after everything that was sent before. */
  async function drained(watcher: Watcher): Promise<void> {
    const from = watcher.live.arrivals.length
    watcher.live.socket.emit('view', 'nonsense')
    while (
      watcher.live.socket.connected &&
      !watcher.live.arrivals.slice(from).some(({ event }) => event === 'refused' || event === 'snapshot')
    )
      await turn()
  }

  async function revoke(name: string, how: 'grant' | 'disable' | 'sessions' | 'sign-out'): Promise<void> {
    const watcher = of(name)
    const account = (
      await db.query<{ id: number; version: number }>('SELECT account_id AS id, version FROM accounts WHERE username = $1', [name])
    ).rows[0]!
    const params = { accountId: account.id }
    const body = { version: account.version, reason: '岗位调整' }
    const answer =
      how === 'grant'
        ? await ask(world, 'grantRole', await world.signIn('security_admin'), {
            params,
            body: { ...body, role: 'dispatcher', organisationId: 20 },
          })
        : how === 'disable'
          ? await ask(world, 'disableAccount', await world.signIn('system_admin'), { params, body })
          : how === 'sessions'
            ? await ask(world, 'endAccountSessions', await world.signIn('system_admin'), { params, body: { reason: body.reason } })
            : await ask(world, 'signOut', watcher.signed)
    t.equal(answer.status, 200, answer.body)
    while (watcher.live.socket.connected) await turn()
    watcher.count()
    ended.set(watcher, watcher.live.arrivals.length)
  }

  for (let s = 0; s < MINUTES * 60; s++) {
    await second(witness)
    await events[s]?.()
    for (const watcher of watchers) if (!ended.has(watcher) && random() < 0.2) look(watcher)
    countAll()
  }
  countAll()

  for (const watcher of [...watchers, witness]) {
    t.same(watcher.foreign, [], `${watcher.name}: foreign positions among ${watcher.own} own ones, ${watcher.views} views`)
    t.equal(watcher.own > 0, watcher.everMay, `${watcher.name}: ${watcher.own} own positions`)
  }
  for (const [watcher, arrivals] of ended)
    t.equal(watcher.live.arrivals.length, arrivals, `${watcher.name}: nothing after the end of the session`)
  const own = [...watchers, witness].reduce((sum, watcher) => sum + watcher.own, 0)
  t.comment(`${own} positions received by ${watchers.length + 1} sockets in ${MINUTES} simulated minutes, 0 of a foreign scope`)
})
