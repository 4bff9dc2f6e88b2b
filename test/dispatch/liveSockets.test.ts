import t from 'tap'
import { roles } from '../../services/domain/permissions.ts'
import { NOW_MS, putState, vehicles } from './region.ts'
import { LiveClient } from './sockets.ts'
import { ask, openRegion, startWorld } from './world.ts'

const db = await openRegion(t)
for (const { id } of vehicles) if (id !== 211) await putState(db, { vehicleId: id, ageS: 300 })
const world = await startWorld(t, db, {}, { pace: { tickMs: 20, summaryMs: 20, agingMs: 20, resyncPauseMs: 20, socketCheckMs: 50 } })
const NOW_S = NOW_MS / 1000
let timeS = NOW_S - 100
const open = async (t: { teardown(work: () => unknown): void }, username: string) => {
  const signed = await world.signIn(username)
  return { signed, live: new LiveClient(t, world.origin, { cookie: signed.cookie }) }
}

t.test('a view is answered by a snapshot and counts, then by deltas', async (t) => {
  const { live } = await open(t, 'bureau_admin')
  live.view()
  const { frame } = await live.next('snapshot')
  t.same([...frame.vehicleId].sort(), [201, 202], 'vehicle 211 never reported and is on no map')
  const { counts } = await live.next('counts')
  t.match(counts, { all: { total: 3, parked: 2, offline: 1 }, neverReported: 1, byLeague: [{ adcode: '150100', total: 3 }] })
  world.broker.send([{ vehicleId: 202, timeS: ++timeS, speedDkph: 500, flags: 1, lon: 111.75 }])
  const delta = await live.next('delta')
  t.same([...delta.frame.vehicleId], [202])
  t.same(live.shown.get(202), { lon: 111.75, lat: 40.8, status: 'moving' })
  t.equal(delta.frame.committedAtMs, NOW_MS, 'the commit time travels with the frame')
  const later = await live.next('counts')
  t.match(later.counts.all, { moving: 1, parked: 1, offline: 1 })
})

t.test('no frame ever names a vehicle outside the scope', async (t) => {
  const { live } = await open(t, 'fleet_manager@30')
  live.view()
  await live.next('snapshot')
  for (let round = 0; round < 30; round++) {
    timeS++
    world.broker.send(vehicles.map(({ id }) => ({ vehicleId: id, timeS, lon: 109 + round / 100 })))
    await live.next('delta')
  }
  t.same([...live.named].sort(), [301, 302])
})

t.test('a vehicle that leaves the view, or no longer passes the filter, is sent as gone', async (t) => {
  const { live } = await open(t, 'bureau_admin')
  world.broker.send([
    { vehicleId: 201, timeS: ++timeS, lon: 111.7, lat: 40.8 },
    { vehicleId: 202, timeS, lon: 111.7, lat: 40.8 },
  ])
  live.view({ bbox: [111, 40, 112, 41], zoom: 10, filter: { status: 'parked' } })
  await live.next('snapshot')
  t.same([...live.shown.keys()].sort(), [201, 202])
  world.broker.send([{ vehicleId: 201, timeS: ++timeS, lon: 115, lat: 40.8 }])
  await live.next('delta')
  t.same([...live.shown.keys()], [202], 'it drove out of the box')
  world.broker.send([{ vehicleId: 202, timeS: ++timeS, lon: 111.7, lat: 40.8, flags: 1, speedDkph: 300 }])
  await live.next('delta')
  t.equal(live.shown.size, 0, 'it is no longer parked')
})

t.test('who looks away is sent nothing more, and hears on when he looks again', async (t) => {
  const { live } = await open(t, 'bureau_admin')
  const { live: other } = await open(t, 'bureau_admin')
  for (const each of [live, other]) {
    each.view()
    await each.next('snapshot')
  }
  live.socket.emit('lookAway')
  // A view that is refused is answered: by then what was said before it has been done.
  live.socket.emit('view', 7)
  await live.next('refused')
  const before = live.arrivals.length
  world.broker.send([{ vehicleId: 201, timeS: ++timeS, lon: 111.71, lat: 40.8 }])
  await other.next('delta')
  t.equal(live.arrivals.length, before)
  live.view()
  const { frame } = await live.next('snapshot')
  t.ok(frame.vehicleId.includes(201))
})

t.test('far out, or when asked, cells come instead of marks and agree with the counts', async (t) => {
  const { live } = await open(t, 'bureau_admin')
  live.view({ detail: 'cells' })
  const { counts } = await live.next('counts')
  const { cells } = await live.next('cells')
  t.equal(
    cells.reduce((sum, cell) => sum + cell.total, 0),
    counts.all.total - counts.neverReported,
  )
  t.notOk(live.arrivals.some(({ event }) => event === 'snapshot'))
})

t.test('a vehicle that falls silent becomes offline without a frame', async (t) => {
  const { live } = await open(t, 'bureau_admin')
  live.view()
  await live.next('snapshot')
  world.clock.atMs += 20 * 60_000
  await live.next('counts', ({ counts }) => counts.all.offline === 3)
  t.ok([...live.shown.values()].every(({ status }) => status === 'offline'))
  world.clock.atMs = NOW_MS
})

t.test('a lost frame is healed from the database, which moves no vehicle backwards', async (t) => {
  const { live } = await open(t, 'bureau_admin')
  live.view()
  await live.next('snapshot')
  world.broker.send([{ vehicleId: 202, timeS: NOW_S - 1, lon: 113 }])
  await live.next('delta')
  await putState(db, { vehicleId: 201, ageS: 0, lon: 114 })
  const gaps = world.feed.gaps
  world.broker.send([], 3)
  await live.next('delta', () => live.shown.get(201)!.lon === 114)
  t.equal(world.feed.gaps, gaps + 1)
  t.equal(live.shown.get(202)!.lon, 113, 'the database knew an older position of this one')
  world.broker.send([{ vehicleId: 201, timeS: NOW_S - 100, lon: 100 }])
  world.broker.send([{ vehicleId: 202, timeS: NOW_S, lon: 113.5 }])
  await live.next('delta')
  t.equal(live.shown.get(201)!.lon, 114, 'a frame that comes late changes nothing')
})

t.test('a vehicle that the ledger did not know appears after a reload', async (t) => {
  const { live } = await open(t, 'bureau_admin')
  live.view()
  await live.next('snapshot')
  await db.query(
    `INSERT INTO vehicles VALUES (299, '蒙AA0299', 'blue', 'official', 'OTHER_APPROVED', 'petrol', '红旗', 'H5', 5, 1498, '2022-05-01', 21, 21)`,
  )
  await putState(db, { vehicleId: 299, ageS: 1 })
  world.broker.send([{ vehicleId: 299, timeS: NOW_S - 1 }])
  await live.next('snapshot', () => live.shown.has(299))
  t.ok(live.shown.has(202), 'the others are still there')
})

t.test('what each role gets from a view', async (t) => {
  const seen: Record<string, string> = {}
  for (const role of roles) {
    const { live } = await open(t, `${role}@30`)
    live.view()
    seen[role] = await live.answer()
    live.socket.disconnect()
  }
  t.same(seen, {
    applicant: '',
    unit_approver: '301,302',
    fleet_manager: '301,302',
    dispatcher: '301,302',
    driver: '302',
    bureau_admin: '301,302',
    finance: 'FORBIDDEN',
    inspector: 'PURPOSE_REQUIRED',
    system_admin: 'FORBIDDEN',
    security_admin: 'FORBIDDEN',
    audit_admin: 'FORBIDDEN',
  })
})

t.test('an inspector states a purpose, on record, and the next view of the same socket works', async (t) => {
  const { live, signed } = await open(t, 'inspector')
  live.view()
  t.equal((await live.next('refused')).code, 'PURPOSE_REQUIRED')
  const stated = await ask(world, 'statePurpose', signed, { body: { purpose: '核查举报线索' } })
  t.equal(stated.json().livePurpose, '核查举报线索')
  live.view()
  await live.next('snapshot')
  const { rows } = await db.query(`SELECT username, body::json ->> 'purpose' AS purpose FROM audit_log WHERE action = 'live.purpose'`)
  t.same(rows, [{ username: 'inspector', purpose: '核查举报线索' }])
})

t.test('a malformed view is refused and the old view goes on', async (t) => {
  const { live } = await open(t, 'bureau_admin')
  live.view()
  await live.next('snapshot')
  const nonsense = [null, 7, 'x', [], { bbox: [1, 2, 3] }, { bbox: [0, 0, 1, 'x'], zoom: 3 }, { bbox: [0, 0, 1, 1], zoom: 99 }, undefined]
  for (const view of nonsense) {
    live.socket.emit('view', view)
    t.equal((await live.next('refused')).code, 'VALIDATION_FAILED')
  }
  world.broker.send([{ vehicleId: 202, timeS: NOW_S, lon: 113.6 }])
  await live.next('delta')
})

t.test('a filter cannot reach outside the scope', async (t) => {
  const { live } = await open(t, 'fleet_manager')
  for (const filter of [{ organisationId: 30 }, { organisationId: 999 }, { league: '150200' }, { league: '150900' }]) {
    live.view({ filter })
    t.equal((await live.next('snapshot')).frame.count, 0, JSON.stringify(filter))
  }
  live.view({ filter: { organisationId: 1 } })
  await live.next('snapshot')
  t.same([...live.shown.keys()].sort(), [201, 202], 'a wider organisation is cut to that of the account')
})

t.test('nobody connects without a session or from a foreign page', async (t) => {
  t.equal((await new LiveClient(t, world.origin, {}).next('connect_error')).code, 'NOT_SIGNED_IN')
  t.equal((await new LiveClient(t, world.origin, { cookie: 'morin_session=guess' }).next('connect_error')).code, 'NOT_SIGNED_IN')
  const { cookie } = await world.signIn('bureau_admin')
  const foreign = new LiveClient(t, world.origin, { cookie, origin: 'https://elsewhere.example' })
  t.equal((await foreign.next('connect_error')).code, undefined)
})

t.test('signing out ends the sockets of that session and no others', async (t) => {
  const one = await open(t, 'bureau_admin')
  const other = await open(t, 'bureau_admin')
  for (const { live } of [one, other]) {
    live.view()
    await live.next('snapshot')
  }
  await ask(world, 'signOut', one.signed)
  await one.live.next('disconnect')
  t.ok(other.live.socket.connected)
})

t.test('a session that expires, or is ended elsewhere, ends its sockets', async (t) => {
  const { live } = await open(t, 'bureau_admin')
  live.view()
  await live.next('snapshot')
  await db.query('DELETE FROM sessions')
  await live.next('disconnect')
  t.pass('ended')
})
