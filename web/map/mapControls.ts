// The map's own buttons: zoom, whole region, north. Own, because their labels follow the language at any moment.
import type { IControl, Map as MapLibreMap } from 'maplibre-gl'
import type { SayMap } from './texts.ts'

type ButtonName = 'zoomIn' | 'zoomOut' | 'region' | 'north'

const SVG = 'http://www.w3.org/2000/svg'
const paths: Record<ButtonName, string> = {
  zoomIn: 'M10 4v12M4 10h12',
  zoomOut: 'M4 10h12',
  region: 'M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4',
  north: 'M10 3l4.5 13L10 13l-4.5 3z',
}

export class MapControls implements IControl {
  private readonly element = document.createElement('div')
  private readonly buttons = new Map<ButtonName, HTMLButtonElement>()
  private map: MapLibreMap | null = null
  private readonly fitRegion: () => void

  constructor(say: SayMap, fitRegion: () => void) {
    this.fitRegion = fitRegion
    this.element.className = 'maplibregl-ctrl fleet-map-controls'
    const acts: Record<ButtonName, () => void> = {
      zoomIn: () => this.map?.zoomIn(),
      zoomOut: () => this.map?.zoomOut(),
      region: () => this.fitRegion(),
      north: () => this.map?.resetNorth(),
    }
    for (const name of Object.keys(acts) as ButtonName[]) this.addButton(name, acts[name])
    this.setWords(say)
  }

  onAdd(map: MapLibreMap): HTMLElement {
    this.map = map
    map.on('rotate', this.turn)
    return this.element
  }

  onRemove(map: MapLibreMap): void {
    map.off('rotate', this.turn)
    this.element.remove()
    this.map = null
  }

  setWords(say: SayMap): void {
    for (const [name, button] of this.buttons) {
      button.title = say(`map.${name}`)
      button.setAttribute('aria-label', button.title)
    }
  }

  private readonly turn = (): void => {
    const icon = this.buttons.get('north')?.firstElementChild as SVGElement | null
    if (icon && this.map) icon.style.transform = `rotate(${-this.map.getBearing()}deg)`
  }

  private addButton(name: ButtonName, act: () => void): void {
    const button = document.createElement('button')
    button.type = 'button'
    const svg = document.createElementNS(SVG, 'svg')
    svg.setAttribute('viewBox', '0 0 20 20')
    svg.setAttribute('aria-hidden', 'true')
    const path = document.createElementNS(SVG, 'path')
    path.setAttribute('d', paths[name])
    svg.append(path)
    button.append(svg)
    button.addEventListener('click', act)
    this.buttons.set(name, button)
    this.element.append(button)
  }
}
