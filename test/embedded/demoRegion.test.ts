import t from 'tap'
import { TERMINAL_ID } from '../../services/contracts/topics.ts'
import { approvalRulesSchema } from '../../services/domain/approvals.ts'
import { roles } from '../../services/domain/permissions.ts'
import { leagueAdcodeOf, leagues, REGION_ADCODE } from '../../services/domain/region/region.ts'
import { findPlateProblem } from '../../services/domain/vehicle.ts'
import { apportion } from '../../services/embedded/demo/random.ts'
import { buildRegion } from '../../services/embedded/demo/region.ts'

const region = buildRegion(1)
const unit = (organisationId: number) => region.organisations[organisationId - 1]!

t.test('the region has 12 leagues and 103 banners, each with departments, in a tree of three tiers', async (t) => {
  const ofKind = (kind: string) => region.organisations.filter((o) => o.kind === kind)
  t.equal(ofKind('league').length, 12)
  t.equal(ofKind('banner').length, 103)
  for (const place of region.organisations.filter((o) => o.kind !== 'unit')) {
    t.ok(ofKind('unit').filter((o) => o.parentId === place.organisationId).length >= 25, `${place.name} has departments`)
  }
  for (const child of region.organisations.slice(1)) {
    const parent = unit(child.parentId!)
    if (!(parent.lft < child.lft && child.rgt < parent.rgt)) t.fail(`${child.name} lies outside ${parent.name}`)
  }
})

t.test('the fleet is the plan: 14,287 official, 8,767 law-enforcement and 134 leased vehicles', async (t) => {
  const count = (vehicleClass: string) => region.fleet.filter((v) => v.class === vehicleClass).length
  t.same([count('official'), count('law_enforcement'), count('leased')], [14_287, 8_767, 134])
})

t.test('every plate is valid, given once, and carries the letter of its league', async (t) => {
  t.equal(new Set(region.fleet.map((v) => v.plate)).size, region.fleet.length)
  for (const vehicle of region.fleet) {
    const adcode = unit(vehicle.userUnitId).adcode
    const league = leagues.find((l) => l.adcode === leagueAdcodeOf(adcode)) ?? leagues[0]!
    if (findPlateProblem(vehicle.plate)) t.fail(`${vehicle.plate} is no plate`)
    if (!vehicle.plate.startsWith(adcode === REGION_ADCODE ? '蒙A' : league.plate)) t.fail(`${vehicle.plate} is not of ${league.name}`)
    const green = vehicle.energy === 'electric' || vehicle.energy === 'plug_in_hybrid'
    if (vehicle.plateColour === 'green' && !green) t.fail(`${vehicle.plate} is green and burns ${vehicle.energy}`)
  }
})

t.test('every vehicle has one terminal with a number of its own', async (t) => {
  t.equal(new Set(region.fleet.map((v) => v.terminalId)).size, region.fleet.length)
  t.ok(region.fleet.every((v) => TERMINAL_ID.test(v.terminalId)))
})

t.test('there is a demo account for every role', async (t) => {
  t.same([...new Set(region.accounts.map((a) => a.role))].sort(), [...roles].sort())
})

t.test('the same seed makes the same region, another seed another one', async (t) => {
  t.same(buildRegion(1), region)
  t.notSame(buildRegion(2).fleet[0], region.fleet[0])
})

t.test('apportioned parts add up to the whole', async (t) => {
  t.same(apportion(10, [1, 1, 1]), [4, 3, 3])
  t.equal(
    apportion(
      14_287,
      region.organisations.map((o) => o.weights.official),
    ).reduce((a, b) => a + b),
    14_287,
  )
})

t.test('three dozen vehicles are sensitive, the same with every build, and none of the unit whose manager tries the ledger', async (t) => {
  t.equal(new Set(region.secrets).size, 36)
  t.same(buildRegion(1).secrets, region.secrets)
  const manager = region.accounts.find(({ role }) => role === 'fleet_manager')!
  for (const vehicleId of region.secrets) {
    const { category, userUnitId } = region.fleet[vehicleId - 1]!
    t.match(category, /^(CONFIDENTIAL_COURIER|LAW_ENFORCEMENT)$/)
    t.not(userUnitId, manager.organisationId)
  }
})

t.test(
  'its terms are sound: rules that a bureau exists for, a price for each supplier that rents, and a budget for each unit with vehicles',
  async (t) => {
    const { rules, tariffs, budgets, agreements } = region.terms
    approvalRulesSchema.parse(rules)
    for (const { level } of rules.rules)
      t.ok(
        region.accounts.some(({ role, organisationId }) => role === 'bureau_admin' && unit(organisationId).kind === level),
        `somebody decides for the ${level}`,
      )
    const renting = region.suppliers.filter(({ kinds }) => kinds.includes('rental')).map(({ supplierId }) => supplierId)
    t.same([...new Set(tariffs.flatMap(({ supplierId }) => supplierId ?? []))], renting)
    for (const { kind, supplierId, organisationId, ...prices } of tariffs) {
      if (supplierId !== null) t.equal(organisationId, region.suppliers[supplierId - 1]!.organisationId)
      t.equal(kind === 'lease', supplierId !== null)
      for (const value of Object.values(prices)) if (typeof value === 'number') t.ok(Number.isInteger(value) && value >= 0)
    }
    t.same(budgets.map(({ unitId }) => unitId).sort(), [...new Set(region.fleet.map(({ userUnitId }) => userUnitId))].sort())
    t.ok(budgets.every(({ fen }) => Number.isInteger(fen) && fen > 10_000_00))
    t.ok(agreements.every(({ lenderId, borrowerId }) => lenderId !== borrowerId))
  },
)
