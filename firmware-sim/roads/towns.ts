// The 115 seats as towns: how far their streets reach and which lattice the streets lie on.
import { type League, leagues, REGION_ADCODE } from '../../services/domain/region/region.ts'
import { distanceM } from '../geo.ts'
import { chanceOf } from '../random.ts'

export type Town = { adcode: string; league: number; lon: number; lat: number; radiusM: number; isLeagueSeat: boolean }

/** League seats first in each league, then its banners, in the order of their codes. */
export function listTowns(seed: number): Town[] {
  return leagues.flatMap((league, index) => {
    const place = (adcode: string, seat: readonly [number, number], radiusM: number, isLeagueSeat: boolean): Town => ({
      adcode,
      league: index,
      lon: seat[0],
      lat: seat[1],
      radiusM: Math.round(radiusM * (0.9 + 0.2 * chanceOf(seed, Number(adcode)))),
      isLeagueSeat,
    })
    return [
      place(league.adcode, league.seat, leagueRadiusM(league), true),
      ...league.counties.map(({ adcode, name, seat }) => place(adcode, seat, bannerRadiusM(name), false)),
    ]
  })
}

/** The town where vehicles of this adcode are kept; the region's own stand in its capital. */
export function townOf(towns: readonly Town[], adcode: string): number {
  const found = towns.findIndex((town) => town.adcode === adcode)
  return adcode === REGION_ADCODE || found < 0 ? 0 : found
}

/** The town whose seat is nearest, and how far it is. */
export function nearestTown(towns: readonly Town[], lon: number, lat: number): { town: Town; distanceM: number } {
  let best = towns[0] as Town
  let bestM = Number.POSITIVE_INFINITY
  for (const town of towns) {
    const d = distanceM(lon, lat, town.lon, town.lat)
    if (d < bestM) {
      best = town
      bestM = d
    }
  }
  return { town: best, distanceM: bestM }
}

/** The two big cities of the region spread furthest. */
function leagueRadiusM({ adcode, counties }: League): number {
  if (adcode === '150100') return 9000
  if (adcode === '150200') return 7500
  return counties.length >= 6 ? 5200 : 4200
}

function bannerRadiusM(name: string): number {
  if (name.endsWith('区')) return 4200
  if (name.endsWith('市')) return 3200
  return 2300
}
