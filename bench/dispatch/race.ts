// Many who want one vehicle and one driver for one hour at the same moment, again and again; from the middle on the database is killed now and then, at a random moment
// of a round. What is true afterwards is asked of the database itself.
import { setTimeout } from 'node:timers/promises'
import { type World, wanted } from './world.ts'

type Issue = { reason?: string; values?: { free?: string } }

/** Ends after so many rounds, or when the time is over; the kills are spread over the second half of whichever comes first. */
export async function race({ db, pool, enter, crashDatabase }: World, rounds: number, parallel: number, seconds: number, kills: number) {
  const dispatcher = await enter('dispatcher', pool.organisationId)
  const minutes = 7 * 24 * 60
  const waiting: { requestId: number; version: number }[] = []
  for (let n = 0; n < parallel; n++) {
    const { status, body } = await dispatcher.ask('createRequest', { body: wanted(pool.units[0]!, minutes) })
    if (status !== 200) throw new Error(JSON.stringify(body))
    waiting.push({ requestId: body.requestId as number, version: body.version as number })
  }
  const { body: found } = await dispatcher.ask('listCandidates', { params: { requestId: waiting[0]!.requestId }, query: { most: 1 } })
  const [pair] = found.pairs as { vehicle: { vehicleId: number }; driver: { driverId: number } }[]
  const given = { vehicleId: pair!.vehicle.vehicleId, driverId: pair!.driver.driverId }
  const counts = { wins: 0, toldWhenFree: 0, unclear: 0, unanswered: 0, roundsWithoutOneWinner: 0, roundsLostToAKill: 0, crashes: 0 }
  const begunAt = performance.now()
  const goneS = () => (performance.now() - begunAt) / 1000
  let round = 0
  let lastMs = 0
  /** How much of the race is over, by whichever ends it first. */
  const gone = () => Math.max(round / rounds, goneS() / seconds)
  for (; round < rounds && goneS() < seconds; round++) {
    const isDue = counts.crashes < kills && gone() >= 0.5 + (0.5 * counts.crashes) / kills
    const roundAt = performance.now()
    const crash = isDue ? setTimeout(Math.random() * lastMs).then(crashDatabase) : undefined
    if (crash) counts.crashes++
    const answers = await Promise.all(
      waiting.map(({ requestId, version }) =>
        // Whom nobody answered, the database being killed, is counted below.
        dispatcher.ask('dispatchRequest', { params: { requestId }, body: { ...given, version } }).catch(() => undefined),
      ),
    )
    await crash
    let wins = 0
    for (const answer of answers) {
      const [issue] = ((answer?.body.error as { issues?: Issue[] } | undefined)?.issues ?? []) as Issue[]
      if (answer === undefined || answer.status >= 500) counts.unanswered++
      else if (answer.status === 200) wins++
      else if (answer.status === 409 && /^(vehicle|driver)\.busy$/.test(issue?.reason ?? '') && issue?.values?.free) counts.toldWhenFree++
      else counts.unclear++
    }
    if (!crash) lastMs = performance.now() - roundAt
    const held = await holding(db, given)
    counts.wins += wins
    // While the database was being killed nobody may have won, or somebody who was not told; who was told has won.
    if (held.length > 1 || wins > held.length || (!crash && wins !== 1)) counts.roundsWithoutOneWinner++
    if (crash && held.length === 0) counts.roundsLostToAKill++
    for (const { orderId, version } of held) {
      const { status, body } = await dispatcher.ask('actOnOrder', {
        params: { orderId },
        body: { action: 'void', version, reason: 'the round is over' },
      })
      if (status !== 200) throw new Error(JSON.stringify(body))
    }
    const { rows } = await db.query<{ id: number; version: number }>(
      'SELECT request_id AS id, version FROM trip_requests WHERE request_id = ANY($1::int[])',
      [waiting.map(({ requestId }) => requestId)],
    )
    const versions = new Map(rows.map(({ id, version }) => [id, version]))
    for (const each of waiting) each.version = versions.get(each.requestId)!
  }
  const { rows } = await db.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM reservations a JOIN reservations b ON a.reservation_id < b.reservation_id AND a.during && b.during
       AND (a.vehicle_id = b.vehicle_id OR a.driver_id = b.driver_id)`,
  )
  return { rounds: round, parallel, seconds: Math.round(goneS()), ...counts, overlaps: rows[0]!.n }
}

const holding = async (db: World['db'], { vehicleId }: { vehicleId: number }) =>
  (
    await db.query<{ orderId: number; version: number }>(
      `SELECT d.order_id AS "orderId", d.version FROM dispatch_orders d JOIN trip_requests r USING (request_id)
       WHERE d.vehicle_id = $1 AND d.state = 'DISPATCHED' AND r.purpose = '参加抢险救援'`,
      [vehicleId],
    )
  ).rows
