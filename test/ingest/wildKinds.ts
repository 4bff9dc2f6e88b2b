// Kinds of fixes that no vehicle was at, and what is right all the same.
import { change, each, HOUR, type Kind, MIDDLE, north, outing, tenKm } from './fieldKinds.ts'
import { at, drive, stand } from './journeys.ts'

export const wildKinds: Kind[] = [
  {
    name: '1: one fix a degree off',
    points: change(drive(0, 600, 60), [30], north(1)),
    trips: [{ m: 10_000, maxKph: 60 }],
    apart: { unreachable: 1 },
    live: 'moving',
  },
  {
    name: '1: two in a row, at two places',
    points: change(change(outing(), [MIDDLE], north(1)), [MIDDLE + 1], north(-2)),
    trips: tenKm,
    apart: { unreachable: 2 },
  },
  {
    name: '1: coordinates swapped',
    points: change(outing(), [MIDDLE], ({ lonE7, latE7 }) => ({ lonE7: latE7, latE7: Math.round(lonE7 / 1.3) })),
    trips: tenKm,
    apart: { unreachable: 1 },
  },
  {
    name: '1: coordinates with the other sign',
    points: change(
      change(outing(), [MIDDLE], ({ latE7 }) => ({ latE7: -latE7 })),
      [MIDDLE + 9],
      ({ lonE7 }) => ({ lonE7: -lonE7 }),
    ),
    trips: tenKm,
    apart: { unreachable: 2 },
  },
  {
    name: '1: the last fix',
    points: change(drive(0, 600, 60), [60], north(1)),
    trips: [{ m: 9_833 }],
    apart: { unreachable: 1 },
    live: 'moving',
  },
  { name: '1: the first two fixes', points: change(drive(0, 600, 60), [0, 1], north(1)), trips: [{ m: 9_667 }], apart: { unreachable: 2 } },
  {
    name: '1: three hundred metres aside, without an odometer',
    points: each(
      change(outing(), [MIDDLE], ({ lonE7 }) => ({ lonE7: lonE7 + 36_000 })),
      () => ({ odometerM: null }),
    ),
    trips: tenKm,
    apart: { unreachable: 1 },
  },
  {
    name: '1: a jump that stays',
    points: [...drive(0, 600, 60), ...drive(610, 600, 60, { fromM: 400_000 })],
    trips: [{ m: 10_000 }, { m: 10_000 }],
    moves: ['jump'],
    live: 'moving',
  },
  {
    name: '3: parked, lat 0 and later lon 0',
    points: change(
      change(stand(0, 4 * HOUR, 0), [10], () => ({ latE7: 0 })),
      [20],
      () => ({ lonE7: 0 }),
    ),
    trips: [],
    apart: { zero: 2 },
    live: 'parked',
  },
  {
    name: '3: under way, lat 0 and later lon 0',
    points: change(
      change(outing(), [MIDDLE], () => ({ latE7: 0 })),
      [MIDDLE + 9],
      () => ({ lonE7: 0 }),
    ),
    trips: tenKm,
    apart: { zero: 2 },
  },
  {
    name: '4: a first fix from far away',
    points: [{ ...at(0, 0, { speedDkph: 0 }), lonE7: 1_140_000_000, latE7: 225_000_000 }, ...stand(60, 3000, 0, 60)],
    trips: [],
    apart: { unreachable: 1 },
    live: 'parked',
  },
]
