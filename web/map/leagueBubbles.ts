// Counts by league, far out: a button for each over the map, area by vehicles, ring by the share that moves. The region's own
// units have one too, so that the bubbles add up to the total.
// They are DOM, so that the keyboard and a screen reader reach them; a dozen elements cost nothing to move.
import type { Map as MapLibreMap } from 'maplibre-gl'
import { areaName, type CountedArea, countedAreas } from '../kit/format/leagueNames.ts'
import type { Locale } from '../kit/format/time.ts'
import { spreadBubbles } from './spreadBubbles.ts'
import { sayIn } from './texts.ts'

export type LeagueCount = { adcode: string; total: number; moving: number }

/** From this zoom on single vehicles tell more than a count. */
export const BUBBLES_BELOW_ZOOM = 6
const SVG = 'http://www.w3.org/2000/svg'
const NARROW_PX = 640

type Entry = {
  league: CountedArea
  button: HTMLButtonElement
  ring: SVGCircleElement
  count: HTMLElement
  name: HTMLElement
  /** Completes the name for who does not see the ring. */
  rest: HTMLElement
  row: LeagueCount
}

export class LeagueBubbles {
  private readonly layer = document.createElement('div')
  private readonly entries: Entry[]
  private readonly map: MapLibreMap
  private locale: Locale

  constructor(map: MapLibreMap, locale: Locale, onLeague: (adcode: string) => void) {
    this.map = map
    this.locale = locale
    this.layer.className = 'fleet-map-bubbles'
    this.entries = countedAreas.map((league) => this.createEntry(league, onLeague))
    map.getCanvasContainer().append(this.layer)
    map.on('move', this.place)
    map.on('resize', this.place)
    this.place()
  }

  show(rows: LeagueCount[]): void {
    const byCode = new Map(rows.map((row) => [row.adcode, row]))
    for (const entry of this.entries) entry.row = byCode.get(entry.league.adcode) ?? { adcode: entry.league.adcode, total: 0, moving: 0 }
    this.write()
    this.place()
  }

  setLocale(locale: Locale): void {
    this.locale = locale
    this.write()
  }

  destroy(): void {
    this.map.off('move', this.place)
    this.map.off('resize', this.place)
    this.layer.remove()
  }

  private write(): void {
    const say = sayIn(this.locale)
    const number = new Intl.NumberFormat(this.locale)
    for (const { league, button, ring, count, name, rest, row } of this.entries) {
      name.textContent = areaName(league, this.locale).replace(/[市盟]$|^自治/, '')
      count.textContent = number.format(row.total)
      rest.textContent = say('map.bubbleMoving', { moving: number.format(row.moving) })
      ring.setAttribute('stroke-dasharray', `${row.total === 0 ? 0 : (row.moving / row.total) * 100} 100`)
      button.hidden = row.total === 0
    }
  }

  private readonly place = (): void => {
    const hidden = this.map.getZoom() >= BUBBLES_BELOW_ZOOM
    this.layer.hidden = hidden
    if (hidden) return
    const shown = this.entries.filter(({ row }) => row.total > 0)
    const most = Math.max(1, ...shown.map(({ row }) => row.total))
    const narrow = this.map.getContainer().clientWidth < NARROW_PX
    const { smallest, largest } = narrow ? { smallest: 15, largest: 22 } : { smallest: 23, largest: 36 }
    this.layer.classList.toggle('is-narrow', narrow)
    const anchors = shown.map(({ league, row }) => {
      const { x, y } = this.map.project([...league.seat])
      return { x, y, radius: Math.max(smallest, largest * Math.sqrt(row.total / most)) }
    })
    for (const [i, { x, y }] of spreadBubbles(anchors).entries()) {
      const { style } = shown[i]!.button
      const radius = anchors[i]!.radius
      style.width = `${2 * radius}px`
      style.height = `${2 * radius}px`
      style.transform = `translate(${Math.round(x - radius)}px, ${Math.round(y - radius)}px)`
      shown[i]!.button.classList.toggle('is-small', radius < 27)
    }
  }

  private createEntry(league: Entry['league'], onLeague: (adcode: string) => void): Entry {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'fleet-map-bubble'
    button.hidden = true
    const circle = (className: string) => {
      const element = document.createElementNS(SVG, 'circle')
      for (const [key, value] of Object.entries({ cx: '18', cy: '18', r: '16.2', pathLength: '100', class: className }))
        element.setAttribute(key, value)
      return element
    }
    const svg = document.createElementNS(SVG, 'svg')
    svg.setAttribute('viewBox', '0 0 36 36')
    svg.setAttribute('aria-hidden', 'true')
    const ring = circle('fleet-map-ring')
    svg.append(circle('fleet-map-disc'), ring)
    const count = document.createElement('strong')
    const name = document.createElement('span')
    const rest = document.createElement('em')
    button.append(svg, count, ' ', name, rest)
    button.addEventListener('click', (event) => {
      event.stopPropagation()
      onLeague(league.adcode)
    })
    this.layer.append(button)
    return { league, button, ring, count, name, rest, row: { adcode: league.adcode, total: 0, moving: 0 } }
  }
}
