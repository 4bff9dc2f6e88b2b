// What becomes of findings when days are judged again: in whatever order facts come, and however often, the same stands.
import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { addDays } from '../../services/domain/days.ts'
import { fieldWords } from '../../services/domain/fieldWords.ts'
import { type RuleCode, ruleCodes } from '../../services/domain/supervision/codes.ts'
import type { Facts, TripFact } from '../../services/domain/supervision/facts.ts'
import { judgeAll } from '../../services/domain/supervision/judge.ts'
import { type ParamsRow, paramsFor, rulesFor } from '../../services/domain/supervision/params.ts'
import { type JudgedDay, type Move, type Occurrence, reconcile } from '../../services/domain/supervision/reconcile.ts'
import { figureUnits } from '../../services/domain/supervision/rule.ts'
import { defaultParams } from '../../services/domain/supervision/rules.ts'
import { supervisionWords } from '../../services/domain/supervision/ruleWords.ts'
import type { VehicleClass } from '../../services/domain/vehicle.ts'
import { at, DAY, facts, HOUR, MIN, order, trip } from './supervisionFacts.ts'

const RULES = `${import.meta.dirname}/../../services/domain/supervision/rules`

/** What is stored, kept as the moves say. */
class Store {
  readonly found: (Occurrence & { version: number })[] = []
  keep(moves: readonly Move[]): void {
    for (const move of moves) {
      if (move.move === 'raise') {
        const { code, paramsId, suspicion } = move
        const { fromMs, untilMs } = suspicion
        this.found.push({
          findingId: this.found.length + 1,
          code,
          paramsId,
          suspicion,
          fromMs,
          untilMs,
          stands: true,
          closed: false,
          version: 1,
        })
        continue
      }
      const known = this.found.find(({ findingId }) => findingId === move.findingId)!
      known.version++
      if (move.move === 'withdraw') known.stands = false
      else Object.assign(known, { ...move, stands: true, fromMs: move.suspicion.fromMs, untilMs: move.suspicion.untilMs })
    }
  }
  judge(of: Facts, codes: readonly RuleCode[] = ['R01']): number {
    const asked = codes.map((code) => ({ code, paramsId: null, enabled: true, params: defaultParams(code) }))
    const day: JudgedDay = of
    const moves = reconcile(this.found, judgeAll(of, asked, true).judged, day)
    this.keep(moves)
    return moves.length
  }
  get standing() {
    return this.found.filter(({ stands }) => stands).map(({ suspicion: { fromMs, untilMs, figure } }) => ({ fromMs, untilMs, figure }))
  }
}

const drives = [trip(at('9'), at('10')), trip(at('12'), at('13')), trip(at('22'), at('1', addDays(DAY, 1)))]

t.test('a finding is raised once, keeps its number when it changes, and goes when an order comes late', async (t) => {
  const store = new Store()
  t.equal(store.judge(facts({ trips: drives })), 3)
  t.equal(store.judge(facts({ trips: drives })), 0, 'twice is once')
  const longer = [{ ...drives[0]!, untilMs: at('10:30'), distanceM: 15_000 }, ...drives.slice(1)]
  t.equal(store.judge(facts({ trips: longer })), 1)
  t.match(store.found[0], { findingId: 1, version: 2, untilMs: at('10:30') })
  t.equal(store.judge(facts({ trips: longer, orders: [order(at('9'), at('11'))] })), 1)
  t.match(store.found[0], { stands: false })
  t.equal(store.judge(facts({ trips: longer })), 1, 'and is the same again when the order is void')
  t.match(store.found[0], { findingId: 1, stands: true })
  t.equal(store.found.length, 3)
})

t.test('what is not known for good, or cannot be judged, takes nothing back; what is closed stays closed', async (t) => {
  const store = new Store()
  store.judge(facts({ trips: drives }))
  t.equal(store.judge(facts({ trips: [], knownMs: at('8') })), 0, 'its trips are being derived again')
  t.equal(store.judge(facts({ trips: drives.slice(0, 1), knownMs: at('11') })), 0)
  store.found[0]!.closed = true
  t.equal(store.judge(facts({ trips: [] })), 2)
  t.match(store.found[0], { stands: true })
  const moved = [{ ...drives[0]!, distanceM: 12_000 }]
  t.equal(store.judge(facts({ trips: moved })), 0, 'nor is it raised beside it')
})

t.test('a day takes back nothing of the day before', async (t) => {
  const store = new Store()
  store.judge(facts({ trips: drives }))
  t.equal(store.judge(facts({ trips: drives, day: addDays(DAY, 1) })), 0)
  t.equal(store.standing.length, 3)
})

t.test('a state stays one finding until it ends, and another time is another', async (t) => {
  const store = new Store()
  const now = facts().nowMs
  const silent = (heardMs: number) => facts({ heardMs })
  t.equal(store.judge(silent(now - 30 * HOUR), ['R11']), 1)
  t.equal(store.judge(silent(now - 30 * HOUR), ['R11']), 0)
  t.equal(store.judge(silent(now - 1 * HOUR), ['R11']), 1)
  t.same(store.standing, [])
  t.equal(store.judge(silent(now - 26 * HOUR), ['R11']), 1)
  t.equal(store.found.length, 2)
})

t.test('trips and orders in any order, each of them twice, leave the same findings', async () => {
  const event = fc.record({
    kind: fc.constantFrom('trip', 'order'),
    from: fc.integer({ min: 0, max: 40 }),
    length: fc.integer({ min: 1, max: 4 }),
  })
  fc.assert(
    fc.property(
      fc.uniqueArray(event, { maxLength: 8, selector: ({ kind, from }) => `${kind} ${from}` }),
      fc.infiniteStream(fc.nat()),
      (events, order) => {
        const ordered = events
          .filter(
            ({ kind, from }, n) =>
              kind === 'order' || !events.some((other, m) => m < n && other.kind === 'trip' && Math.abs(other.from - from) < 5),
          )
          .map((each) => ({ each, key: order.next().value }))
        const stateOf = (given: typeof ordered): Facts => worldOf(given.map(({ each }) => each))
        const straight = new Store()
        for (const day of [DAY, addDays(DAY, 1)]) straight.judge({ ...stateOf(ordered), ...boundsOf(day) })
        const mixed = new Store()
        const shuffled = [...ordered].sort((a, b) => a.key - b.key)
        for (let n = 1; n <= shuffled.length; n++)
          for (const day of [addDays(DAY, 1), DAY, DAY]) mixed.judge({ ...stateOf(shuffled.slice(0, n)), ...boundsOf(day) })
        const sorted = (store: Store) => JSON.stringify(store.standing.sort((a, b) => a.fromMs - b.fromMs))
        return sorted(straight) === sorted(mixed) && !hasDoubles(mixed)
      },
    ),
    { numRuns: 60 },
  )
})

const boundsOf = (day: string) => {
  const { fromMs, untilMs, day: of } = facts({ day })
  return { fromMs, untilMs, day: of }
}
function worldOf(events: { kind: string; from: number; length: number }[]): Facts {
  const spanOf = ({ from, length }: { from: number; length: number }) =>
    [at('0') + from * HOUR, at('0') + from * HOUR + length * 50 * MIN] as const
  const trips: TripFact[] = events.filter(({ kind }) => kind === 'trip').map((each) => trip(...spanOf(each)))
  const orders = events.flatMap((each, n) => (each.kind === 'order' ? [order(...spanOf(each), { orderId: n })] : []))
  return facts({ trips: trips.sort((a, b) => a.fromMs - b.fromMs), orders: orders.sort((a, b) => a.startsMs - b.startsMs) })
}
const hasDoubles = ({ standing }: Store): boolean =>
  standing.some((a, n) => standing.some((b, m) => m > n && a.fromMs < b.untilMs! && b.fromMs < a.untilMs!))

t.test('values hold from their day on, the nearest organisation’s first; what was judged before keeps what it was judged by', async (t) => {
  const row = (paramsId: number, lft: number, rgt: number, effectiveFrom: string, params: object, enabled = true): ParamsRow => ({
    ...{ paramsId, code: 'R07', lft, rgt, effectiveFrom, enabled, params, class: null },
  })
  const rows = [
    row(1, 1, 100, '2026-01-01', { limitKph: 80 }),
    row(2, 1, 100, '2026-03-03', { limitKph: 90 }),
    row(3, 10, 20, '2026-03-03', { limitKph: 60 }),
  ]
  const limit = (lft: number, day: string) =>
    (paramsFor(rows, 'R07', { unitLft: lft, class: 'official' }, day).params as { limitKph: number }).limitKph
  t.equal(limit(50, '2025-12-31'), 120)
  t.equal(limit(50, '2026-03-02'), 80)
  t.equal(limit(50, '2026-03-03'), 90)
  t.equal(limit(15, '2026-03-02'), 80)
  t.equal(limit(15, '2026-03-03'), 60)
  const off = [...rows, row(4, 10, 20, '2026-03-04', {}, false)]
  t.notOk(rulesFor(off, { unitLft: 15, class: 'official' }, '2026-03-04').some(({ code }) => code === 'R07'))
  t.ok(rulesFor(off, { unitLft: 50, class: 'official' }, '2026-03-04').some(({ code }) => code === 'R07'))
})

t.test('values for a class of vehicles stand before those for all, however near; law enforcement has some of its own', async (t) => {
  const row = (paramsId: number, lft: number, rgt: number, of: VehicleClass | null, limitKph: number): ParamsRow => ({
    ...{ paramsId, code: 'R07', lft, rgt, effectiveFrom: '2026-03-01', enabled: true, params: { limitKph }, class: of },
  })
  const rows = [row(1, 1, 100, null, 90), row(2, 1, 100, 'law_enforcement', 110), row(3, 10, 20, null, 60)]
  const limit = (unitLft: number, of: VehicleClass) =>
    (paramsFor(rows, 'R07', { unitLft, class: of }, '2026-03-03').params as { limitKph: number }).limitKph
  t.same([limit(15, 'official'), limit(50, 'official'), limit(15, 'leased')], [60, 90, 60])
  t.same([limit(15, 'law_enforcement'), limit(50, 'law_enforcement')], [110, 110])
  const grace = (of: VehicleClass) =>
    (paramsFor([], 'R06', { unitLft: 1, class: of }, '2026-03-03').params as { graceMin: number }).graceMin
  t.same([grace('official'), grace('law_enforcement')], [30, 120])
})

t.test('the units of figures and the values of rules have their words in both languages', async (t) => {
  const { unit } = supervisionWords
  t.same(Object.keys(unit).sort(), [...figureUnits].sort())
  const names = ruleCodes.flatMap((code) => Object.keys(defaultParams(code) as object))
  for (const name of names) t.ok(Object.hasOwn(fieldWords, name), name)
  const files = readdirSync(RULES).map((file) => readFileSync(`${RULES}/${file}`, 'utf8'))
  const notes = files.flatMap((file) =>
    [...file.matchAll(/note: '(\w+)'|raise\(.*'(\w+)'\)$/gm)].map(([, noted, raised]) => noted ?? raised!),
  )
  t.ok(notes.length > 8)
  for (const note of notes) t.ok(Object.hasOwn(supervisionWords.note, note), note)
  for (const words of Object.values(supervisionWords))
    for (const [zh, en] of Object.values(words)) t.ok(zh !== '' && !/\p{Script=Han}/u.test(en), en)
})
