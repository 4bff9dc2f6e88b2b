// Kinds of input from the field whose right answer is known: journeys of our own, and what a terminal makes of them.
import type { Point } from '../../services/ingest/trips/segment.ts'
import { at, drive, stand } from './journeys.ts'

export const HOUR = 3600

export type Sent = Point
type Trip = { m: number; ignitionOff?: boolean; maxKph?: number | null; startS?: number; endS?: number; by?: string }
export type Kind = {
  name: string
  points: Sent[]
  trips: Trip[]
  /** Positions that are shown apart, by reason. */
  apart?: Record<string, number>
  moves?: string[]
  /** Live status right after the last report. */
  live?: string
  /** How messages are cut and ordered; in order of time when absent. */
  messages?: (points: Sent[]) => Sent[][]
}

export const change = (points: Sent[], indices: number[], by: (point: Sent) => Partial<Sent>): Sent[] =>
  points.map((point, i) => (indices.includes(i) ? { ...point, ...by(point) } : point))
export const each = (points: Sent[], by: (point: Sent, i: number) => Partial<Sent>): Sent[] =>
  points.map((point, i) => ({ ...point, ...by(point, i) }))
export const north = (degrees: number) => (point: Sent) => ({ latE7: point.latE7 + degrees * 1e7 })
/** Stands, drives 10 km in ten minutes, stands. */
export const outing = (): Sent[] => [...stand(0, 600, 0), ...drive(900, 600, 60), ...stand(1510, HOUR, 10_000)]
export const MIDDLE = 33
const odometer = (by: (metres: number) => number): Sent[] =>
  each(outing(), ({ odometerM }) => ({ odometerM: odometerM === null ? null : Math.round(by(odometerM - 52_137)) }))
const silent = { speedDkph: null, ignition: null, odometerM: null }
export const tenKm: Trip[] = [{ m: 10_000, startS: 900, endS: 1500 }]

export const kinds: Kind[] = [
  {
    name: '5: two hours of standing, 3.6 km/h now and then',
    points: Array.from({ length: 240 }, (_, i) => at(i * 30, 0, { speedDkph: i % 60 === 59 ? 36 : 0, ignition: true })),
    trips: [],
  },
  {
    name: '6: each second, no speed',
    points: drive(0, 900, 40, { every: 1, more: silent }),
    trips: [{ m: 10_000, maxKph: null }],
    live: 'moving',
    messages: (points) => [points.slice(0, 600), points.slice(600)],
  },
  {
    name: '6: each five seconds, no speed',
    points: drive(0, 900, 40, { every: 5, more: silent }),
    trips: [{ m: 10_000, maxKph: null }],
    live: 'moving',
  },
  {
    name: '7: a drive without speeds',
    points: drive(0, 600, 60, { more: { speedDkph: null } }),
    trips: [{ m: 10_000, maxKph: null }],
    live: 'moving',
  },
  {
    name: '8: ignition always off',
    points: drive(0, 1200, 60, { more: { ignition: false } }),
    trips: [{ m: 20_000, ignitionOff: true }],
    live: 'moving',
  },
  ...(
    [
      ['always on', () => true],
      ['not reported', () => null],
      ['flapping', (i) => i % 2 === 0],
    ] as [string, (i: number) => boolean | null][]
  ).map(([name, by]): Kind => ({ name: `8: ignition ${name}`, points: each(outing(), (_, i) => ({ ignition: by(i) })), trips: tenKm })),
  {
    name: '8: a stop of three minutes with the ignition off is no tow',
    points: [...drive(0, 120, 45), ...stand(130, 170, 1500, 10), ...drive(310, 120, 45, { fromM: 1500 }), ...stand(440, HOUR, 3000)],
    trips: [{ m: 3000, ignitionOff: false }],
  },
  {
    name: 'T4: towed, each 10 s',
    points: [...stand(0, 600, 0), ...drive(900, 1200, 36, { more: { ignition: false } }), ...stand(2110, HOUR, 12_000)],
    trips: [{ m: 12_000, ignitionOff: true, startS: 900, endS: 2100 }],
  },
  {
    name: 'T4: towed, each 60 s',
    points: [...stand(0, 600, 0), ...drive(900, 1200, 36, { every: 60, more: { ignition: false } }), ...stand(2110, HOUR, 12_000)],
    trips: [{ m: 12_000, ignitionOff: true, startS: 900, endS: 2100 }],
  },
  {
    name: '9: a reported rest, silence, found 230 m off',
    points: [
      ...drive(0, 1200, 60),
      at(1210, 20_000, { speedDkph: 0, ignition: false, odometerM: 72_137 }),
      ...drive(7210, 600, 60, { fromM: 20_230 }),
    ],
    trips: [{ m: 20_000 }, { m: 10_000 }],
    moves: ['unseen'],
  },
  {
    name: '10: an hour at one place with a speed of 43',
    points: [...drive(0, 600, 60), ...stand(610, HOUR, 10_000, 10, { speedDkph: 430, ignition: true })],
    trips: [{ m: 10_000, endS: 600, maxKph: 60 }],
    apart: { speed: 348 },
    live: 'idle',
  },
  {
    name: '12: ten errands',
    points: Array.from({ length: 10 }, (_, i) => [
      ...drive(i * 660, 60, 36, { every: 20, fromM: i * 600 }),
      ...stand(i * 660 + 80, 560, (i + 1) * 600, 20),
    ]).flat(),
    trips: Array.from({ length: 10 }, () => ({ m: 600 })),
  },
  ...(
    [
      ['in kilometres', (m) => 50_000 + m / 1000, 'track'],
      ['in miles', (m) => 31_000 + m / 1609, 'track'],
      ['in hundreds of metres', (m) => 500_000 + m / 100, 'track'],
      ['begun anew at 0', (m) => (m < 5000 ? 50_000_000 + m : m - 5000), 'both'],
      ['standing still', () => 48_211_345, 'track'],
      ['corrected by 250 km', (m) => (m < 5000 ? m : m + 250_000), 'both'],
    ] as [string, (metres: number) => number, string][]
  ).map(([name, by, used]): Kind => ({ name: `odometer ${name}`, points: odometer(by), trips: [{ ...tenKm[0]!, by: used }] })),
  { name: 'speed always 0', points: each(outing(), () => ({ speedDkph: 0 })), trips: [{ ...tenKm[0]!, maxKph: null }] },
  {
    name: 'speed in metres a second',
    points: each(outing(), ({ speedDkph }) => ({ speedDkph: Math.round((speedDkph ?? 0) / 3.6) })),
    trips: [{ ...tenKm[0]!, maxKph: null }],
  },
  ...[1, 5, 30, 60, 120].map(
    (every): Kind => ({
      name: `a report each ${every} s`,
      points: [...stand(0, 600, 0), ...drive(900, 600, 60, { every }), ...stand(1510, HOUR, 10_000)],
      trips: tenKm,
      messages: (points) => [points],
    }),
  ),
  { name: 'in the opposite order', points: outing(), trips: tenKm, messages: (points) => [...points].reverse().map((point) => [point]) },
  {
    name: 'a repeat with another value does not count',
    points: outing(),
    trips: tenKm,
    messages: (points) => [...points.map((point) => [point]), [{ ...points[MIDDLE]!, ...north(1)(points[MIDDLE]!) }]],
  },
  {
    name: 'a tunnel in which the last fix is said again and again',
    points: [
      ...stand(0, 600, 0),
      ...drive(900, 600, 60),
      ...Array.from({ length: 18 }, (_, i) => at(1510 + i * 10, 10_000, { speedDkph: 600, ignition: true, odometerM: 62_137 + i * 166 })),
      ...drive(1690, 600, 60, { fromM: 13_160 }),
    ],
    trips: [{ m: 23_160 }],
    live: 'moving',
  },
  {
    name: 'a ferry',
    points: [
      ...drive(0, 600, 60),
      ...stand(610, 890, 10_000, 60),
      ...drive(1560, 3600, 30, { fromM: 10_000, more: { ignition: false, speedDkph: 0, odometerM: 62_137 } }),
      ...stand(5180, 600, 40_000, 60),
    ],
    trips: [{ m: 10_000 }, { m: 30_000, ignitionOff: true }],
  },
  {
    name: 'carried by train, faster than any vehicle',
    points: [
      ...stand(0, 600, 0),
      ...drive(900, 1800, 300, { every: 30, more: { ignition: false, speedDkph: 0, odometerM: null } }),
      ...stand(2800, HOUR, 150_000),
    ],
    trips: [],
    apart: { unreachable: 59 },
    moves: ['jump'],
  },
  {
    name: 'parked, the receiver drifts',
    points: Array.from({ length: 240 }, (_, i) => at(i * 60, 40 * Math.sin(i), { speedDkph: 0, ignition: false }, 40 * Math.cos(i * 1.7))),
    trips: [],
    live: 'parked',
  },
]
