// The bands of the replay, which are its scrubber too: of each vehicle speed and gaps, ignition, driving and stops, orders and findings over the time; one line is now. Drawn on a canvas, once
// for a set of data and once a frame for the line; the slider beneath says the same to whoever does not see it.
import { useEffect, useRef } from 'react'
import { lastAt } from '../../../services/domain/replay.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { useStore } from '../../kit/store.ts'
import { useTheme } from '../../kit/theme/preference.ts'
import { SPEED_CLASSES, speedClassOf } from '../../map/speedClasses.ts'
import type { Range } from '../../parts/vehicle/liveUrl.ts'
import type { ReplayClock } from './clock.ts'
import { bandColours } from './colours.ts'
import { stillPen } from './stillPen.ts'
import { useText } from './texts.ts'
import type { ReplayedVehicle } from './useReplay.ts'

/** Of each vehicle a row: speed and gaps, and below it four lines. */
const ROW_PX = 40
const SPEED_PX = 12
const LINE_PX = 4
const TOP_PX = 4
const lineTop = (n: number): number => SPEED_PX + 2 + n * (LINE_PX + 2)
const bands = ['ignition', 'driving', 'stop', 'order', 'finding', 'gap'] as const

export function Timeline({ vehicles, range, clock }: { vehicles: readonly ReplayedVehicle[]; range: Range; clock: ReplayClock }) {
  const { t } = useText()
  const theme = useTheme()
  const canvas = useRef<HTMLCanvasElement>(null)
  const hand = useRef<HTMLDivElement>(null)
  const now = useStore(clock.slow)

  useEffect(() => {
    const element = canvas.current!
    // Told of its size at once, before it is painted for the first time.
    const resized = new ResizeObserver(() => paint(element, vehicles, range, bandColours(theme)))
    resized.observe(element)
    return () => resized.disconnect()
  }, [vehicles, range, theme])

  useEffect(() => {
    const move = () => {
      const part = (clock.ms.get() - range.fromMs) / (range.toMs - range.fromMs)
      if (hand.current) hand.current.style.left = `${part * 100}%`
    }
    move()
    return clock.ms.follow(move)
  }, [clock, range])

  const scrub = (event: React.PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    clock.set(range.fromMs + ((event.clientX - box.left) / box.width) * (range.toMs - range.fromMs))
  }
  return (
    <div className="replay-timeline">
      <div className="replay-names" aria-hidden="true">
        {vehicles.map(({ vehicleId, label, colour }) => (
          <span key={vehicleId} style={{ height: ROW_PX }}>
            <i style={{ background: colour }} /> {label}
          </span>
        ))}
      </div>
      {/* The slider below is its equal for the keyboard. */}
      <div
        className="replay-bands"
        style={{ height: vehicles.length * ROW_PX + TOP_PX }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          scrub(event)
        }}
        onPointerMove={(event) => event.buttons === 1 && scrub(event)}
      >
        <canvas ref={canvas} />
        <div ref={hand} className="replay-hand" />
      </div>
      <input
        className="replay-slider"
        type="range"
        aria-label={t('replay.timeline')}
        aria-valuetext={t('replay.at', { time: formatInstant(now) })}
        min={range.fromMs}
        max={range.toMs}
        step={1000}
        value={now}
        onChange={(event) => clock.set(Number(event.target.value))}
      />
      <ul className="replay-legend quiet" aria-label={t('replay.bands')}>
        {SPEED_CLASSES.map((most, n) => (
          <li key={most}>
            <i data-band="speed" style={{ background: bandColours(theme).speeds[n]! }} /> {speedClassName(n)}
            {n === SPEED_CLASSES.length - 1 && ' km/h'}
          </li>
        ))}
        {bands.map((band) => (
          <li key={band}>
            <i data-band={band} style={band === 'gap' ? undefined : { background: bandColours(theme)[band] }} /> {t(`replay.band.${band}`)}
          </li>
        ))}
      </ul>
      <div className="replay-scale figure quiet" aria-hidden="true">
        <span>{formatInstant(range.fromMs).slice(0, 16)}</span>
        <span>{formatInstant((range.fromMs + range.toMs) / 2).slice(0, 16)}</span>
        <span>{formatInstant(range.toMs).slice(0, 16)}</span>
      </div>
    </div>
  )
}

/** <10, 10–40, … ≥120 */
function speedClassName(n: number): string {
  const [least, most] = [SPEED_CLASSES[n - 1], SPEED_CLASSES[n]!]
  return least === undefined ? `<${most}` : most === Number.POSITIVE_INFINITY ? `≥${least}` : `${least}–${most}`
}

type Colours = ReturnType<typeof bandColours>

function paint(canvas: HTMLCanvasElement, vehicles: readonly ReplayedVehicle[], { fromMs, toMs }: Range, colours: Colours): void {
  const ratio = window.devicePixelRatio
  const [width, height] = [canvas.clientWidth, canvas.clientHeight]
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(height * ratio)
  const pen = stillPen(canvas)
  pen.scale(ratio, ratio)
  const xOf = (ms: number) => ((ms - fromMs) / (toMs - fromMs)) * width
  for (const [row, { line, speedKph, trips, orders, ignition, findings }] of vehicles.entries()) {
    const top = TOP_PX + row * ROW_PX
    pen.fillStyle = colours.ground
    pen.fillRect(0, top, width, ROW_PX - 4)
    // A pixel says the fastest of what lies in it.
    for (let x = 0; x < width; x++) {
      const until = lastAt(line.timeMs, fromMs + ((x + 1) / width) * (toMs - fromMs))
      let at = Math.max(0, lastAt(line.timeMs, fromMs + (x / width) * (toMs - fromMs)) + 1)
      let fastest = -1
      for (; at <= until; at++) fastest = Math.max(fastest, Number.isNaN(speedKph[at]!) ? -1 : speedKph[at]!)
      if (fastest < 0) continue
      pen.fillStyle = colours.speeds[speedClassOf(fastest)]!
      pen.fillRect(x, top, 1, SPEED_PX)
    }
    const bar = (n: number, colour: string, from: number, until: number, least = 1) => {
      pen.fillStyle = colour
      const [left, right] = [Math.max(0, xOf(from)), Math.min(width, xOf(until))]
      pen.fillRect(left, top + lineTop(n), Math.max(least, right - left), LINE_PX)
    }
    for (const { fromMs: from, untilMs: until } of ignition) bar(0, colours.ignition, from, until)
    for (const [n, trip] of trips.entries()) {
      const [startMs, endMs] = [Date.parse(trip.startedAt), Date.parse(trip.endedAt)]
      bar(1, colours.driving, startMs, endMs)
      const next = trips[n + 1]
      // The last lasts as long as anything was heard.
      if (trip.ended) bar(1, colours.stop, endMs, next ? Date.parse(next.startedAt) : Math.max(endMs, line.timeMs.at(-1) ?? endMs))
    }
    for (const { startsAt, endsAt } of orders) bar(2, colours.order, Date.parse(startsAt), Date.parse(endsAt))
    for (const finding of findings) bar(3, colours.finding, finding.fromMs, finding.untilMs, 3)
    for (const gap of line.gaps) {
      const [left, right] = [xOf(gap.fromMs), xOf(gap.untilMs)]
      pen.save()
      pen.beginPath()
      pen.rect(left, top, Math.max(1, right - left), SPEED_PX)
      pen.clip()
      pen.fillStyle = colours.gapGround
      pen.fillRect(left, top, right - left, SPEED_PX)
      pen.strokeStyle = colours.gap
      for (let x = left - SPEED_PX; x < right; x += 5) {
        pen.beginPath()
        pen.moveTo(x, top + SPEED_PX)
        pen.lineTo(x + SPEED_PX, top)
        pen.stroke()
      }
      pen.restore()
    }
  }
}
