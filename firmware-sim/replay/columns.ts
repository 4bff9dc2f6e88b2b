// The headings of recorded tracks: the names by which programs call a column, in English and Chinese, and the unit that a heading may say
// ("speed (m/s)", speed_kph, 速度(km/h)).
import { readOffset } from '../../services/tables/writtenTime.ts'

/** What a column holds. Names in the order in which they are preferred, folded: no case, spaces, marks or brackets. */
const names = {
  device:
    'device deviceid devicename deviceno imei terminal terminalid terminalno tracker trackerid vehicle vehicleid vehicleno plate plateno platenumber licenseplate licenceplate carno unitid simno id 设备 设备号 设备编号 设备id 设备名称 终端 终端号 终端编号 终端id 车牌 车牌号 车牌号码 号牌 号牌号码 车辆 车号 车辆编号 自编号',
  time: 'time gpstime fixtime devicetime positiontime locationtime timestamp gpstimestamp datetime gpsdatetime recordtime reporttime utctime timeutc gpsutc utc datetimeutc localtime epoch unixtime ts 时间 定位时间 gps时间 设备时间 采集时间 记录时间 上报时间 北京时间 日期时间 时间戳',
  date: 'date gpsdate 日期',
  lat: 'lat latitude gpslat gpslatitude wgs84lat 纬度 gps纬度',
  lon: 'lon lng long longitude gpslon gpslng gpslongitude wgs84lon wgs84lng 经度 gps经度',
  speed: 'speed gpsspeed vehiclespeed velocity sog 速度 车速 gps速度 行驶速度 kmh kph',
  heading: 'heading headingdeg course cog bearing direction azimuth angle 方向 方向角 航向 航向角 角度',
  altitude: 'altitude alt ele elevation 海拔 海拔高度 高程 高度',
  odometer: 'odometer mileage 里程 总里程 里程表',
} as const
export type ColumnName = keyof typeof names

/** Factors to km/h and to metres by folded unit. An odometer without a unit may be metres, kilometres or tenths: it is not read. */
const factors: Partial<Record<ColumnName, Record<string, number>>> = {
  speed: {
    '': 1,
    kmh: 1,
    kph: 1,
    kmph: 1,
    公里小时: 1,
    千米小时: 1,
    公里时: 1,
    ms: 3.6,
    mps: 3.6,
    米秒: 3.6,
    knots: 1.852,
    knot: 1.852,
    kn: 1.852,
    kt: 1.852,
    kts: 1.852,
    节: 1.852,
    mph: 1.609344,
  },
  altitude: { '': 1, m: 1, 米: 1, ft: 0.3048, feet: 0.3048 },
  odometer: { m: 1, 米: 1, km: 1000, 公里: 1000, 千米: 1000 },
}

/** `factor` to the unit of the position message; `offsetMin` where the heading of a time says its zone. */
export type FoundColumn = { at: number; heading: string; factor: number; offsetMin: number | undefined }
export type Columns = Partial<Record<ColumnName, FoundColumn>>

const fold = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

/** Which column is where in a row of headings. Headings that nobody knows, or whose unit nobody knows, are left out. */
export function findColumns(headings: readonly string[]): Columns {
  const found: Columns = {}
  const ranks: Partial<Record<ColumnName, number>> = {}
  for (const [at, heading] of headings.entries()) {
    const meant = meaningOf(heading)
    if (!meant || meant.rank >= (ranks[meant.name] ?? Number.POSITIVE_INFINITY)) continue
    ranks[meant.name] = meant.rank
    found[meant.name] = { at, heading: heading.trim(), factor: meant.factor, offsetMin: offsetSaid(heading) }
  }
  return found
}

function meaningOf(heading: string): { name: ColumnName; rank: number; factor: number } | undefined {
  const [, outside = '', unit = ''] = /^([^([（【]*)(?:[([（【]([^)\]）】]*))?/.exec(heading)!
  const said = fold(outside)
  for (const name of Object.keys(names) as ColumnName[]) {
    const units = factors[name]
    for (const [rank, known] of names[name].split(' ').entries()) {
      if (said === known) {
        const factor = units ? units[fold(unit)] : 1
        return factor === undefined ? undefined : { name, rank, factor }
      }
      const factor = said.startsWith(known) ? units?.[said.slice(known.length)] : undefined
      if (factor !== undefined && unit === '') return { name, rank, factor }
    }
  }
  return undefined
}

/** "time (UTC)", utc_time and 北京时间 say their zone. */
function offsetSaid(heading: string): number | undefined {
  if (/北京|beijing/i.test(heading)) return 8 * 60
  const zone = /(?:utc|gmt)\s*(?:[+\-\u2212]\s*\d{1,2}(?::?\d\d)?)?/i.exec(heading.normalize('NFKC'))?.[0]
  return zone === undefined ? undefined : readOffset(zone.replace(/\s/g, ''))
}
