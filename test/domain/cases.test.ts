// Cases: whether a look stands within one, and whom it takes to release a vehicle.
import fc from 'fast-check'
import t from 'tap'
import {
  type CaseStanding,
  caseNumber,
  caseStates,
  caseVehicleStates,
  findCaseProblem,
  needsRelease,
  type Span,
} from '../../services/domain/cases.ts'
import { vehicleClasses } from '../../services/domain/vehicle.ts'

const span = fc
  .tuple(fc.nat(1_000), fc.integer({ min: 1, max: 1_000 }))
  .map(([fromMs, length]): Span => ({ fromMs, untilMs: fromMs + length }))
const standing = fc.record({
  state: fc.constantFrom(...caseStates),
  period: span,
  vehicle: fc.option(fc.record({ state: fc.constantFrom(...caseVehicleStates), released: fc.option(span) })),
})
const within = (inner: Span, outer: Span) => inner.fromMs >= outer.fromMs && inner.untilMs <= outer.untilMs

t.test('a look stands within a case only while that is open, holds the vehicle released, and covers every instant of it', async () => {
  fc.assert(
    fc.property(standing, span, ({ state, period, vehicle }, asked) => {
      const stands = findCaseProblem({ state, vehicle, ...period } satisfies CaseStanding, asked) === undefined
      const released = vehicle?.state === 'OPEN' || (vehicle?.state === 'RELEASED' && !!vehicle.released && within(asked, vehicle.released))
      return stands === (state === 'OPEN' && released && within(asked, period))
    }),
  )
})

t.test('each reason names what would have to change', async (t) => {
  const whole = { fromMs: 0, untilMs: 100 }
  const of = (more: Partial<CaseStanding>, asked: Span = { fromMs: 10, untilMs: 20 }) =>
    findCaseProblem({ state: 'OPEN', ...whole, vehicle: { state: 'OPEN', released: null }, ...more }, asked)
  t.equal(of({}), undefined)
  t.equal(of({}, whole), undefined, 'up to its borders')
  t.equal(of({}, { fromMs: 10, untilMs: 101 }), 'case.period')
  t.equal(of({ state: 'CLOSED' }), 'case.closed')
  t.equal(of({ vehicle: null }), 'case.vehicle')
  t.equal(of({ vehicle: { state: 'OUT', released: null } }), 'case.vehicle')
  t.equal(of({ vehicle: { state: 'WAITING', released: null } }), 'case.waits')
  t.equal(of({ vehicle: { state: 'REFUSED', released: null } }), 'case.refused')
  t.equal(of({ vehicle: { state: 'RELEASED', released: { fromMs: 0, untilMs: 15 } } }), 'case.releasedPeriod', 'what was released was less')
})

t.test('law enforcement waits for a second person; a number has its year and four digits', async (t) => {
  t.same(vehicleClasses.filter(needsRelease), ['law_enforcement'])
  t.equal(caseNumber(2026, 7), '案〔2026〕0007')
})
