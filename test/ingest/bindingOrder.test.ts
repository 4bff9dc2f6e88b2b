// The whole way, with the database's own bindings: whatever is bound when, and in whatever order positions come, they lie where they belong.
import fc from 'fast-check'
import t from 'tap'
import { addTerminal, addVehicles, move, timesOf } from './fleetBindings.ts'
import { connectAs, position, startWorld, topicOf } from './world.ts'

const MINUTE = 60_000
const VEHICLES = 6
const { db, owner, port } = await startWorld(t)
const gateway = await connectAs(t, port, 'GATE1')

/** Into the vehicle with this number, or out of one (null), so many minutes after the first. */
const moves = fc.uniqueArray(
  fc.record({ minute: fc.integer({ min: 1, max: 300 }), vehicle: fc.option(fc.nat(VEHICLES - 1), { freq: 4 }) }),
  {
    selector: ({ minute }) => minute,
    minLength: 1,
    maxLength: 5,
  },
)
/** A position at a share of the time that is known when it is sent, after so many of the moves. */
const positions = fc.array(fc.record({ after: fc.nat(5), share: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }) }), {
  minLength: 5,
  maxLength: 25,
})

t.test('a terminal’s positions are the truth by device time, in any order of bindings and arrivals', async (t) => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(moves, positions, async (given, sent) => {
      const terminalId = `ORDER${run}`
      const first = 1000 + VEHICLES * run++
      await addVehicles(owner, first, first + VEHICLES - 1)
      await addTerminal(owner, terminalId, first)
      const startMs = Date.now() - 400 * MINUTE
      const steps = given.sort((a, b) => a.minute - b.minute).map(({ minute, vehicle }) => ({ atMs: startMs + minute * MINUTE, vehicle }))
      let stays: number | null = first
      const whose: { fromMs: number; vehicleId: number | null }[] = [{ fromMs: 0, vehicleId: first }]
      const expected = new Map<number, number | null>()
      for (let step = 0; step <= steps.length; step++) {
        // What is taken after a change that nobody has entered yet would be bound by what was known: that is not asked here.
        const untilMs = steps[step]?.atMs ?? Date.now()
        const times = sent
          .filter(({ after }) => Math.min(after, steps.length) === step)
          .map(({ share }) => Math.floor(startMs - MINUTE + share * (untilMs - startMs + MINUTE)))
        for (const ms of times) expected.set(ms, whose.findLast(({ fromMs }) => fromMs <= ms)!.vehicleId)
        if (times.length > 0)
          await gateway.publishAsync(topicOf(terminalId), JSON.stringify(times.map((time) => position({ time }))), { qos: 1 })
        const next = steps[step]
        if (!next) break
        const vehicleId = next.vehicle === null ? null : first + next.vehicle
        if (vehicleId === stays) continue
        stays = vehicleId
        await move(owner, terminalId, vehicleId, next.atMs)
        whose.push({ fromMs: next.atMs, vehicleId })
      }
      for (let vehicleId = first; vehicleId < first + VEHICLES; vehicleId++) {
        const own = [...expected].filter(([, whose]) => whose === vehicleId).map(([ms]) => ms)
        t.same(
          await timesOf(db, vehicleId),
          own.sort((a, b) => a - b),
        )
      }
      const { rows } = await db.query<{ n: number }>(
        `SELECT coalesce(sum(positions), 0)::int AS n FROM quarantine WHERE terminal_id = $1 AND reason = 'terminal-not-bound'`,
        [terminalId],
      )
      return rows[0]!.n > 0 === [...expected.values()].includes(null)
    }),
    { numRuns: 25 },
  )
})
