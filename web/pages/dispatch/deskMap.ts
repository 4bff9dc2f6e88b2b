// The live map beside the board, outside React: vehicles as they report, and the trips of the board. Positions never pass through React.
import { isSecretNo } from '../../../services/domain/secrecy.ts'
import type { Locale } from '../../kit/format/time.ts'
import type { Theme } from '../../kit/theme/palette.ts'
import { placeOfCounted } from '../../map/areaPlaces.ts'
import { FleetMap, type MapSources, type MapView } from '../../map/fleetMap.ts'
import { boundsOf, type MapTrip } from '../../map/tripOverlay.ts'
import { LiveConnection } from '../../parts/live/liveConnection.ts'
import type { Roster } from '../../parts/live/roster.ts'
import type { MapPlace } from '../../parts/vehicle/liveUrl.ts'

type Options = {
  container: HTMLElement
  theme: Theme
  locale: Locale
  sources: MapSources
  at: MapPlace | null
  roster: Roster
  /** What stands where a plate would for a vehicle that is seen coarsely. */
  secretName: string
  onVehicle: (vehicleId: number | null) => void
  onRefused: (code: string) => void
  /** What may be seen of sensitive vehicles has changed. */
  onSight: () => void
  onEnded: () => void
}

export class DeskMap {
  readonly #map: FleetMap
  readonly #line: LiveConnection
  #lookedAt = ''

  constructor({ roster, at, secretName, onVehicle, onRefused, onSight, onEnded, ...look }: Options) {
    this.#map = new FleetMap({
      ...look,
      view: at,
      labelOf: (id) => (isSecretNo(id) ? secretName : roster.plateOf(id)),
      classOf: (id) => roster.classOf(id),
      onView: (view: MapView) => this.#line.see({ bbox: view.bbox, zoom: view.zoom, detail: 'marks', filter: {} }),
      onSelect: onVehicle,
      onLeague: (adcode) => {
        const place = placeOfCounted(adcode)
        if (place) this.#map.flyTo(place)
      },
    })
    this.#line = new LiveConnection({
      snapshot: (frame) => this.#map.showSnapshot(frame),
      delta: (frame) => this.#map.applyDelta(frame),
      cells: (cells) => this.#map.showCells(cells),
      counts: ({ byLeague }) => this.#map.showLeagueCounts(byLeague),
      sight: onSight,
      refused: onRefused,
      ended: onEnded,
    })
  }

  /** The trips of the board; another one that is chosen is looked at once. */
  show(trips: readonly MapTrip[]): void {
    this.#map.showTrips(trips)
    const chosen = trips.find((trip) => trip.chosen)
    if (!chosen || chosen.id === this.#lookedAt) return
    this.#lookedAt = chosen.id
    this.#map.flyTo({ bbox: boundsOf(chosen.places) })
  }

  /** The vehicle that is offered first, or whose trip is chosen. */
  point(vehicleId: number | null): void {
    this.#map.select(vehicleId)
  }

  setTheme(theme: Theme): void {
    this.#map.setTheme(theme)
  }

  setLocale(locale: Locale): void {
    this.#map.setLocale(locale)
  }

  destroy(): void {
    this.#line.close()
    this.#map.destroy()
  }
}
