// The 12 leagues and 103 banners of Inner Mongolia (GB/T 2260 codes, approximate WGS-84 seats).
import { z } from 'zod'
import divisions from './divisions.json' with { type: 'json' }

export const REGION_ADCODE = '150000'
export const REGION_NAME = '内蒙古自治区'
/** Bounding box of the region in degrees: [west, south, east, north]. */
export const REGION_BBOX: readonly [number, number, number, number] = [97.17, 37.41, 126.08, 53.34]

export const adcodeSchema = z
  .string()
  .regex(/^15\d{4}$/, '应为本区行政区划代码：15 开头的六位数字 / a GB/T 2260 code of the region: 15 and four digits')

const seatSchema = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)])
const bannerSchema = z.object({ adcode: adcodeSchema, name: z.string(), seat: seatSchema })
const leagueSchema = bannerSchema.extend({ plate: z.string().regex(/^蒙[A-Z]$/), counties: z.array(bannerSchema) })

/** A league or city (盟市) with its plate prefix, for example 蒙A, and its banners and counties. */
export type League = z.infer<typeof leagueSchema>

/** The twelve leagues in the order of their codes, each with its banners. */
export const leagues: readonly League[] = z.array(leagueSchema).parse(divisions.divisions)

/** The code of a league, or of a banner of the league that `below` belongs to, by its official name; undefined for any other name. */
export function adcodeNamed(name: string, kind: 'region' | 'league' | 'banner', below: string): string | undefined {
  if (kind === 'region') return undefined
  if (kind === 'league') return leagues.find((league) => league.name === name)?.adcode
  return leagues.find(({ adcode }) => adcode === leagueAdcodeOf(below))?.counties.find((banner) => banner.name === name)?.adcode
}

/** The league's adcode (four digits and 00) that a banner's or league's adcode belongs to. */
export const leagueAdcodeOf = (adcode: string): string => `${adcode.slice(0, 4)}00`
