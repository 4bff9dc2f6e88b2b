// The demo's vehicle files, compounds, pools, quotas and standards. Prices are of the order of what such models cost, without tax, and
// nobody's offers; VINs are synthetic with a right check digit. Most quotas fit; some units have a vacancy, some a vehicle too many.
import { DAY_MS } from '../../domain/days.ts'
import { type BodyType, isSubjectToQuota, type VehicleCategory, type VehicleOrigin } from '../../domain/vehicle.ts'
import { vinCheckDigit } from '../../domain/vin.ts'
import type { DemoVehicle } from './fleet.ts'
import type { DemoOrganisation } from './organisations.ts'
import type { DemoPlace, DemoSupplier } from './places.ts'
import type { Random } from './random.ts'

type DemoFile = {
  vin: string
  engineNo: string
  bodyType: BodyType
  origin: VehicleOrigin
  priceFen: number
  inServiceOn: string
  insuranceUntil: string
  inspectionUntil: string
  stickerNo: string
  parkingPlaceId: number | null
  fuelSupplierId: number | null
  repairSupplierId: number | null
  insuranceSupplierId: number | null
  state: 'AVAILABLE' | 'MAINTENANCE' | 'SUSPENDED' | 'SEALED'
  quotaSeat: number | null
}
type DemoQuota = { unitId: number; category: VehicleCategory; seats: number }
type DemoLimit = {
  category: VehicleCategory
  bodyType: BodyType | null
  newEnergy: true | null
  maxPriceFen: number
  maxDisplacementMl: number | null
  note: string
}
type DemoShared = {
  compounds: { compoundId: number; organisationId: number; name: string; placeId: number }[]
  pools: { poolId: number; organisationId: number; name: string; compoundId: number | null }[]
  units: { organisationId: number; costCentre: string; compoundId: number | null; poolId: number | null }[]
}
export type DemoLedger = { files: DemoFile[]; quotas: DemoQuota[]; limits: DemoLimit[]; shared: DemoShared }

const WAN_FEN = 1_000_000
type ModelFacts = readonly [wan: number, body: BodyType, origin: VehicleOrigin]
const models: Record<string, ModelFacts> = {
  H5: [11.7, 'sedan', 'domestic'],
  B70: [10.6, 'sedan', 'domestic'],
  星瑞: [11.4, 'sedan', 'domestic'],
  朗逸: [10.9, 'sedan', 'joint'],
  逸动: [8.8, 'sedan', 'domestic'],
  '秦PLUS EV': [12.4, 'sedan', 'domestic'],
  'AION S': [13.9, 'sedan', 'domestic'],
  'E-QM5': [17.2, 'sedan', 'domestic'],
  '秦PLUS DM-i': [10.7, 'sedan', 'domestic'],
  '宋PLUS DM-i': [14.6, 'off_road', 'domestic'],
  H6: [10.9, 'off_road', 'domestic'],
  CS75: [11.2, 'off_road', 'domestic'],
  瑞虎8: [12.8, 'off_road', 'domestic'],
  炮: [12.6, 'truck', 'domestic'],
  宝典: [8.6, 'truck', 'joint'],
  M6: [11.3, 'small_bus', 'domestic'],
  全顺: [19.2, 'medium_bus', 'joint'],
  ZK6729: [39.5, 'large_bus', 'domestic'],
}
const YEAR_CODES = 'ABCDEFGHJKLMNPRSTVWXY'
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 10)

/** 中办发〔2017〕71号 and the wording that carries its figures on. Special technical vehicles are settled case by case. */
function buildLimits(): DemoLimit[] {
  const limit = (
    category: VehicleCategory,
    wan: number,
    litres: number | null,
    note: string,
    bodyType: BodyType | null = null,
    newEnergy: true | null = null,
  ): DemoLimit => ({ category, bodyType, newEnergy, maxPriceFen: wan * WAN_FEN, maxDisplacementMl: litres && litres * 1000, note })
  const larger = (category: VehicleCategory) => [
    limit(category, 25, 3, '其他小型、中型客车，特殊情况', 'small_bus'),
    limit(category, 25, 3, '其他小型、中型客车，特殊情况', 'medium_bus'),
    limit(category, 25, 3, '皮卡等货车，参照其他小型车', 'truck'),
    limit(category, 45, null, '大型客车', 'large_bus'),
    limit(category, 18, null, '新能源轿车', null, true),
  ]
  return [
    limit('CONFIDENTIAL_COURIER', 12, 1.6, '机要通信用车'),
    limit('CONFIDENTIAL_COURIER', 18, null, '新能源轿车', null, true),
    limit('EMERGENCY_SUPPORT', 18, 1.8, '应急保障用车'),
    ...larger('EMERGENCY_SUPPORT'),
    limit('LAW_ENFORCEMENT', 12, 1.6, '执法执勤用车'),
    limit('LAW_ENFORCEMENT', 18, 1.8, '执法执勤用车，因工作需要', 'off_road'),
    ...larger('LAW_ENFORCEMENT'),
    limit('OTHER_APPROVED', 18, 1.8, '其他按规定配备'),
    ...larger('OTHER_APPROVED'),
  ]
}

export function buildLedger(
  organisations: readonly DemoOrganisation[],
  fleet: readonly DemoVehicle[],
  places: readonly DemoPlace[],
  suppliers: readonly DemoSupplier[],
  random: Random,
  today: Date,
): DemoLedger {
  const byUnit = new Map<string, number>()
  for (const { userUnitId, category } of fleet) byUnit.set(`${userUnitId} ${category}`, (byUnit.get(`${userUnitId} ${category}`) ?? 0) + 1)
  const quotas: DemoQuota[] = []
  for (const [key, inService] of byUnit) {
    const [unitId, category] = key.split(' ') as [string, VehicleCategory]
    if (!isSubjectToQuota(category)) continue
    const drawn = random.next()
    const seats = drawn < 0.06 && inService > 1 ? inService - 1 : drawn < 0.8 ? inService : inService + random.int(1, 2)
    quotas.push({ unitId: Number(unitId), category, seats })
  }
  const seatsOf = new Map(quotas.map(({ unitId, category, seats }) => [`${unitId} ${category}`, seats]))
  const seated = new Map<string, number>()
  const parkingOf = firstBy(
    places.filter(({ kind }) => kind === 'designated_lot' || kind === 'compound'),
    ({ organisationId }) => organisationId,
  )
  const supplierOf = (kind: DemoSupplier['kinds'][number]) =>
    firstBy(
      suppliers.filter(({ kinds }) => kinds.includes(kind)),
      ({ organisationId }) => organisationId,
    )
  const designated = { fuel: supplierOf('fuel'), repair: supplierOf('repair'), insurance: supplierOf('insurance') }
  /** The nearest organisation above the unit that has one. */
  const nearest = <T>(found: Map<number, T>, unit: DemoOrganisation): T | undefined => {
    for (let at: DemoOrganisation | undefined = unit; at; at = at.parentId === null ? undefined : organisations[at.parentId - 1])
      if (found.has(at.organisationId)) return found.get(at.organisationId)
    return undefined
  }
  const files = fleet.map((vehicle): DemoFile => {
    const unit = organisations[vehicle.userUnitId - 1]!
    const [wan, bodyType, origin] = models[vehicle.model]!
    const registered = Date.parse(vehicle.registeredOn)
    const key = `${vehicle.userUnitId} ${vehicle.category}`
    const seat = (seated.get(key) ?? 0) + 1
    seated.set(key, seat)
    // Two in a hundred were bought in a trim that their standard does not allow.
    const trim = random.next() < 0.02 ? 1.45 : 0.95 + random.next() * 0.07
    return {
      vin: vinOf(vehicle, random),
      engineNo: `${'ABCDEFGH'[random.int(0, 7)]}${random.int(100_000, 999_999)}`,
      bodyType,
      origin,
      priceFen: Math.round((wan * trim * WAN_FEN) / 10_000) * 10_000,
      inServiceOn: iso(registered + random.int(3, 40) * DAY_MS),
      insuranceUntil: iso(today.getTime() + random.int(-8, 365) * DAY_MS),
      inspectionUntil: iso(today.getTime() + random.int(-5, 540) * DAY_MS),
      stickerNo: `${unit.adcode}${String(vehicle.vehicleId).padStart(5, '0')}`,
      parkingPlaceId: nearest(parkingOf, unit)?.placeId ?? null,
      fuelSupplierId: nearest(designated.fuel, unit)?.supplierId ?? null,
      repairSupplierId: nearest(designated.repair, unit)?.supplierId ?? null,
      insuranceSupplierId: nearest(designated.insurance, unit)?.supplierId ?? null,
      state: random.weighted([
        ['AVAILABLE', 955],
        ['MAINTENANCE', 25],
        ['SUSPENDED', 12],
        ['SEALED', 8],
      ]),
      quotaSeat: seat <= (seatsOf.get(key) ?? 0) ? seat : null,
    }
  })
  return { files, quotas, limits: buildLimits(), shared: buildShared(organisations, places) }
}

function vinOf({ vehicleId, registeredOn, model }: DemoVehicle, random: Random): string {
  const descriptor = `${'ABCDEFGHJK'[model.length % 10]}${random.int(1000, 9999)}`
  const year = YEAR_CODES[Number(registeredOn.slice(0, 4)) - 2010]
  const vin = `LZ0${descriptor}0${year}0${String(vehicleId).padStart(6, '0')}`
  return vin.slice(0, 8) + vinCheckDigit(vin) + vin.slice(9)
}

/** Each place of the tree with a compound has a pool; departments of it that are not the police share both. */
function buildShared(organisations: readonly DemoOrganisation[], places: readonly DemoPlace[]): DemoShared {
  const compounds = places
    .filter(({ kind }) => kind === 'compound')
    .map(({ placeId, organisationId, name }, i) => ({ compoundId: i + 1, organisationId, name, placeId }))
  const compoundOf = firstBy(compounds, ({ organisationId }) => organisationId)
  const pools = [...compoundOf.values()].map(({ organisationId, compoundId }, i) => ({
    poolId: i + 1,
    organisationId,
    name: `${organisations[organisationId - 1]!.name}公务用车平台车队`,
    compoundId,
  }))
  const poolOf = firstBy(pools, ({ organisationId }) => organisationId)
  const units = organisations
    .filter(({ kind }) => kind === 'unit')
    .map(({ organisationId, parentId, adcode, police }) => ({
      organisationId,
      costCentre: `${adcode}-${String(organisationId).padStart(5, '0')}`,
      compoundId: police ? null : (compoundOf.get(parentId!)?.compoundId ?? null),
      poolId: police ? null : (poolOf.get(parentId!)?.poolId ?? null),
    }))
  return { compounds, pools, units }
}

function firstBy<T, K>(rows: readonly T[], keyOf: (row: T) => K): Map<K, T> {
  const found = new Map<K, T>()
  for (const row of rows) if (!found.has(keyOf(row))) found.set(keyOf(row), row)
  return found
}
