// Where the map should look for an administrative area: its seat, closer for a banner than for a league.
import { leagueAdcodeOf, leagues, REGION_ADCODE } from '../../services/domain/region/region.ts'
import { countedAreas } from '../kit/format/leagueNames.ts'

type MapPlace = { center: [number, number]; zoom: number }

const LEAGUE_ZOOM = 7.5
const BANNER_ZOOM = 11

/** null = the whole region. */
export function placeOf(adcode: string | undefined): MapPlace | null {
  if (!adcode || adcode === REGION_ADCODE) return null
  const league = leagues.find((known) => known.adcode === leagueAdcodeOf(adcode))
  if (!league) return null
  const banner = league.counties.find((known) => known.adcode === adcode)
  return { center: [...(banner ?? league).seat], zoom: banner ? BANNER_ZOOM : LEAGUE_ZOOM }
}

/** Where the vehicles counted for an area are looked for; the region's own units stand in the capital. */
export function placeOfCounted(adcode: string): MapPlace | null {
  const area = countedAreas.find((known) => known.adcode === adcode)
  return area ? { center: [...area.seat], zoom: LEAGUE_ZOOM } : null
}
