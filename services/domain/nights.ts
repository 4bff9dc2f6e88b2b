// Where a vehicle stands at night: its rests, by the nights that they reach into, put together where they are one place. Pure.
import { DAY_MS, dayAt, ZONE_OFFSET_MS } from './days.ts'
import { distanceM } from './geofence.ts'

const FROM_HOUR = 22
const UNTIL_HOUR = 6
const HOUR_MS = 3_600_000
/** A rest counts in a night with so much of it. */
const LEAST_MS = HOUR_MS
/** Rests so close to each other are at one place: as far as a place of rest reaches, twice. */
const PLACE_M = 200

export type Rest = { fromMs: number; untilMs: number; lon: number; lat: number }
/** `days`: of the evenings. */
export type NightPlace = { lon: number; lat: number; hours: number; days: string[] }

export type Night = { day: string; fromMs: number; untilMs: number }
/** The nights of which any part lies within a window, cut at its ends. */
export function nightsWithin(fromMs: number, untilMs: number): Night[] {
  const nights: Night[] = []
  const midnight = Math.floor((fromMs + ZONE_OFFSET_MS) / DAY_MS) * DAY_MS - ZONE_OFFSET_MS
  for (let start = midnight - DAY_MS; start < untilMs; start += DAY_MS) {
    const [begins, ends] = [Math.max(fromMs, start + FROM_HOUR * HOUR_MS), Math.min(untilMs, start + DAY_MS + UNTIL_HOUR * HOUR_MS)]
    if (ends - begins >= LEAST_MS) nights.push({ day: dayAt(start), fromMs: begins, untilMs: ends })
  }
  return nights
}

/** The places, those of most nights first; and how many nights say nothing of where it stood. */
export function nightPlacesOf(rests: readonly Rest[], nights: readonly Night[]): { places: NightPlace[]; unknown: number } {
  const found: (NightPlace & { weight: number })[] = []
  let unknown = 0
  for (const night of nights) {
    let known = false
    for (const rest of rests) {
      const ms = Math.min(rest.untilMs, night.untilMs) - Math.max(rest.fromMs, night.fromMs)
      if (ms < LEAST_MS) continue
      known = true
      const place = found.find(({ lon, lat }) => distanceM([lon, lat], [rest.lon, rest.lat]) <= PLACE_M)
      if (!place) {
        found.push({ lon: rest.lon, lat: rest.lat, hours: ms / HOUR_MS, days: [night.day], weight: ms })
        continue
      }
      // Where it stood longest counts most.
      place.lon += ((rest.lon - place.lon) * ms) / (place.weight + ms)
      place.lat += ((rest.lat - place.lat) * ms) / (place.weight + ms)
      place.weight += ms
      place.hours += ms / HOUR_MS
      if (place.days.at(-1) !== night.day) place.days.push(night.day)
    }
    if (!known) unknown++
  }
  const places = found.map(({ weight: _weight, ...place }) => place)
  return { places: places.sort((a, b) => b.days.length - a.days.length || b.hours - a.hours), unknown }
}
