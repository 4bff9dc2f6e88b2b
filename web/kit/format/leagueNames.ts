// The areas that counts are given for: the twelve leagues and cities, and the units of the region itself, which stand in its capital.
// English names are the romanised ones in use.
import { leagues, REGION_ADCODE } from '../../../services/domain/region/region.ts'
import type { Locale } from './time.ts'

export type CountedArea = { adcode: string; name: string; seat: readonly [number, number] }

const CAPITAL = '150100'

const englishNames: Record<string, string> = {
  [REGION_ADCODE]: 'Region',
  [CAPITAL]: 'Hohhot',
  '150200': 'Baotou',
  '150300': 'Wuhai',
  '150400': 'Chifeng',
  '150500': 'Tongliao',
  '150600': 'Ordos',
  '150700': 'Hulunbuir',
  '150800': 'Bayannur',
  '150900': 'Ulanqab',
  '152200': 'Hinggan',
  '152500': 'Xilingol',
  '152900': 'Alxa',
}

const capital = leagues.find(({ adcode }) => adcode === CAPITAL)!

/** In the order of their codes, the region's own units first. */
export const countedAreas: readonly CountedArea[] = [{ adcode: REGION_ADCODE, name: '自治区本级', seat: capital.seat }, ...leagues]

/** English name of a counted area by adcode, or undefined for anything else. */
export const findEnglishLeagueName = (adcode: string): string | undefined => englishNames[adcode]

export const areaName = ({ adcode, name }: Pick<CountedArea, 'adcode' | 'name'>, locale: Locale): string =>
  (locale === 'en' && englishNames[adcode]) || name
