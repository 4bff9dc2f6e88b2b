// Places, suppliers and fuel cards of the demo region. All of it is invented: nothing stands where these shapes say, and no card number
// is an issuer's (they begin with 9900).
import type { PlaceKind, SensitiveKind, SupplierKind } from '../../domain/places.ts'
import { leagueAdcodeOf, leagues } from '../../domain/region/region.ts'
import type { DemoVehicle } from './fleet.ts'
import type { DemoOrganisation } from './organisations.ts'
import type { Random } from './random.ts'

export type DemoPlace = {
  placeId: number
  organisationId: number
  kind: PlaceKind
  sensitiveKind: SensitiveKind | null
  name: string
  centre: [number, number]
  /** A circle; or, with `ring`, a polygon. */
  radiusM: number | null
  ring: [number, number][] | null
}
export type DemoSupplier = {
  supplierId: number
  organisationId: number
  name: string
  kinds: SupplierKind[]
  contact: string
  phone: string
  placeId: number | null
}
export type DemoFuelCard = { cardNo: string; supplierId: number; organisationId: number; vehicleId: number; monthLimitFen: number }

const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6

/** A compound is a rectangle with its corners a little off, as plots of land are. */
function plot([lon, lat]: [number, number], metres: number, random: Random): [number, number][] {
  const [dLon, dLat] = [metres / (111_320 * Math.cos((lat * Math.PI) / 180)), (0.7 * metres) / 111_000]
  const signs = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ] as const
  const off = () => (random.next() - 0.5) * 2e-4
  const ring = signs.map(([x, y]): [number, number] => [round(lon + x * dLon + off()), round(lat + y * dLat + off())])
  return [...ring, ring[0]!]
}

const near = ([lon, lat]: readonly [number, number], km: number, random: Random): [number, number] => [
  round(lon + ((random.next() - 0.5) * 2 * km) / 85),
  round(lat + ((random.next() - 0.5) * 2 * km) / 111),
]

export function buildPlaces(organisations: readonly DemoOrganisation[], random: Random): DemoPlace[] {
  const places: DemoPlace[] = []
  const add = (
    organisationId: number,
    kind: PlaceKind,
    name: string,
    centre: [number, number],
    size: number,
    sensitiveKind: SensitiveKind | null = null,
  ) => {
    const polygon = kind === 'compound'
    places.push({
      placeId: places.length + 1,
      organisationId,
      kind,
      sensitiveKind,
      name,
      centre,
      radiusM: polygon ? null : size,
      ring: polygon ? plot(centre, size, random) : null,
    })
  }
  const region = organisations[0]!
  for (const [letter, centre] of [
    ['A', [111.7, 40.815]],
    ['B', [111.74, 40.832]],
  ] as const) {
    add(region.organisationId, 'compound', `自治区本级集中办公区${letter}`, [...centre], 260)
    add(region.organisationId, 'designated_lot', `自治区本级集中办公区${letter}停车场`, near(centre, 0.4, random), 120)
  }
  for (const place of organisations.filter((o) => o.kind === 'league' || o.kind === 'banner')) {
    const id = place.organisationId
    const seat = place.yard
    const league = place.kind === 'league'
    const compound = near(seat, 1, random)
    add(id, 'compound', `${place.name}集中办公区`, compound, league ? 240 : 160)
    add(id, 'designated_lot', `${place.name}定点停车场`, near(compound, 0.3, random), 100)
    for (let n = 1; n <= (league ? 3 : 1); n++) add(id, 'fuel_station', `${place.name}定点加油站${n}`, near(seat, 4, random), 60)
    add(id, 'charging_station', `${place.name}公务充电站`, near(seat, 2, random), 50)
    const sensitive: [SensitiveKind, string, number][] = [
      ['school', '示例学校', 150],
      ['hotel', '示例宾馆', 80],
      ['residential', '示例小区', 200],
    ]
    if (league) sensitive.push(['entertainment', '示例娱乐场所', 60], ['scenic', '示例景区', 900])
    for (const [kind, stem, size] of sensitive) add(id, 'sensitive', `${place.name}${stem}`, near(seat, 5, random), size, kind)
  }
  return places
}

const offers: readonly (readonly [name: string, kinds: SupplierKind[]])[] = [
  ['定点加油（示例甲）', ['fuel']],
  ['定点加油（示例乙）', ['fuel', 'wash']],
  ['定点维修（示例甲）', ['repair']],
  ['定点维修（示例乙）', ['repair', 'wash']],
  ['定点保险（示例）', ['insurance']],
  ['定点停车（示例）', ['parking']],
  ['公务充电（示例）', ['charging', 'parking']],
  ['定点租赁（示例）', ['rental']],
]

/** Eight suppliers a league, and the same for the region's own units. */
export function buildSuppliers(organisations: readonly DemoOrganisation[], places: readonly DemoPlace[], random: Random): DemoSupplier[] {
  const suppliers: DemoSupplier[] = []
  for (const place of organisations.filter((o) => o.kind === 'region' || o.kind === 'league')) {
    const stations = places.filter((p) => p.organisationId === place.organisationId && p.kind === 'fuel_station')
    for (const [stem, kinds] of offers) {
      const station = kinds.includes('fuel') ? stations.shift() : undefined
      suppliers.push({
        supplierId: suppliers.length + 1,
        organisationId: place.organisationId,
        name: `${place.kind === 'region' ? '自治区本级' : place.name}${stem}`,
        kinds,
        contact: '客户服务',
        phone: `100${String(random.int(0, 99_999_999)).padStart(8, '0')}`,
        placeId: station?.placeId ?? null,
      })
    }
  }
  return suppliers
}

/** One card for each vehicle that burns fuel, of a fuel supplier of its league. */
export function buildFuelCards(
  organisations: readonly DemoOrganisation[],
  fleet: readonly DemoVehicle[],
  suppliers: readonly DemoSupplier[],
  random: Random,
): DemoFuelCard[] {
  const fuelOf = new Map<string, DemoSupplier[]>()
  for (const supplier of suppliers.filter((s) => s.kinds.includes('fuel'))) {
    const { adcode } = organisations[supplier.organisationId - 1]!
    fuelOf.set(adcode, [...(fuelOf.get(adcode) ?? []), supplier])
  }
  return fleet
    .filter((vehicle) => vehicle.energy !== 'electric')
    .map(({ vehicleId, userUnitId, energy }) => {
      const { adcode } = organisations[userUnitId - 1]!
      const choice = fuelOf.get(adcode) ?? fuelOf.get(leagueAdcodeOf(adcode)) ?? fuelOf.get(leagues[0]!.adcode)!
      return {
        cardNo: `99001500${String(vehicleId).padStart(8, '0')}`,
        supplierId: random.pick(choice).supplierId,
        organisationId: userUnitId,
        vehicleId,
        monthLimitFen: energy === 'plug_in_hybrid' ? 60_000 : random.pick([150_000, 200_000, 300_000]),
      }
    })
}
