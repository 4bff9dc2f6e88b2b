// What is under the pointer, at once: plate, status, speed and the age of the last report.
import { vehicleStatuses } from '../../services/domain/status.ts'
import { formatAge, type Locale } from '../kit/format/time.ts'
import { sayIn } from './texts.ts'

type TooltipFacts = { plate: string; status: number; speedKph: number | null; ageS: number; colour: string }

const ABOVE_PX = 16

export class MapTooltip {
  private readonly element = document.createElement('div')
  private readonly plate = document.createElement('strong')
  private readonly dot = document.createElement('i')
  private readonly line = document.createElement('span')

  constructor(container: HTMLElement) {
    this.element.className = 'fleet-map-tooltip'
    this.element.setAttribute('role', 'tooltip')
    this.element.hidden = true
    const facts = document.createElement('div')
    facts.append(this.dot, this.line)
    this.element.append(this.plate, facts)
    container.append(this.element)
  }

  show(facts: TooltipFacts, x: number, y: number, locale: Locale): void {
    const say = sayIn(locale)
    this.plate.textContent = facts.plate === '' ? say('map.plateLoading') : facts.plate
    this.dot.style.background = facts.colour
    const speed = facts.status === 0 && facts.speedKph !== null ? ` · ${Math.round(facts.speedKph)} km/h` : ''
    this.line.textContent = `${say(`status.${vehicleStatuses[facts.status]!}`)}${speed} · ${formatAge(facts.ageS, locale)}`
    this.element.style.transform = `translate(${Math.round(x)}px, ${Math.round(y - ABOVE_PX)}px) translate(-50%, -100%)`
    this.element.hidden = false
  }

  hide(): void {
    this.element.hidden = true
  }

  destroy(): void {
    this.element.remove()
  }
}
