// One grid over all rules of events: each raises, stays calm, holds its boundary, and is the same whatever the order of arrival; a gap, an order that was approved afterwards,
// midnight, a holiday and a year that nobody announced are said for each that they concern. What cannot be judged says so.
import t from 'tap'
import { addDays } from '../../services/domain/days.ts'
import { type RuleCode, ruleCodes } from '../../services/domain/supervision/codes.ts'
import type { Facts, FixFact, MeetingFact, PlaceFact, StayFact } from '../../services/domain/supervision/facts.ts'
import { judgeDay, type UnjudgedReason } from '../../services/domain/supervision/rule.ts'
import { defaultParams, rules } from '../../services/domain/supervision/rules.ts'
import type { VehicleClass } from '../../services/domain/vehicle.ts'
import { WorkCalendar } from '../../services/domain/workCalendar.ts'
import { at, DAY, facts, fix, HOUR, hours, MIN, off, order, trip, YARD } from './supervisionFacts.ts'

const kinds = ['raise', 'calm', 'boundary', 'late', 'gap', 'ratified', 'midnight', 'holiday', 'unknown year', 'shift'] as const
/** What is found: how many, by their first instant where one is given; and what could not be judged. */
type Case = {
  kind: (typeof kinds)[number]
  say: string
  of: Partial<Facts>
  found: number | number[]
  cannot?: UnjudgedReason[]
  params?: object
}

const NEXT = addDays(DAY, 1)
const SUNDAY = '2026-03-08'
const unknown = new WorkCalendar([], [], hours)
const drive = trip(at('10'), at('11'))
const run = (from: number, minutes: number, more: Partial<FixFact> | ((n: number) => Partial<FixFact>) = {}, place = YARD): FixFact[] =>
  Array.from({ length: minutes + 1 }, (_, n) => fix(from + n * MIN, place, typeof more === 'function' ? more(n) : more))
const stay = (from: number, until: number, place = YARD, sure = true): StayFact => ({ fromMs: from, untilMs: until, at: place, sure })
const border: PlaceFact = {
  ...{ kind: 'border', sensitiveKind: null, name: '旗界' },
  shape: { type: 'polygon', ring: [off(-50_000, -50_000), off(0, -50_000), off(0, 50_000), off(-50_000, 50_000), off(-50_000, -50_000)] },
}
const lot: PlaceFact = { kind: 'lot', sensitiveKind: null, name: '车场', shape: { type: 'circle', centre: YARD, radiusM: 100 } }
const hotel: PlaceFact = {
  kind: 'sensitive',
  sensitiveKind: 'hotel',
  name: '某宾馆',
  shape: { type: 'circle', centre: off(5_000), radiusM: 50 },
}
const law = (more: Partial<Facts>): Partial<Facts> => ({ vehicle: { ...facts().vehicle, class: 'law_enforcement' }, ...more })
const fast = { slowestKph: 140, fastestKph: 140 }
const still = { slowestKph: 0, fastestKph: 0 }
const card = (clock: string, driverId: number | null, on = true) => ({ atMs: at(clock), driverId, on })
const fill = (clock: string, more = {}) => ({ atMs: at(clock), litres: null, at: null, orderId: null, ...more })
const mornings = (days: number[]) => days.map((n) => stay(at('7:30', addDays(DAY, -n)), at('7:40', addDays(DAY, -n)), off(4_000)))
const nights = (days: number[], place = off(4_000), sure = true) =>
  days.map((n) => stay(at('21', addDays(DAY, -n)), at('7', addDays(DAY, 1 - n)), place, sure))
const meeting = (n: number, until: string, more: Partial<MeetingFact> = {}): MeetingFact => ({
  ...{ fromMs: at('12', addDays(DAY, -n)), untilMs: at(until, addDays(DAY, -n)), otherId: 8, at: off(4_000), otherAt: off(4_050) },
  ...more,
})
const usual = Array.from({ length: 40 }, (_, n) => stay(at('9', addDays(DAY, -1 - (n % 20))) + n, at('10', addDays(DAY, -1 - (n % 20)))))

const grid: Partial<Record<RuleCode, Case[]>> = {
  R01: [
    { kind: 'boundary', say: '500 m in two minutes', of: { trips: [trip(at('10'), at('10:02'), { distanceM: 500 })] }, found: 0 },
    { kind: 'boundary', say: '501 m', of: { trips: [trip(at('10'), at('10:02'), { distanceM: 501 })] }, found: 1 },
    { kind: 'raise', say: 'no order at all', of: { trips: [drive] }, found: [at('10')] },
    {
      kind: 'ratified',
      say: 'an emergency approved afterwards covers it from its planned time on',
      of: { trips: [drive], orders: [order(at('10'), at('12'), { emergency: { ratifyByMs: at('20'), ratifiedMs: at('19') } })] },
      found: 0,
    },
    {
      kind: 'midnight',
      say: 'begun at 23:50, it is found that evening',
      of: { trips: [trip(at('23:50'), at('0:30', NEXT))] },
      found: [at('23:50')],
    },
    {
      kind: 'shift',
      say: 'law enforcement on a shift',
      of: law({ trips: [drive], shifts: [{ fromMs: at('8'), untilMs: null, driverId: 7 }] }),
      found: 0,
    },
    {
      kind: 'shift',
      say: 'a shift that nobody handed over for three days is none',
      of: law({ trips: [drive], shifts: [{ fromMs: at('9', addDays(DAY, -3)), untilMs: null, driverId: 7 }] }),
      found: 1,
    },
    {
      kind: 'shift',
      say: 'of an official vehicle a shift is no reason',
      of: { trips: [drive], shifts: [{ fromMs: at('8'), untilMs: null, driverId: 7 }] },
      found: 1,
    },
    {
      kind: 'calm',
      say: 'in the field two kilometres are a manoeuvre',
      of: law({ trips: [trip(at('10'), at('10:05'), { distanceM: 2_000 })] }),
      found: 0,
    },
  ],
  R02: [
    { kind: 'raise', say: 'at eight in the evening', of: { trips: [trip(at('20'), at('21'))] }, found: [at('20')] },
    { kind: 'boundary', say: 'at the minute at which office hours end', of: { trips: [trip(at('17'), at('17:30'))] }, found: 0 },
    {
      kind: 'midnight',
      say: 'before office hours of the next day it is the evening’s',
      of: { trips: [trip(at('23:30'), at('0:30', NEXT))] },
      found: [at('23:30')],
    },
    {
      kind: 'holiday',
      say: 'a free day is not this rule’s',
      of: { day: SUNDAY, trips: [trip(at('12', SUNDAY), at('13', SUNDAY))] },
      found: 0,
    },
    {
      kind: 'unknown year',
      say: 'nobody announced it',
      of: { calendar: unknown, trips: [trip(at('20'), at('21'))] },
      found: 0,
      cannot: ['calendar'],
    },
    {
      kind: 'shift',
      say: 'a night shift of law enforcement',
      of: law({ trips: [trip(at('20'), at('21'))], shifts: [{ fromMs: at('18'), untilMs: at('6', NEXT), driverId: 7 }] }),
      found: 0,
    },
  ],
  R03: [
    { kind: 'raise', say: 'sealed, and it moved', of: { trips: [drive], seals: [{ fromMs: at('0'), untilMs: at('0', NEXT) }] }, found: 1 },
    {
      kind: 'boundary',
      say: '200 m in the yard',
      of: { trips: [trip(at('10'), at('10:05'), { distanceM: 200 })], seals: [{ fromMs: at('0'), untilMs: null }] },
      found: 0,
    },
    { kind: 'holiday', say: 'a Sunday without an order', of: { day: SUNDAY, trips: [trip(at('12', SUNDAY), at('13', SUNDAY))] }, found: 1 },
    {
      kind: 'holiday',
      say: 'an order that was planned for it',
      of: { day: SUNDAY, trips: [trip(at('12', SUNDAY), at('13', SUNDAY))], orders: [order(at('11', SUNDAY), at('14', SUNDAY))] },
      found: 0,
    },
    {
      kind: 'unknown year',
      say: 'nobody announced it',
      of: { day: SUNDAY, calendar: unknown, trips: [trip(at('12', SUNDAY), at('13', SUNDAY))] },
      found: 0,
      cannot: ['calendar'],
    },
    {
      kind: 'midnight',
      say: 'sealed from midnight on, what was driven before is not it',
      of: { day: NEXT, trips: [trip(at('23', DAY), at('0:30', NEXT))], seals: [{ fromMs: at('0', NEXT), untilMs: null }] },
      found: [at('0', NEXT)],
    },
  ],
  R04: [
    {
      kind: 'raise',
      say: 'ten minutes 2 km beyond',
      of: { places: [border], fixes: run(at('10'), 10, {}, off(2_000)) },
      found: [at('10')],
    },
    { kind: 'boundary', say: 'within the buffer', of: { places: [border], fixes: run(at('10'), 10, {}, off(990)) }, found: 0 },
    { kind: 'calm', say: 'two reports are a receiver’s', of: { places: [border], fixes: run(at('10'), 1, {}, off(2_000)) }, found: 0 },
    { kind: 'gap', say: 'no border is drawn', of: { fixes: run(at('10'), 10, {}, off(2_000)) }, found: 0, cannot: ['border'] },
    {
      kind: 'late',
      say: 'moments are not kept any more',
      of: { places: [border], trips: [drive], fixesKept: false },
      found: 0,
      cannot: ['track'],
    },
  ],
  R05: [
    {
      kind: 'raise',
      say: '15 km beside the way for twenty minutes',
      of: { orders: [order(at('9'), at('12'))], fixes: run(at('10'), 20, {}, off(10_000, 15_000)) },
      found: 1,
    },
    {
      kind: 'boundary',
      say: 'nine minutes',
      of: { orders: [order(at('9'), at('12'))], fixes: run(at('10'), 9, {}, off(10_000, 15_000)) },
      found: 0,
    },
    {
      kind: 'gap',
      say: 'a silence of eleven minutes ends it',
      of: {
        orders: [order(at('9'), at('12'))],
        fixes: [...run(at('10'), 6, {}, off(10_000, 15_000)), ...run(at('10:18'), 6, {}, off(10_000, 15_000))],
      },
      found: 0,
    },
    {
      kind: 'gap',
      say: 'no coordinates of the stops',
      of: { orders: [order(at('9'), at('12'), { stops: [] })] },
      found: 0,
      cannot: ['destination'],
    },
  ],
  R06: [
    { kind: 'raise', say: 'back an hour late', of: { orders: [order(at('9'), at('12'), { returnedMs: at('13') })] }, found: [at('12:30')] },
    { kind: 'boundary', say: 'back half an hour late', of: { orders: [order(at('9'), at('12'), { returnedMs: at('12:30') })] }, found: 0 },
    {
      kind: 'midnight',
      say: 'due after midnight, it is the next day’s',
      of: { orders: [order(at('20'), at('23:45'), { returnedMs: at('2', NEXT) })] },
      found: 0,
    },
  ],
  R07: [
    { kind: 'raise', say: 'a minute at 140', of: { fixes: run(at('10'), 1, fast) }, found: [at('10')] },
    { kind: 'boundary', say: '125 is what a meter may be off by', of: { fixes: run(at('10'), 5, { slowestKph: 125 }) }, found: 0 },
    {
      kind: 'gap',
      say: 'two reports with a quarter of an hour between',
      of: { fixes: [fix(at('10'), YARD, fast), fix(at('10:15'), YARD, fast)] },
      found: 0,
    },
    { kind: 'calm', say: 'speeds were not sent', of: { fixes: run(at('10'), 5, { slowestKph: null, fastestKph: null }) }, found: 0 },
  ],
  R08: [
    { kind: 'boundary', say: 'four hours', of: { trips: [trip(at('8'), at('12'))] }, found: 0 },
    { kind: 'raise', say: 'four hours and a minute', of: { trips: [trip(at('8'), at('12:01'))] }, found: [at('8')] },
    { kind: 'midnight', say: 'over midnight it is the evening’s', of: { trips: [trip(at('21'), at('2', NEXT))] }, found: [at('21')] },
  ],
  R09: [
    { kind: 'raise', say: 'a quarter of an hour', of: { places: [hotel], stays: [stay(at('12'), at('12:15'), off(5_000))] }, found: 1 },
    { kind: 'boundary', say: 'fourteen minutes', of: { places: [hotel], stays: [stay(at('12'), at('12:14'), off(5_000))] }, found: 0 },
    {
      kind: 'gap',
      say: 'moved unseen',
      of: { places: [hotel], stays: [stay(at('12'), at('13'), off(5_000), false)] },
      found: 0,
      cannot: ['moved'],
    },
    {
      kind: 'ratified',
      say: 'an order approved afterwards that leads there',
      of: {
        places: [hotel],
        stays: [stay(at('12'), at('13'), off(5_000))],
        orders: [order(at('11'), at('14'), { stops: [off(5_000)], emergency: { ratifyByMs: at('20'), ratifiedMs: at('19') } })],
      },
      found: 0,
    },
  ],
  R10: [
    {
      kind: 'raise',
      say: 'a night elsewhere',
      of: { places: [lot], stays: [stay(at('19'), at('7', NEXT), off(3_000))] },
      found: [at('20')],
    },
    { kind: 'boundary', say: 'an hour but a minute', of: { places: [lot], stays: [stay(at('19'), at('20:59'), off(3_000))] }, found: 0 },
    {
      kind: 'midnight',
      say: 'after midnight it is the evening’s before',
      of: { day: NEXT, places: [lot], stays: [stay(at('19'), at('7', NEXT), off(3_000))] },
      found: 0,
    },
    { kind: 'gap', say: 'no lot is drawn', of: { stays: [stay(at('19'), at('7', NEXT), off(3_000))] }, found: 0, cannot: ['lots'] },
    {
      kind: 'shift',
      say: 'out on a shift',
      of: law({
        places: [lot],
        stays: [stay(at('19'), at('7', NEXT), off(3_000))],
        shifts: [{ fromMs: at('18'), untilMs: at('8', NEXT), driverId: 7 }],
      }),
      found: 0,
    },
  ],
  R12: [
    { kind: 'raise', say: 'five minutes', of: { fixes: run(at('10'), 5, { alarms: 256 }) }, found: [at('10')] },
    { kind: 'boundary', say: 'four', of: { fixes: run(at('10'), 4, { alarms: 256 }) }, found: 0 },
    {
      kind: 'gap',
      say: 'a silence of a quarter of an hour is not known',
      of: { fixes: [...run(at('10'), 3, { alarms: 256 }), ...run(at('10:18'), 3, { alarms: 256 })] },
      found: 0,
    },
    { kind: 'calm', say: 'in the field half an hour is nothing', of: law({ fixes: run(at('10'), 29, { alarms: 256 }) }), found: 0 },
  ],
  R13: [
    {
      kind: 'raise',
      say: 'a sixth more',
      of: { trips: [trip(at('9'), at('12'), { distanceM: 50_000, trackM: 50_000, odometerM: 60_000 })] },
      found: 1,
    },
    {
      kind: 'boundary',
      say: 'below 20 km',
      of: { trips: [trip(at('9'), at('12'), { distanceM: 10_000, trackM: 10_000, odometerM: 19_000 })] },
      found: 0,
    },
    { kind: 'gap', say: 'no odometer', of: { trips: [trip(at('9'), at('12'), { odometerM: null })] }, found: 0, cannot: ['odometer'] },
  ],
  R14: [
    { kind: 'raise', say: 'two fills on one day', of: { fills: [fill('10'), fill('18')] }, found: [at('18')], cannot: ['fuel', 'fuel'] },
    {
      kind: 'midnight',
      say: 'one before and one after midnight',
      of: { fills: [fill('23:50'), { ...fill('0'), atMs: at('0:10', NEXT) }] },
      found: 0,
      cannot: ['fuel'],
    },
    { kind: 'gap', say: 'nobody saw where it was', of: { fills: [fill('10', { at: off(50_000) })] }, found: 0, cannot: ['fuel'] },
    {
      kind: 'boundary',
      say: 'as much as the tank holds',
      of: { vehicle: { ...facts().vehicle, tankL: 60 }, fills: [fill('10', { litres: 60 })] },
      found: 0,
      cannot: ['fuel'],
    },
    {
      kind: 'boundary',
      say: 'a litre more',
      of: { vehicle: { ...facts().vehicle, tankL: 60 }, fills: [fill('10', { litres: 61 })] },
      found: 1,
      cannot: ['fuel'],
    },
  ],
  R15: [
    { kind: 'raise', say: 'the card of another', of: { orders: [order(at('9'), at('12'))], logins: [card('9', 8)] }, found: [at('9')] },
    {
      kind: 'boundary',
      say: 'for a quarter of an hour',
      of: { orders: [order(at('9'), at('12'))], logins: [card('9', 8), card('9:15', 7)] },
      found: 0,
    },
    { kind: 'gap', say: 'no card', of: { orders: [order(at('9'), at('12'))], logins: [] }, found: 0, cannot: ['login'] },
    {
      kind: 'shift',
      say: 'the card of another than who has the shift',
      of: law({ shifts: [{ fromMs: at('8'), untilMs: at('20'), driverId: 7 }], logins: [card('8:30', 8)] }),
      found: [at('8:30')],
    },
  ],
  R16: [
    {
      kind: 'raise',
      say: 'never nearer than 11 km',
      of: { orders: [order(at('9'), at('10'))], trips: [trip(at('9'), at('10'))], fixes: run(at('9'), 60, {}, off(9_000)) },
      found: 1,
    },
    {
      kind: 'boundary',
      say: '2 km from it',
      of: { orders: [order(at('9'), at('10'))], trips: [trip(at('9'), at('10'))], fixes: run(at('9'), 60, {}, off(18_050)) },
      found: 0,
    },
    {
      kind: 'gap',
      say: 'a hole of half an hour',
      of: {
        orders: [order(at('9'), at('10'))],
        trips: [trip(at('9'), at('10'))],
        fixes: [fix(at('9'), YARD), fix(at('9:40'), YARD), fix(at('10'), YARD)],
      },
      found: 0,
      cannot: ['track'],
    },
    {
      kind: 'late',
      say: 'its trips are still being derived',
      of: {
        orders: [order(at('9'), at('10'))],
        trips: [trip(at('9'), at('10'))],
        fixes: run(at('9'), 60, {}, off(9_000)),
        knownMs: at('9:30'),
      },
      found: 0,
      cannot: ['track'],
    },
  ],
  R17: [
    { kind: 'raise', say: 'three mornings of a fortnight', of: { stays: mornings([8, 1, 0]) }, found: 1 },
    { kind: 'boundary', say: 'two', of: { stays: mornings([1, 0]) }, found: 0 },
    { kind: 'boundary', say: 'the first a fortnight ago', of: { stays: mornings([14, 1, 0]) }, found: 0 },
  ],
  R19: [
    {
      kind: 'raise',
      say: 'half an hour 30 km away',
      of: { stays: [...usual, stay(at('12'), at('12:30'), off(30_000))] },
      found: [at('12')],
    },
    { kind: 'boundary', say: 'not quite', of: { stays: [...usual, stay(at('12'), at('12:29'), off(30_000))] }, found: 0 },
    { kind: 'gap', say: 'moved unseen', of: { stays: [...usual, stay(at('12'), at('14'), off(30_000), false)] }, found: 0 },
  ],
  R21: [
    { kind: 'raise', say: 'twenty minutes', of: { fixes: run(at('10'), 20, still) }, found: [at('10')] },
    { kind: 'boundary', say: 'nineteen', of: { fixes: run(at('10'), 19, still) }, found: 0 },
    { kind: 'midnight', say: 'over midnight it is the evening’s', of: { day: NEXT, fixes: run(at('23:50'), 40, still) }, found: 0 },
    { kind: 'calm', say: 'an hour in the winter of the field', of: law({ fixes: run(at('10'), 59, still) }), found: 0 },
  ],
  R23: [
    {
      kind: 'raise',
      say: 'nobody approved it',
      of: { orders: [order(at('9'), at('12'), { emergency: { ratifyByMs: at('20'), ratifiedMs: null } })] },
      found: [at('20')],
    },
    {
      kind: 'ratified',
      say: 'in time',
      of: { orders: [order(at('9'), at('12'), { emergency: { ratifyByMs: at('20'), ratifiedMs: at('20') } })] },
      found: 0,
    },
    {
      kind: 'boundary',
      say: 'a minute late',
      of: { orders: [order(at('9'), at('12'), { emergency: { ratifyByMs: at('20'), ratifiedMs: at('20:01') } })] },
      found: 1,
    },
  ],
  R24: [
    { kind: 'raise', say: 'three nights of a fortnight at one place', of: { stays: nights([8, 1, 0]), places: [lot] }, found: [at('22')] },
    {
      kind: 'calm',
      say: 'three nights at three places',
      of: { stays: [...nights([8]), ...nights([1], off(9_000)), ...nights([0], off(20_000))], places: [lot] },
      found: 0,
    },
    { kind: 'calm', say: 'in its lot', of: { stays: nights([2, 1, 0], off(100)), places: [lot] }, found: 0 },
    { kind: 'boundary', say: 'two nights', of: { stays: nights([1, 0]), places: [lot] }, found: 0 },
    { kind: 'boundary', say: 'the first a fortnight ago', of: { stays: nights([14, 1, 0]), places: [lot] }, found: 0 },
    { kind: 'boundary', say: 'the first on the night after that', of: { stays: nights([13, 1, 0]), places: [lot] }, found: 1 },
    {
      kind: 'boundary',
      say: 'tonight not for two hours',
      of: { stays: [...nights([8, 1]), stay(at('22'), at('23:59'), off(4_000))], places: [lot] },
      found: 0,
    },
    {
      kind: 'midnight',
      say: 'come after midnight it is of the day on which it came, and still of the evening’s night',
      of: { day: NEXT, stays: [...nights([8, 1]), stay(at('0:30', NEXT), at('7', NEXT), off(4_000))], places: [lot] },
      found: [at('0:30', NEXT)],
    },
    {
      kind: 'ratified',
      say: 'an order that had it away on one of the nights takes that one out',
      of: { stays: nights([8, 1, 0]), places: [lot], covers: [{ fromMs: at('8', addDays(DAY, -8)), untilMs: at('9', addDays(DAY, -7)) }] },
      found: 0,
    },
    {
      kind: 'gap',
      say: 'moved unseen tonight',
      of: { stays: [...nights([8, 2, 1]), ...nights([0], off(4_000), false)], places: [lot] },
      found: 0,
      cannot: ['moved'],
    },
    { kind: 'gap', say: 'nobody has said where its lot is', of: { stays: nights([8, 1, 0]) }, found: 0, cannot: ['lots'] },
    {
      kind: 'shift',
      say: 'law enforcement on a shift tonight',
      of: law({ stays: nights([8, 4, 3, 2, 1, 0]), places: [lot], shifts: [{ fromMs: at('20'), untilMs: null, driverId: 7 }] }),
      found: 0,
    },
    {
      kind: 'shift',
      say: 'on none, five nights and more of them',
      of: law({ stays: nights([8, 4, 3, 2, 1, 0]), places: [lot] }),
      found: [at('22')],
    },
  ],
  R25: [
    {
      kind: 'raise',
      say: 'three days of a fortnight beside the same vehicle',
      of: { meetings: [meeting(8, '12:30'), meeting(1, '13'), meeting(0, '12:15')] },
      found: [at('12')],
    },
    {
      kind: 'calm',
      say: 'three vehicles',
      of: { meetings: [meeting(2, '13', { otherId: 9 }), meeting(1, '13', { otherId: 10 }), meeting(0, '13')] },
      found: 0,
    },
    {
      kind: 'calm',
      say: 'three times on two days',
      of: { meetings: [meeting(1, '12:30'), meeting(0, '12:30'), { ...meeting(0, '16'), fromMs: at('15') }] },
      found: 0,
    },
    {
      kind: 'boundary',
      say: 'today for 14 minutes',
      of: { meetings: [meeting(8, '13'), meeting(1, '13'), meeting(0, '12:14')] },
      found: 0,
    },
    {
      kind: 'boundary',
      say: 'a hundred metres apart, and more',
      of: { meetings: [meeting(8, '13'), meeting(1, '13'), meeting(0, '13', { otherAt: off(4_105) })] },
      found: 0,
    },
    {
      kind: 'boundary',
      say: 'the first a fortnight ago',
      of: { meetings: [meeting(14, '13'), meeting(1, '13'), meeting(0, '13')] },
      found: 0,
    },
    {
      kind: 'midnight',
      say: 'together since yesterday, it is of the day on which the first of them left',
      of: { meetings: [meeting(8, '13'), meeting(2, '13'), { ...meeting(0, '7'), fromMs: at('20', addDays(DAY, -1)) }] },
      found: [at('0')],
    },
    {
      kind: 'calm',
      say: 'several there at once are one finding',
      of: {
        meetings: [8, 1, 0].flatMap((n) => [meeting(n, '13'), meeting(n, '13:10', { otherId: 9 })]),
      },
      found: [at('12')],
    },
  ],
}

/** What reading a table backwards would give. */
const mixed = (of: Facts): Facts => ({
  ...of,
  orders: [...of.orders].reverse(),
  places: [...of.places].reverse(),
  seals: [...of.seals].reverse(),
  covers: [...of.covers].reverse(),
  meetings: [...of.meetings].reverse(),
})

for (const code of ruleCodes.filter((each) => rules[each].kind === 'event'))
  t.test(`${code} over the grid`, async (t) => {
    const cases = grid[code] ?? []
    t.ok(cases.some(({ kind }) => kind === 'raise') && cases.some(({ kind }) => kind === 'boundary'), 'it is raised, and has a boundary')
    for (const { kind, say, of, found, cannot = [], params } of cases) {
      const whole = facts(of)
      const verdict = (given: Facts) => judgeDay(rules[code], given, params ?? defaultParams(code, given.vehicle.class as VehicleClass))
      const { suspicions, unjudged } = verdict(whole)
      if (typeof found === 'number') t.equal(suspicions.length, found, `${kind}: ${say}`)
      else
        t.same(
          suspicions.map(({ fromMs }) => fromMs),
          found,
          `${kind}: ${say}`,
        )
      t.same(
        unjudged.map(({ why }) => why),
        cannot,
        `${kind}: ${say}, and what cannot be judged`,
      )
      t.same(verdict(mixed(whole)), { suspicions, unjudged }, `${kind}: ${say}, in whatever order it is read`)
    }
  })

t.test('states hold or not as of now; a year without its notice, and a silence, say nothing against anybody', async (t) => {
  const now = facts().nowMs
  const state = (code: RuleCode, of: Partial<Facts>) => judgeDay(rules[code], facts(of), defaultParams(code)).suspicions.length
  const vehicle = facts().vehicle
  t.same([state('R11', { heardMs: now - 24 * HOUR }), state('R11', { heardMs: now - 24 * HOUR - 1 })], [0, 1])
  t.same(
    [
      state('R20', { vehicle: { ...vehicle, inspectionUntilMs: now + 30 * 24 * HOUR + 1 } }),
      state('R20', { vehicle: { ...vehicle, inspectionUntilMs: now } }),
    ],
    [0, 1],
  )
  t.same([state('R22', {}), state('R22', { vehicle: { ...vehicle, overQuota: true } })], [0, 1])
  t.same(
    [
      state('R18', { trips: [trip(now - 31 * 24 * HOUR, now - 30 * 24 * HOUR + 1)] }),
      state('R18', { trips: [trip(now - 32 * 24 * HOUR, now - 31 * 24 * HOUR)] }),
    ],
    [0, 1],
  )
})
