// The terms on which the demo region's vehicles are used: who must agree to what, what trips cost, what units may spend, who lends to whom.
// Prices and budgets are of the order of what such trips cost, and are nobody's.
import type { ApprovalRules } from '../../domain/approvals.ts'
import type { Prices, TariffKind } from '../../domain/tariff.ts'
import type { BodyType, VehicleClass } from '../../domain/vehicle.ts'
import type { DemoVehicle } from './fleet.ts'
import type { DemoOrganisation } from './organisations.ts'
import type { DemoSupplier } from './places.ts'
import type { Random } from './random.ts'

export type DemoTariff = Prices & {
  organisationId: number
  kind: TariffKind
  supplierId: number | null
  bodyType: BodyType | null
  note: string
}
export type DemoTerms = {
  /** For the whole region. */
  rules: ApprovalRules
  tariffs: DemoTariff[]
  /** One for each unit that has vehicles: what it may spend in a year, in fen. */
  budgets: { unitId: number; fen: number }[]
  agreements: { lenderId: number; borrowerId: number; note: string }[]
}

const YUAN = 100
/** By vehicle and year: what is driven, not what a vehicle is bought for. */
const yearlyYuan: Record<VehicleClass, number> = { official: 26_000, law_enforcement: 34_000, leased: 48_000 }

const rules: ApprovalRules = {
  rules: [
    { when: 'leavesLeague', level: 'league' },
    { when: 'distance', km: 300, level: 'league' },
    { when: 'class', least: 'large', level: 'league' },
    { when: 'budget', level: 'league' },
    { when: 'leavesRegion', level: 'region' },
  ],
  remindAfterH: 4,
  escalateAfterH: 24,
  bothForH: 24,
}

const free: Prices = { baseFen: 0, includedM: 0, includedMin: 0, kmFen: 0, hourFen: 0, driverFen: 0, nightFen: 0, awayFen: 0 }
/** Yuan: [body, a kilometre of a unit's own; a supplier's day of eight hours and 100 km, a kilometre and an hour over it]. */
const byBody: readonly (readonly [body: BodyType, ownKm: number, day: number, km: number, hour: number])[] = [
  ['sedan', 1.2, 320, 2.2, 30],
  ['off_road', 1.6, 420, 2.8, 35],
  ['small_bus', 1.8, 480, 3, 40],
  ['medium_bus', 2.6, 780, 4.5, 60],
  ['large_bus', 4.2, 1_350, 7, 90],
]

export function buildTerms(
  organisations: readonly DemoOrganisation[],
  fleet: readonly DemoVehicle[],
  suppliers: readonly DemoSupplier[],
  random: Random,
): DemoTerms {
  const region = organisations[0]!.organisationId
  const own = byBody.map(
    ([bodyType, km]): DemoTariff => ({
      ...free,
      organisationId: region,
      kind: 'own',
      supplierId: null,
      bodyType,
      kmFen: Math.round(km * YUAN),
      note: '公务用车平台内部结算标准（示例）',
    }),
  )
  const allowance: DemoTariff = {
    ...free,
    organisationId: region,
    kind: 'allowance',
    supplierId: null,
    bodyType: null,
    driverFen: 30 * YUAN,
    awayFen: 100 * YUAN,
    note: '驾驶员出车补助（示例）',
  }
  const leases = suppliers
    .filter(({ kinds }) => kinds.includes('rental'))
    .flatMap(({ supplierId, organisationId }) => {
      const dearer = 0.92 + random.next() * 0.2
      return byBody.map(
        ([bodyType, , day, km, hour]): DemoTariff => ({
          ...free,
          organisationId,
          kind: 'lease',
          supplierId,
          bodyType,
          baseFen: Math.round((day * dearer) / 10) * 10 * YUAN,
          includedM: 100_000,
          includedMin: 480,
          kmFen: Math.round(km * dearer * 10) * 10,
          hourFen: hour * YUAN,
          driverFen: 150 * YUAN,
          nightFen: 120 * YUAN,
          note: '定点租赁价目（示例）',
        }),
      )
    })
  const yuanOf = new Map<number, number>()
  for (const { userUnitId, class: kind } of fleet) yuanOf.set(userUnitId, (yuanOf.get(userUnitId) ?? 0) + yearlyYuan[kind])
  const budgets = [...yuanOf].map(([unitId, yuan]) => ({
    unitId,
    fen: Math.round((yuan * (0.85 + random.next() * 0.3)) / 1_000) * 1_000 * YUAN,
  }))
  const named = (name: string) => {
    const found = organisations.find((each) => each.name === name)
    if (!found) throw new Error(`the demo region has no organisation named ${name}`)
    return found.organisationId
  }
  return {
    rules,
    tariffs: [...own, allowance, ...leases],
    budgets,
    agreements: [
      {
        lenderId: named('新城区机关事务服务中心'),
        borrowerId: named('呼和浩特市'),
        note: '重大活动期间，新城区平台车辆支援市级各单位',
      },
      { lenderId: named('包头市农牧局'), borrowerId: named('呼和浩特市农牧局'), note: '动物疫病联防联控，互相调用车辆' },
    ],
  }
}
