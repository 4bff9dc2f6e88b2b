// The organisation tree of the demo region: region → leagues → banners, each with the departments that a government of that
// tier has. Department names are the ordinary ones; which of them keeps how many vehicles is made up.
import { leagues, REGION_ADCODE, REGION_NAME } from '../../domain/region/region.ts'
import type { OrganisationKind } from '../../domain/vehicle.ts'
import type { Random } from './random.ts'

export type DemoOrganisation = {
  organisationId: number
  parentId: number | null
  kind: OrganisationKind
  adcode: string
  name: string
  lft: number
  rgt: number
  /** Where the unit's yard is: WGS-84 [lon, lat] near the seat, invented. */
  yard: [number, number]
  /** Share of each class of vehicles, relative to other units of the region. */
  weights: { official: number; law_enforcement: number; leased: number }
  /** Police, courts and prosecutors carry white plates ending in 警. */
  police: boolean
}

type Tier = 'region' | 'league' | 'banner'
type Department = {
  stem: string
  regionName?: string
  official: number
  enforcement?: number
  police?: true
  leased?: number
  tiers?: readonly Tier[]
}

// `stem` follows the place's name at league and banner tier; `regionName` replaces the whole name at region tier.
const departments: readonly Department[] = [
  { stem: '机关事务服务中心', regionName: '内蒙古自治区机关事务管理局', official: 9 },
  { stem: '发展和改革委员会', official: 2 },
  { stem: '教育局', regionName: '内蒙古自治区教育厅', official: 3 },
  { stem: '科学技术局', regionName: '内蒙古自治区科学技术厅', official: 1 },
  { stem: '工业和信息化局', regionName: '内蒙古自治区工业和信息化厅', official: 2 },
  { stem: '民族事务委员会', official: 1 },
  { stem: '公安局', regionName: '内蒙古自治区公安厅', official: 2, enforcement: 34, police: true },
  { stem: '民政局', regionName: '内蒙古自治区民政厅', official: 2 },
  { stem: '司法局', regionName: '内蒙古自治区司法厅', official: 2, enforcement: 4, police: true },
  { stem: '财政局', regionName: '内蒙古自治区财政厅', official: 2 },
  { stem: '人力资源和社会保障局', regionName: '内蒙古自治区人力资源和社会保障厅', official: 2, enforcement: 1 },
  { stem: '自然资源局', regionName: '内蒙古自治区自然资源厅', official: 3, enforcement: 3 },
  { stem: '生态环境局', regionName: '内蒙古自治区生态环境厅', official: 3, enforcement: 4 },
  { stem: '住房和城乡建设局', regionName: '内蒙古自治区住房和城乡建设厅', official: 2, enforcement: 1 },
  { stem: '交通运输局', regionName: '内蒙古自治区交通运输厅', official: 3, enforcement: 6 },
  { stem: '水利局', regionName: '内蒙古自治区水利厅', official: 4, enforcement: 1 },
  { stem: '农牧局', regionName: '内蒙古自治区农牧厅', official: 5, enforcement: 3 },
  { stem: '商务局', regionName: '内蒙古自治区商务厅', official: 1, tiers: ['region', 'league'] },
  { stem: '文化和旅游局', regionName: '内蒙古自治区文化和旅游厅', official: 2, enforcement: 2 },
  { stem: '卫生健康委员会', official: 5, enforcement: 1 },
  { stem: '退役军人事务局', regionName: '内蒙古自治区退役军人事务厅', official: 1 },
  { stem: '应急管理局', regionName: '内蒙古自治区应急管理厅', official: 5, enforcement: 3 },
  { stem: '审计局', regionName: '内蒙古自治区审计厅', official: 1 },
  { stem: '市场监督管理局', official: 3, enforcement: 9 },
  { stem: '林业和草原局', official: 4, enforcement: 5 },
  { stem: '统计局', official: 1 },
  { stem: '医疗保障局', official: 1 },
  { stem: '城市管理综合执法局', official: 1, enforcement: 7, tiers: ['league', 'banner'] },
  { stem: '人民法院', regionName: '内蒙古自治区高级人民法院', official: 1, enforcement: 7, police: true },
  { stem: '人民检察院', regionName: '内蒙古自治区人民检察院', official: 1, enforcement: 4, police: true },
  { stem: '融媒体中心', official: 1, tiers: ['league', 'banner'] },
  { stem: '疾病预防控制中心', regionName: '内蒙古自治区疾病预防控制中心', official: 3 },
  { stem: '农牧业技术推广中心', regionName: '内蒙古自治区农牧业技术推广中心', official: 2 },
  { stem: '公务用车租赁服务站', regionName: '内蒙古自治区公务用车租赁服务平台', official: 0, leased: 1, tiers: ['region', 'league'] },
]

const tierWeight: Record<Tier, number> = { region: 8, league: 2.6, banner: 1 }
const governmentOffice = (name: string) => (name.endsWith('盟') ? `${name}行政公署办公室` : `${name}人民政府办公室`)

/** The whole tree, parents before children, with nested-set numbers. */
export function buildOrganisations(random: Random): DemoOrganisation[] {
  const rows: DemoOrganisation[] = []
  let counter = 0
  const near = ([lon, lat]: readonly [number, number], km: number): [number, number] => {
    const angle = random.next() * 2 * Math.PI
    const distance = Math.sqrt(random.next()) * km
    return [lon + (distance * Math.cos(angle)) / (111.32 * Math.cos((lat * Math.PI) / 180)), lat + (distance * Math.sin(angle)) / 110.57]
  }
  const open = (parent: DemoOrganisation | null, kind: OrganisationKind, adcode: string, name: string, yard: [number, number]) => {
    const row: DemoOrganisation = {
      organisationId: rows.length + 1,
      parentId: parent?.organisationId ?? null,
      kind,
      adcode,
      name,
      lft: ++counter,
      rgt: 0,
      yard,
      weights: { official: 0, law_enforcement: 0, leased: 0 },
      police: false,
    }
    rows.push(row)
    return row
  }
  const close = (row: DemoOrganisation) => {
    row.rgt = ++counter
  }
  const units = (parent: DemoOrganisation, tier: Tier, seat: readonly [number, number]) => {
    const size = tierWeight[tier] * (0.7 + 0.6 * random.next())
    const office = open(
      parent,
      'unit',
      parent.adcode,
      tier === 'region' ? `${REGION_NAME}人民政府办公厅` : governmentOffice(parent.name),
      near(seat, 0.8),
    )
    office.weights.official = 4 * size
    close(office)
    for (const department of departments) {
      if (department.tiers && !department.tiers.includes(tier)) continue
      const name = tier === 'region' ? (department.regionName ?? `${REGION_NAME}${department.stem}`) : `${parent.name}${department.stem}`
      const unit = open(parent, 'unit', parent.adcode, name, near(seat, tier === 'banner' ? 1.6 : 3))
      const share = size * (0.6 + 0.8 * random.next())
      unit.weights = {
        official: department.official * share,
        law_enforcement: (department.enforcement ?? 0) * share,
        leased: (department.leased ?? 0) * share,
      }
      unit.police = department.police ?? false
      close(unit)
    }
  }

  const capital = leagues[0]!
  const region = open(null, 'region', REGION_ADCODE, REGION_NAME, [...capital.seat])
  units(region, 'region', capital.seat)
  for (const league of leagues) {
    const leagueRow = open(region, 'league', league.adcode, league.name, [...league.seat])
    units(leagueRow, 'league', league.seat)
    for (const banner of league.counties) {
      const bannerRow = open(leagueRow, 'banner', banner.adcode, banner.name, [...banner.seat])
      units(bannerRow, 'banner', banner.seat)
      close(bannerRow)
    }
    close(leagueRow)
  }
  close(region)
  return rows
}
