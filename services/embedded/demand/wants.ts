// What the people of the demo want a vehicle for: places of Hohhot by their names, near coordinates that are nobody's address.
import { createRandom, type Random } from '../demo/random.ts'

export type CostKindOf = 'toll' | 'parking' | 'fuel'
const HOUR_MS = 3_600_000
const QUARTER_MS = 900_000
const MINUTE_MS = 60_000
/** So many of the places lie in town. */
const IN_TOWN = 5

const places = [
  { name: '自治区本级集中办公区A', lon: 111.7, lat: 40.82 },
  { name: '自治区本级集中办公区B', lon: 111.74, lat: 40.83 },
  { name: '新城区办公区', lon: 111.69, lat: 40.82 },
  { name: '赛罕区办公区', lon: 111.7, lat: 40.8 },
  { name: '回民区办公区', lon: 111.62, lat: 40.81 },
  { name: '和林格尔县', lon: 111.82, lat: 40.38 },
  { name: '武川县', lon: 111.45, lat: 41.1 },
  { name: '土默特左旗', lon: 111.16, lat: 40.73 },
  { name: '托克托县', lon: 111.19, lat: 40.28 },
] as const
/** Out of the league, of the region, or far: with these the bureau has to agree as well. */
const farPlaces = [
  { name: '包头市', lon: 109.84, lat: 40.66, hours: 9 },
  { name: '集宁区', lon: 113.11, lat: 41.03, hours: 9 },
  { name: '大同市', lon: 113.3, lat: 40.08, hours: 11 },
  { name: '锡林浩特市', lon: 116.09, lat: 43.93, hours: 34 },
] as const
const wants = [
  ['meeting', '参加业务工作会议'],
  ['inspection', '赴基层开展专项检查'],
  ['fieldwork', '下乡开展农牧业技术服务'],
  ['documents', '送取机要文件'],
  ['training', '参加业务培训'],
  ['reception', '接待来访调研组'],
] as const

/** Draws for the nth request of a seed: whatever is decided meanwhile, in whatever order, what is asked for is the same. */
export const drawsOf = (seed: number, n: number): Random => createRandom(seed * 1_000_003 + n)

/** A sound request: within the next hours, on the quarter of an hour, there and back; or in town, in a few minutes. */
export function wantOf(random: Random, nowMs: number, soon: boolean) {
  const emergency = random.next() < 0.05
  const far = !emergency && !soon && random.next() < 0.12 ? random.pick(farPlaces) : undefined
  const within = soon ? places.slice(0, IN_TOWN) : places
  const from = random.pick(within)
  const to = far ?? random.pick(within.filter(({ name }) => name !== from.name))
  const quarter = Math.ceil(nowMs / QUARTER_MS) * QUARTER_MS
  const startsAtMs = soon
    ? Math.ceil(nowMs / MINUTE_MS + random.int(2, 9)) * MINUTE_MS
    : quarter + (emergency ? 0 : Math.floor(random.next() ** 2 * 96) * QUARTER_MS)
  const [purposeKind, purpose] = emergency ? (['response', '现场应急处置'] as const) : random.pick(wants)
  return {
    kind: emergency ? 'emergency' : 'pool',
    purposeKind,
    purpose,
    from,
    to: { name: to.name, lon: to.lon, lat: to.lat },
    startsAt: new Date(startsAtMs).toISOString(),
    endsAt: new Date(startsAtMs + (far?.hours ?? random.int(1, soon ? 2 : 5)) * HOUR_MS).toISOString(),
    passengers: random.weighted([
      [1, 30],
      [2, 40],
      [3, 30],
      [4, 20],
      [6, 8],
      [16, 2],
      [36, 1],
    ] as const),
    contactName: '用车申请人',
    contactPhone: '10000000000',
  }
}

/** So often does what recurs come again. */
export const recurrenceOf = (random: Random) =>
  random.pick([
    { every: 'week', interval: 1, times: 4 },
    { every: 'day', interval: 1, times: 5 },
    { every: 'month', interval: 1, times: 3 },
  ])
