// Licences, the working calendar, duty, and whether a driver is fit: the laws, with generated cases.
import fc from 'fast-check'
import t from 'tap'
import { addDays, dayAt, dayStartMs, daysBetween } from '../../services/domain/days.ts'
import { decideDriverFitness, type FitnessCase, type Span } from '../../services/domain/driverFitness.ts'
import { type Duty, dutyStatusAt, isOnDuty, planDay } from '../../services/domain/duty.ts'
import {
  findLicenceClasses,
  isLicenceNo,
  type LicenceClass,
  licenceCheckDigit,
  licenceClasses,
  qualifies,
  sizeOf,
  vehicleSizes,
} from '../../services/domain/licence.ts'
import { maskLicence, maskPhone } from '../../services/domain/masking.ts'
import { WorkCalendar, weekdayOf } from '../../services/domain/workCalendar.ts'

const office = [{ effectiveFrom: '2000-01-01', startMinute: 510, endMinute: 1050, depth: 0 }]
const calendar = new WorkCalendar(
  [2026],
  [
    { day: '2026-02-14', kind: 'makeup', name: '春节调休上班', depth: 0 },
    { day: '2026-02-17', kind: 'holiday', name: '春节', depth: 0 },
    { day: '2026-07-15', kind: 'holiday', name: '那达慕', depth: 5 },
    { day: '2026-07-16', kind: 'workday', name: '值班', depth: 0 },
    { day: '2026-07-16', kind: 'holiday', name: '那达慕', depth: 5 },
  ],
  office,
)
const free: Duty = { shifts: [], dutyDays: [], leaves: [] }
const anyDay = fc.integer({ min: 0, max: 364 }).map((n) => addDays('2026-01-01', n))
const at = (day: string, minute: number) => dayStartMs(day) + minute * 60_000

t.test('a licence that drives a larger class drives a smaller one of the same kind', async (t) => {
  for (const licence of licenceClasses) {
    const may = (size: (typeof vehicleSizes)[number]) => qualifies([licence], size, true) === 'qualified'
    if (may('large')) t.ok(may('medium') && may('small'), licence)
    if (may('medium')) t.ok(may('small'), licence)
  }
  t.equal(qualifies(['C1'], 'medium', false), 'wrong_class')
  t.equal(qualifies(['B1'], 'medium', null), 'qualified')
  t.equal(qualifies(['A2'], 'large', null), 'wrong_class')
  t.equal(qualifies(['C2'], 'small', true), 'qualified')
  t.equal(qualifies(['C2'], 'small', null), 'gearbox_unknown')
  t.equal(qualifies(['C2'], 'small', false), 'wrong_class')
  t.equal(qualifies(['C2', 'B2'], 'small', null), 'qualified')
  t.same(
    [5, 9, 10, 19, 20, 45].map((seats) => sizeOf({ bodyType: null, seats })),
    ['small', 'small', 'medium', 'medium', 'large', 'large'],
  )
  t.equal(sizeOf({ bodyType: 'truck', seats: 3 }), 'truck')
})

t.test('another class in the licence never takes anything away', async () => {
  const some = fc.uniqueArray(fc.constantFrom(...licenceClasses), { minLength: 1, maxLength: 4 })
  const rank = { wrong_class: 0, gearbox_unknown: 1, qualified: 2 }
  fc.assert(
    fc.property(
      some,
      fc.constantFrom(...licenceClasses),
      fc.constantFrom(...vehicleSizes),
      fc.constantFrom(true, false, null),
      (held, more, size, gear) => rank[qualifies([...held, more], size, gear)] >= rank[qualifies(held, size, gear)],
    ),
  )
})

t.test('licence classes are read one after another, and nothing else is', async (t) => {
  t.same(findLicenceClasses('A1A2'), ['A1', 'A2'])
  t.same(findLicenceClasses('C1D'), ['C1', 'D'])
  for (const text of ['', 'A', 'A4', 'C1C1', 'C1 D', 'c1', 'B3', 'A1,A2']) t.equal(findLicenceClasses(text), undefined, text)
})

t.test('a licence number whose digit was mistyped is none', async (t) => {
  t.ok(isLicenceNo('11010519491231002X'), 'the example of GB 11643')
  const number = fc.tuple(fc.integer({ min: 110000, max: 659999 }), anyDay, fc.integer({ min: 0, max: 999 })).map(([area, day, serial]) => {
    const seventeen = `${area}${day.replaceAll('-', '')}${String(serial).padStart(3, '0')}`
    return seventeen + licenceCheckDigit(seventeen)
  })
  fc.assert(fc.property(number, isLicenceNo))
  fc.assert(
    fc.property(number, fc.integer({ min: 0, max: 16 }), fc.integer({ min: 1, max: 9 }), (sound, where, by) => {
      const digit = (Number(sound[where]) + by) % 10
      return !isLicenceNo(`${sound.slice(0, where)}${digit}${sound.slice(where + 1)}`)
    }),
  )
})

t.test('masks keep the ends, hide the rest, and never show a short number', async () => {
  const digits = (min: number, max: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: min, maxLength: max })
  fc.assert(fc.property(digits(11, 11), (phone) => maskPhone(phone) === `${phone.slice(0, 3)}****${phone.slice(-4)}`))
  fc.assert(fc.property(digits(0, 7), (short) => /^\*+$/.test(maskPhone(short)) && /^\*+$/.test(maskLicence(short))))
  fc.assert(fc.property(digits(18, 18), (no) => maskLicence(no).includes('********') && !maskLicence(no).includes(no.slice(6, 14))))
})

t.test('a day of a known year is what its row or its weekday says; of an unknown year nothing is said', async (t) => {
  fc.assert(
    fc.property(anyDay, (day) => {
      const kind = calendar.dayKind(day)
      const row = calendar.findRow(day)
      return row ? kind === (row.kind === 'holiday' ? 'holiday' : 'workday') : kind === (weekdayOf(day) < 5 ? 'workday' : 'holiday')
    }),
  )
  fc.assert(fc.property(fc.integer({ min: 0, max: 3000 }), (n) => calendar.dayKind(addDays('2027-01-01', n)) === 'unknown'))
  t.equal(calendar.dayKind('2026-02-14'), 'workday')
  t.equal(calendar.dayKind('2026-07-15'), 'holiday')
  t.equal(calendar.dayKind('2026-07-16'), 'holiday', 'the nearer row')
  t.equal(calendar.isWorkTime(at('2026-03-02', 510)), true)
  t.equal(calendar.isWorkTime(at('2026-03-02', 1050)), false)
  t.equal(calendar.isWorkTime(at('2027-03-02', 600)), 'unknown')
})

t.test('days follow one another, and an instant belongs to the day that holds it', async () => {
  fc.assert(fc.property(anyDay, fc.integer({ min: 0, max: 1439 }), (day, minute) => dayAt(at(day, minute)) === day))
  fc.assert(fc.property(anyDay, fc.nat(60), (day, n) => daysBetween(day, addDays(day, n)).length === n + 1))
})

t.test('leave comes before a single day, a single day before the week, the week before office hours', async (t) => {
  const duty: Duty = {
    shifts: [
      { weekdays: 0b1000000, startMinute: 480, endMinute: 960, followsCalendar: false, fromDay: '2026-03-01', untilDay: '2026-03-31' },
    ],
    dutyDays: [
      { day: '2026-03-03', startMinute: 600, endMinute: 700 },
      { day: '2026-03-08', startMinute: null, endMinute: null },
      { day: '2026-03-10', startMinute: 600, endMinute: 700 },
    ],
    leaves: [{ kind: 'sick', fromDay: '2026-03-10', untilDay: '2026-03-11' }],
  }
  const status = (day: string) => planDay(day, duty, calendar).status
  t.equal(status('2026-03-10'), 'leave')
  t.equal(status('2026-03-03'), 'duty')
  t.equal(status('2026-03-08'), 'off', 'a Sunday set off')
  t.equal(status('2026-03-01'), 'duty', 'a Sunday of the shift')
  t.equal(status('2026-03-02'), 'off', 'a Monday is not of the shift')
  t.equal(status('2026-04-01'), 'duty', 'the shift is over: office hours')
  t.equal(
    planDay('2027-03-08', { ...free, shifts: [{ ...duty.shifts[0]!, untilDay: null }] }, calendar).status,
    'off',
    'a week that needs no calendar',
  )
  t.equal(planDay('2027-03-08', free, calendar).status, 'unknown')
})

t.test('a night shift reaches into the next day', async (t) => {
  const duty: Duty = {
    ...free,
    shifts: [{ weekdays: 1, startMinute: 1200, endMinute: 1800, followsCalendar: false, fromDay: '2026-01-01', untilDay: null }],
  }
  t.equal(isOnDuty(at('2026-03-02', 1200), at('2026-03-03', 360), duty, calendar), true)
  t.equal(isOnDuty(at('2026-03-02', 1200), at('2026-03-03', 361), duty, calendar), false)
  t.equal(dutyStatusAt(at('2026-03-03', 60), 'active', duty, calendar), 'on_duty')
  t.equal(dutyStatusAt(at('2026-03-03', 60), 'suspended', duty, calendar), 'suspended')
})

t.test('on duty for a whole is on duty for every part of it', async () => {
  const span = fc.tuple(anyDay, fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 2, max: 900 }), fc.nat(), fc.nat())
  fc.assert(
    fc.property(span, ([day, start, length, a, b]) => {
      const [from, until] = [at(day, start), at(day, start + length)]
      if (isOnDuty(from, until, free, calendar) !== true) return true
      const [x, y] = [a % length, b % length].sort((p, q) => p - q) as [number, number]
      return x === y || isOnDuty(from + x * 60_000, from + y * 60_000, free, calendar) === true
    }),
  )
})

const sound: FitnessCase = {
  driver: { state: 'active', licenceClasses: ['C1'], licenceExpiresOn: '2030-01-01', duty: free, loans: [] },
  vehicle: { size: 'small', automatic: null },
  window: { fromMs: at('2026-03-02', 540), untilMs: at('2026-03-02', 720) },
  busy: [],
  driving: [],
  drivingMin: 120,
  limits: { dayMin: 480, continuousMin: 240, restMin: 20, weekMin: null },
  calendar,
  askedBy: new Set(),
}
const codes = (given: FitnessCase) => decideDriverFitness(given).reasons.map((reason) => reason.code)

t.test('each thing that is wrong is a reason of its own, and all are given', async (t) => {
  t.same(decideDriverFitness(sound), { fit: true, reasons: [] })
  const driver = (more: Partial<FitnessCase['driver']>) => ({ ...sound, driver: { ...sound.driver, ...more } })
  t.same(codes(driver({ state: 'suspended' })), ['SUSPENDED'])
  t.same(codes(driver({ licenceClasses: null })), ['LICENCE_MISSING'])
  t.same(codes(driver({ licenceExpiresOn: '2026-03-01' })), ['LICENCE_EXPIRED'])
  t.same(codes(driver({ licenceExpiresOn: '2026-03-02' })), [], 'valid through its last day')
  t.same(codes({ ...sound, vehicle: { size: 'large', automatic: null } }), ['LICENCE_CLASS'])
  t.same(codes(driver({ loans: [{ organisationId: 7, fromDay: '2026-03-01', untilDay: null }] })), ['LENT_AWAY'])
  t.same(codes({ ...driver({ loans: [{ organisationId: 7, fromDay: '2026-03-01', untilDay: null }] }), askedBy: new Set([7]) }), [])
  t.same(codes({ ...sound, busy: [sound.window] }), ['BUSY'])
  const leave = { kind: 'annual' as const, fromDay: '2026-03-02', untilDay: '2026-03-02' }
  t.same(codes({ ...driver({ duty: { ...free, leaves: [leave] }, state: 'retired' }), busy: [sound.window] }), [
    'RETIRED',
    'BUSY',
    'ON_LEAVE',
  ])
})

t.test('four hours at the wheel want a rest of twenty minutes, before or on the way', async (t) => {
  const drove = (from: number, until: number): Span => ({ fromMs: at('2026-03-02', from), untilMs: at('2026-03-02', until) })
  const window = drove(750, 930)
  t.same(codes({ ...sound, window, driving: [drove(520, 740)], drivingMin: 170 }), ['CONTINUOUS_HOURS'], 'ten minutes are no rest')
  t.same(codes({ ...sound, window, driving: [drove(520, 730)], drivingMin: 170 }), [], 'twenty are')
  t.same(codes({ ...sound, window, driving: [drove(520, 740)], drivingMin: 20 }), [], 'exactly four hours')
  t.same(codes({ ...sound, window, driving: [drove(520, 740)], drivingMin: 160 }), [], 'the window leaves room for the rest')
  t.same(codes({ ...sound, window, driving: [drove(500, 745)], drivingMin: null }), ['CONTINUOUS_HOURS'])
  t.same(codes({ ...sound, window, driving: [drove(60, 510)], drivingMin: 31 }), ['DAY_HOURS'])
  t.same(codes({ ...sound, window, driving: [drove(60, 510)], drivingMin: 30 }), [])
})

t.test(
  'what orders take of a day and a week counts, over midnight as well, and one long trip alone is not refused for its length',
  async (t) => {
    const span = (day: string, from: number, until: number): Span => ({ fromMs: at(day, from), untilMs: at(day, until) })
    const night: Duty = {
      ...free,
      shifts: [{ weekdays: 127, startMinute: 0, endMinute: 1440, followsCalendar: false, fromDay: '2020-01-01', untilDay: null }],
    }
    const limits = { ...sound.limits, weekMin: 2_400 }
    const judged = (window: Span, driving: Span[]) =>
      decideDriverFitness({ ...sound, driver: { ...sound.driver, duty: night }, window, driving, drivingMin: null, limits }).reasons
    t.same(judged(span('2026-03-02', 480, 1_080), []), [], 'ten hours, and nothing else that day')
    const five = span('2026-03-02', 360, 660)
    t.same(judged(span('2026-03-02', 720, 900), [five]), [], 'five and three are eight')
    t.same(judged(span('2026-03-02', 720, 930), [five]), [
      { code: 'DAY_HOURS', detail: { day: '2026-03-02', given: 300, minutes: 510, limit: 480 } },
    ])
    const overMidnight = span('2026-03-02', 1_260, 1_680)
    t.same(judged(span('2026-03-03', 600, 840), [overMidnight]), [], 'four of its hours are of the next day')
    t.same(judged(span('2026-03-03', 600, 860), [overMidnight]), [
      { code: 'DAY_HOURS', detail: { day: '2026-03-03', given: 240, minutes: 500, limit: 480 } },
    ])
    t.same(judged(span('2026-03-02', 1_260, 1_680), [span('2026-03-03', 600, 900)]), [
      { code: 'DAY_HOURS', detail: { day: '2026-03-03', given: 300, minutes: 540, limit: 480 } },
    ])
    const week = ['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05'].map((day) => span(day, 480, 960))
    t.same(judged(span('2026-03-08', 480, 960), week), [], 'five days of eight hours are forty')
    const [sixth] = judged(span('2026-03-08', 480, 960), [...week, span('2026-03-06', 480, 500)])
    t.same(sixth, { code: 'WEEK_HOURS', detail: { day: '2026-03-02', given: 1_940, minutes: 2_420, limit: 2_400 } })
    t.same(judged(span('2026-03-09', 480, 960), [...week, span('2026-03-06', 480, 960)]), [], 'a new week on Monday')
    t.same(
      judged(span('2026-03-06', 480, 960), [{ fromMs: at('2026-03-02', 480), untilMs: at('2026-03-04', 1_080) }]),
      [],
      'eight a day on the way',
    )
  },
)

t.test('who is fit with more driving behind him is fit with less', async () => {
  const spans = fc.array(fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 120 })), { maxLength: 8 })
  fc.assert(
    fc.property(spans, fc.integer({ min: 0, max: 180 }), fc.nat(), (list, drivingMin, drop) => {
      const driving = list.map(
        ([from, length]): Span => ({ fromMs: at('2026-03-02', from), untilMs: at('2026-03-02', Math.min(from + length, 540)) }),
      )
      const given = { ...sound, driving, drivingMin }
      if (!decideDriverFitness(given).fit || driving.length === 0) return true
      return decideDriverFitness({ ...given, driving: driving.filter((_, n) => n !== drop % driving.length) }).fit
    }),
  )
})

t.test('a fit driver stays fit with a better licence', async () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.constantFrom<LicenceClass>(...licenceClasses), { minLength: 1 }),
      fc.constantFrom(...vehicleSizes),
      (held, size) => {
        const given = (licences: LicenceClass[]) => ({
          ...sound,
          vehicle: { size, automatic: null },
          driver: { ...sound.driver, licenceClasses: licences },
        })
        return !decideDriverFitness(given(held)).fit || decideDriverFitness(given([...held, 'A1'])).fit
      },
    ),
  )
})
