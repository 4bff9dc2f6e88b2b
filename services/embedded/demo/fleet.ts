// The 23,188 vehicles of the plan, spread over the units of the demo region. Class totals are exact; everything else is drawn.
import { DAY_MS } from '../../domain/days.ts'
import { leagueAdcodeOf, leagues, REGION_ADCODE } from '../../domain/region/region.ts'
import type { EnergyType, PlateColour, VehicleCategory, VehicleClass } from '../../domain/vehicle.ts'
import type { DemoOrganisation } from './organisations.ts'
import { createPlateOffice } from './plates.ts'
import { apportion, type Random } from './random.ts'

/** 内蒙古自治区机关事务工作“十四五”规划, ch. 1: vehicles connected to the one network. */
export const FLEET_SIZE: Record<VehicleClass, number> = { official: 14_287, law_enforcement: 8_767, leased: 134 }

export type DemoVehicle = {
  vehicleId: number
  plate: string
  plateColour: PlateColour
  class: VehicleClass
  category: VehicleCategory
  energy: EnergyType
  make: string
  model: string
  seats: number
  displacementMl: number | null
  registeredOn: string
  ownerUnitId: number
  userUnitId: number
  terminalId: string
  home: [number, number]
  odometerM: number
}

type Model = { make: string; model: string; energy: EnergyType; seats: number; displacementMl: number | null; yellow?: true }
const sedan: readonly Model[] = [
  { make: '红旗', model: 'H5', energy: 'petrol', seats: 5, displacementMl: 1498 },
  { make: '一汽奔腾', model: 'B70', energy: 'petrol', seats: 5, displacementMl: 1498 },
  { make: '吉利', model: '星瑞', energy: 'petrol', seats: 5, displacementMl: 1477 },
  { make: '上汽大众', model: '朗逸', energy: 'petrol', seats: 5, displacementMl: 1498 },
  { make: '长安', model: '逸动', energy: 'petrol', seats: 5, displacementMl: 1494 },
]
const newEnergy: readonly Model[] = [
  { make: '比亚迪', model: '秦PLUS EV', energy: 'electric', seats: 5, displacementMl: null },
  { make: '广汽埃安', model: 'AION S', energy: 'electric', seats: 5, displacementMl: null },
  { make: '红旗', model: 'E-QM5', energy: 'electric', seats: 5, displacementMl: null },
  { make: '比亚迪', model: '秦PLUS DM-i', energy: 'plug_in_hybrid', seats: 5, displacementMl: 1498 },
  { make: '比亚迪', model: '宋PLUS DM-i', energy: 'plug_in_hybrid', seats: 5, displacementMl: 1498 },
]
const offRoad: readonly Model[] = [
  { make: '哈弗', model: 'H6', energy: 'petrol', seats: 5, displacementMl: 1499 },
  { make: '长安', model: 'CS75', energy: 'petrol', seats: 5, displacementMl: 1494 },
  { make: '奇瑞', model: '瑞虎8', energy: 'petrol', seats: 7, displacementMl: 1598 },
  { make: '长城', model: '炮', energy: 'diesel', seats: 5, displacementMl: 1996 },
  { make: '江铃', model: '宝典', energy: 'diesel', seats: 5, displacementMl: 1996 },
]
const vans: readonly Model[] = [
  { make: '传祺', model: 'M6', energy: 'petrol', seats: 7, displacementMl: 1497 },
  { make: '江铃', model: '全顺', energy: 'diesel', seats: 14, displacementMl: 1995 },
  { make: '宇通', model: 'ZK6729', energy: 'diesel', seats: 28, displacementMl: 3767, yellow: true },
]

const fleetMix: Record<VehicleCategory, readonly (readonly [readonly Model[], number])[]> = {
  CONFIDENTIAL_COURIER: [
    [sedan, 6],
    [newEnergy, 4],
  ],
  EMERGENCY_SUPPORT: [
    [offRoad, 5],
    [sedan, 3],
    [newEnergy, 2],
    [vans, 1],
  ],
  LAW_ENFORCEMENT: [
    [sedan, 4],
    [offRoad, 4],
    [newEnergy, 2],
    [vans, 1],
  ],
  SPECIAL_TECHNICAL: [
    [vans, 4],
    [offRoad, 5],
    [newEnergy, 1],
  ],
  OTHER_APPROVED: [
    [sedan, 4],
    [newEnergy, 3],
    [vans, 2],
    [offRoad, 1],
  ],
  LEASED_SERVICE: [
    [newEnergy, 6],
    [sedan, 2],
    [vans, 2],
  ],
}
const officialCategories: readonly (readonly [VehicleCategory, number])[] = [
  ['CONFIDENTIAL_COURIER', 12],
  ['EMERGENCY_SUPPORT', 38],
  ['SPECIAL_TECHNICAL', 16],
  ['OTHER_APPROVED', 34],
]

const platePrefix = new Map(leagues.map((league) => [league.adcode, league.plate]))
const plateOf = (model: Model, police: boolean): PlateColour => {
  if (police) return 'white'
  if (model.yellow) return 'yellow'
  return model.energy === 'electric' || model.energy === 'plug_in_hybrid' ? 'green' : 'blue'
}

/** All vehicles, numbered from 1, with one terminal each. `today` bounds the dates of registration. */
export function buildFleet(organisations: readonly DemoOrganisation[], random: Random, today: Date): DemoVehicle[] {
  const office = createPlateOffice(random)
  const fleet: DemoVehicle[] = []
  for (const vehicleClass of ['official', 'law_enforcement', 'leased'] as const) {
    const counts = apportion(
      FLEET_SIZE[vehicleClass],
      organisations.map((unit) => unit.weights[vehicleClass]),
    )
    organisations.forEach((unit, i) => {
      for (let n = 0; n < counts[i]!; n++) fleet.push(buildVehicle(fleet.length + 1, unit, vehicleClass))
    })
  }
  return fleet

  function buildVehicle(vehicleId: number, unit: DemoOrganisation, vehicleClass: VehicleClass): DemoVehicle {
    const category: VehicleCategory =
      vehicleClass === 'law_enforcement'
        ? 'LAW_ENFORCEMENT'
        : vehicleClass === 'leased'
          ? 'LEASED_SERVICE'
          : random.weighted(officialCategories)
    const model = random.pick(random.weighted(fleetMix[category]))
    const ageDays = random.int(30, 12 * 365)
    const colour = plateOf(model, unit.police && vehicleClass === 'law_enforcement')
    const league = unit.adcode === REGION_ADCODE ? leagues[0]!.adcode : leagueAdcodeOf(unit.adcode)
    return {
      vehicleId,
      plate: office.issue(platePrefix.get(league)!, colour, model.energy),
      plateColour: colour,
      class: vehicleClass,
      category,
      energy: model.energy,
      make: model.make,
      model: model.model,
      seats: model.seats,
      displacementMl: model.displacementMl,
      registeredOn: new Date(today.getTime() - ageDays * DAY_MS).toISOString().slice(0, 10),
      // After the unification of ownership some vehicles belong to the level's office-affairs unit and are used elsewhere.
      ownerUnitId: random.next() < 0.2 ? officeAffairsOf(unit) : unit.organisationId,
      userUnitId: unit.organisationId,
      terminalId: `T${unit.adcode}${String(vehicleId).padStart(5, '0')}`,
      home: [unit.yard[0] + (random.next() - 0.5) * 0.0012, unit.yard[1] + (random.next() - 0.5) * 0.0009],
      odometerM: Math.round((ageDays / 365) * random.int(6_000, 24_000)) * 1000 + random.int(0, 999),
    }
  }

  function officeAffairsOf(unit: DemoOrganisation): number {
    const found = organisations.find((o) => o.parentId === unit.parentId && o.kind === 'unit' && /机关事务/.test(o.name))
    return found?.organisationId ?? unit.organisationId
  }
}
