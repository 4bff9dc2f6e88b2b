// The laws of those who travel: changes on the road, how far a trip is moved without a new approval, who follows when, and what is told of ratings.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { DAY_MS, dayAt } from '../../services/domain/days.ts'
import { dispatchLawOn } from '../../services/domain/dispatchLaw.ts'
import { followedFrom } from '../../services/domain/following.ts'
import { actionsOf, type Lifecycle } from '../../services/domain/lifecycle.ts'
import { drivenStates, orderStates } from '../../services/domain/orders.ts'
import { rerateUntilMs, sumRatings } from '../../services/domain/ratings.ts'
import { findMoveProblem, heldFor } from '../../services/domain/requests.ts'
import { changeLifecycle, changeStates, findChangeProblem, latestEndBefore, openChangeStates } from '../../services/domain/roadChanges.ts'

const HOUR_MS = 3_600_000
/** A Monday's noon in the region. */
const NOW_MS = Date.UTC(2026, 2, 2, 4)
const iso = (hours: number) => new Date(NOW_MS + hours * HOUR_MS).toISOString()
const place = (name: string) => ({ name, lon: null, lat: null })
const plan = (end: number, to = '乙', via: string[] = []) => ({ endsAt: iso(end), to: place(to), via: via.map(place) })

t.test('every state of a change is reached and left, or is an end, and the page draws it', (t) => {
  const table: Lifecycle<string> = changeLifecycle
  for (const state of changeStates) {
    t.ok(state === 'ASKED' || Object.values(table).some(({ to }) => to === state), `${state} is reached`)
    const leads = actionsOf(table, state).some((action) => table[action]!.to !== state)
    t.equal(leads, openChangeStates.includes(state), `${state} is left while it is open, and then no more`)
  }
  const arrows = Object.entries(table).flatMap(([action, { from, to, by }]) => from.map((each) => `  ${each} --> ${to}: ${action} (${by})`))
  const drawn = ['```mermaid', 'stateDiagram-v2', ...arrows, '```'].join('\n')
  t.ok(readFileSync('docs/orders.md', 'utf8').includes(drawn), `\n${drawn}`)
  t.end()
})

t.test('a change on the road ends later or leads elsewhere', (t) => {
  const problem = (wanted: ReturnType<typeof plan>, now = 1) =>
    findChangeProblem(plan(4), wanted, NOW_MS, NOW_MS + now * HOUR_MS)?.reason ?? null
  t.equal(problem(plan(6)), null)
  t.equal(problem(plan(4, '丙')), null)
  t.equal(problem(plan(4, '乙', ['丁'])), null)
  t.equal(problem(plan(4)), 'change.nothing')
  t.equal(problem(plan(3, '丙')), 'change.earlier')
  t.equal(problem(plan(6), 7), 'change.past')
  t.equal(problem(plan(4, '丙'), 7), null, 'elsewhere, though it is late already')
  t.equal(problem(plan(24 * 32)), 'request.long')
  t.end()
})

t.test('the latest end leaves time to clean before what follows', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 0, max: 1_000 }), (start, gap) => {
      const [startsAtMs, nextMs] = [NOW_MS + start * 60_000, NOW_MS + (start + gap) * 60_000]
      const endsAtMs = latestEndBefore(nextMs, startsAtMs)
      return heldFor({ startsAtMs, endsAtMs }).untilMs === nextMs
    }),
  )
  t.end()
})

t.test('without a new approval a trip stays on its day, and by the hours of the law', (t) => {
  const { moveMostH } = dispatchLawOn(dayAt(NOW_MS))
  const asked = { startsAtMs: NOW_MS, endsAtMs: NOW_MS + 2 * HOUR_MS }
  const moved = (from: number, until: number) =>
    findMoveProblem({ startsAtMs: NOW_MS + from * HOUR_MS, endsAtMs: NOW_MS + until * HOUR_MS }, asked)
  t.equal(moved(moveMostH, 2 + moveMostH), null)
  t.match(moved(moveMostH + 0.25, 2 + moveMostH), { field: 'startsAt', reason: 'move.far', values: { latest: iso(moveMostH) } })
  t.match(moved(24, 26), { field: 'startsAt', reason: 'move.day' })
  t.match(moved(0, 7), { field: 'endsAt', reason: 'move.far' })
  const late = { startsAtMs: NOW_MS + 9 * HOUR_MS, endsAtMs: NOW_MS + 12 * HOUR_MS }
  t.equal(findMoveProblem(late, late), null, 'whoever is back at midnight is back on that day')
  t.match(findMoveProblem({ ...late, startsAtMs: late.startsAtMs + 3 * HOUR_MS }, late), { reason: 'move.day' })
  const stands = { startsAtMs: NOW_MS + 40 * HOUR_MS, endsAtMs: NOW_MS + 42 * HOUR_MS }
  t.equal(findMoveProblem(stands, asked, stands), null, 'what stands elsewhere already may stay')
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 47 * 4 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: -100, max: 100 }),
      fc.integer({ min: -100, max: 100 }),
      (start, length, a, b) => {
        const quarter = HOUR_MS / 4
        const of = { startsAtMs: NOW_MS + start * quarter, endsAtMs: NOW_MS + (start + length) * quarter }
        const to = { startsAtMs: of.startsAtMs + a * quarter, endsAtMs: of.endsAtMs + b * quarter }
        const problem = findMoveProblem(to, of)
        const sameDay = dayAt(to.startsAtMs) === dayAt(of.startsAtMs) && dayAt(to.endsAtMs - 1) === dayAt(of.endsAtMs - 1)
        const near = Math.abs(a) * quarter <= moveMostH * HOUR_MS && Math.abs(b) * quarter <= moveMostH * HOUR_MS
        if (!problem) return sameDay && near
        // What it names would be taken.
        const nearest = Date.parse(to[`${problem.field}Ms`] < of[`${problem.field}Ms`] ? problem.values.earliest : problem.values.latest)
        return !(sameDay && near) && findMoveProblem({ ...of, [`${problem.field}Ms`]: nearest }, of) === null
      },
    ),
  )
  t.end()
})

t.test('a vehicle is followed from shortly before its departure until it is back, once somebody has accepted', (t) => {
  const { followBeforeMin } = dispatchLawOn(dayAt(NOW_MS))
  const soon = NOW_MS - followBeforeMin * 60_000
  const from = (
    state: (typeof orderStates)[number],
    acceptedAtMs: number | null,
    departedAtMs: number | null = null,
    swappedAtMs: number | null = null,
  ) => followedFrom({ state, startsAtMs: NOW_MS, acceptedAtMs, departedAtMs, swappedAtMs })
  t.equal(from('ACCEPTED', NOW_MS - DAY_MS), soon)
  t.equal(from('ACCEPTED', NOW_MS - 60_000), NOW_MS - 60_000, 'and no sooner than that')
  t.equal(from('DEPARTED', NOW_MS - DAY_MS, soon - HOUR_MS), soon - HOUR_MS, 'who left early is followed since then')
  t.equal(from('ON_BOARD', NOW_MS - DAY_MS, NOW_MS), soon)
  for (const state of ['HANDED_OVER', 'DEPARTED', 'ON_BOARD'] as const)
    t.equal(from(state, NOW_MS - DAY_MS, NOW_MS, NOW_MS + HOUR_MS), NOW_MS + HOUR_MS, `${state}: another vehicle since it is that`)
  for (const state of orderStates)
    if (!['ACCEPTED', ...drivenStates].includes(state)) t.equal(from(state, soon, soon), null, `${state}: not at all`)
  t.end()
})

t.test('of ratings the sum is told in groups, once they are settled, so that nobody sees whose moved it', (t) => {
  const { ratingGroup } = dispatchLawOn(dayAt(NOW_MS))
  const settledMs = NOW_MS - (rerateUntilMs(NOW_MS) - NOW_MS) - 1
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 40 }), fc.integer({ min: 0, max: 10 }), (stars, fresh) => {
      const ratings = stars.map((each, n) => ({ stars: each, ratedAtMs: settledMs - (stars.length - n) * HOUR_MS }))
      const { count, average } = sumRatings([...ratings, ...Array.from({ length: fresh }, () => ({ stars: 1, ratedAtMs: NOW_MS }))], NOW_MS)
      if (count % ratingGroup !== 0 || count > stars.length || stars.length - count >= ratingGroup) return false
      if (count === 0) return average === null
      const mean = stars.slice(0, count).reduce((sum, each) => sum + each, 0) / count
      return Math.abs(average! - mean) <= 0.05 + 1e-9 && average! >= 1 && average! <= 5
    }),
  )
  t.end()
})
