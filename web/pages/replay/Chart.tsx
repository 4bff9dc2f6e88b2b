// One figure of one vehicle over the time of the replay, with the line of now. It shares the axis of the timeline above it.
import { useEffect, useMemo, useRef } from 'react'
import type { TrackColumn } from '../../../services/contracts/trackBytes.ts'
import { knownAt, ofLine } from '../../../services/domain/replay.ts'
import { useStore } from '../../kit/store.ts'
import { palettes } from '../../kit/theme/palette.ts'
import { useTheme } from '../../kit/theme/preference.ts'
import type { Range } from '../../parts/vehicle/liveUrl.ts'
import type { ReplayClock } from './clock.ts'
import { stillPen } from './stillPen.ts'
import { useText } from './texts.ts'
import type { ReplayedVehicle } from './useReplay.ts'

export const charted = ['speedDkph', 'altitudeM', 'odometerM', 'fuelPermille', 'socPermille'] as const satisfies readonly TrackColumn[]
export type Charted = (typeof charted)[number]
const scaleOf: Record<Charted, number> = { speedDkph: 10, altitudeM: 1, odometerM: 1000, fuelPermille: 10, socPermille: 10 }

/** Something over time. `gaps`: after which of its places nothing is known. */
export type Series = {
  caption: string
  label: string
  timeMs: Float64Array
  values: Float64Array
  gaps: readonly { index: number }[]
  /** What is shown is the value divided by this, with so many digits. */
  scale: number
  digits: number
  fromNothing: boolean
}

export function Chart({ vehicle, column, range, clock }: { vehicle: ReplayedVehicle; column: Charted; range: Range; clock: ReplayClock }) {
  const { t } = useText()
  const { line, track, label } = vehicle
  const caption = t(`replay.chart.${column}`)
  const series = useMemo((): Series => {
    const values = ofLine(line, track[column])
    const digits = column === 'odometerM' ? 1 : 0
    // Speed begins at nothing; the others where they are.
    return {
      ...{ caption, label, timeMs: line.timeMs, values, gaps: line.gaps, digits },
      scale: scaleOf[column],
      fromNothing: column === 'speedDkph',
    }
  }, [line, track, label, column, caption])
  return <SeriesChart series={series} range={range} clock={clock} />
}

export function SeriesChart({ series, range, clock }: { series: Series; range: Range; clock: ReplayClock }) {
  const theme = useTheme()
  const canvas = useRef<HTMLCanvasElement>(null)
  const hand = useRef<HTMLDivElement>(null)
  const at = knownAt(series, useStore(clock.slow))
  const value = at < 0 ? Number.NaN : series.values[at]! / series.scale

  useEffect(() => {
    const element = canvas.current!
    // Told of its size at once, before it is painted for the first time.
    const resized = new ResizeObserver(() => paint(element, series, range, palettes[theme]))
    resized.observe(element)
    return () => resized.disconnect()
  }, [series, range, theme])
  useEffect(() => {
    const move = () => {
      if (hand.current) hand.current.style.left = `${((clock.ms.get() - range.fromMs) / (range.toMs - range.fromMs)) * 100}%`
    }
    move()
    return clock.ms.follow(move)
  }, [clock, range])
  return (
    <figure className="replay-chart">
      <figcaption>
        {series.caption} <span className="quiet">{series.label}</span>{' '}
        <strong className="figure">{Number.isNaN(value) ? '–' : value.toFixed(series.digits)}</strong>
      </figcaption>
      <div className="replay-chart-area">
        <canvas ref={canvas} />
        <div ref={hand} className="replay-hand" />
      </div>
    </figure>
  )
}

function paint(
  canvas: HTMLCanvasElement,
  { timeMs, values, gaps, scale, digits, fromNothing }: Series,
  { fromMs, toMs }: Range,
  { moving, border, secondary }: { moving: string; border: string; secondary: string },
): void {
  const ratio = window.devicePixelRatio
  const [width, height] = [canvas.clientWidth, canvas.clientHeight]
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(height * ratio)
  const pen = stillPen(canvas)
  pen.scale(ratio, ratio)
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (Number.isNaN(value)) continue
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  if (least > most) return
  if (fromNothing) least = 0
  const room = most - least || 1
  const yOf = (value: number) => height - 4 - ((value - least) / room) * (height - 18)
  pen.strokeStyle = border
  pen.beginPath()
  for (const value of [least, most]) {
    pen.moveTo(0, yOf(value))
    pen.lineTo(width, yOf(value))
  }
  pen.stroke()
  pen.fillStyle = secondary
  pen.font = '11px system-ui'
  pen.fillText((most / scale).toFixed(digits), 2, yOf(most) - 3)
  if (!fromNothing) pen.fillText((least / scale).toFixed(digits), 2, yOf(least) - 3)
  pen.strokeStyle = moving
  pen.lineWidth = 1.2
  pen.beginPath()
  let [joined, nextGap, x0, low, high] = [false, 0, -1, 0, 0]
  for (let n = 0; n < timeMs.length; n++) {
    const value = values[n]!
    const afterGap = nextGap < gaps.length && gaps[nextGap]!.index < n
    if (afterGap) nextGap++
    if (Number.isNaN(value)) {
      joined = false
      continue
    }
    const x = Math.floor(((timeMs[n]! - fromMs) / (toMs - fromMs)) * width)
    const y = yOf(value)
    // One that no line leads to or from is a dot: it was heard, between two silences.
    const isAlone = (!joined || afterGap) && (n === timeMs.length - 1 || gaps[nextGap]?.index === n || Number.isNaN(values[n + 1]!))
    if (isAlone) pen.rect(x - 1, y - 1, 2, 2)
    // Of all that lies in one pixel the lowest and the highest are drawn.
    if (x === x0 && joined && !afterGap) {
      if (y < low || y > high) pen.lineTo(x, y)
      low = Math.min(low, y)
      high = Math.max(high, y)
      continue
    }
    if (joined && !afterGap) pen.lineTo(x, y)
    else pen.moveTo(x, y)
    ;[joined, x0, low, high] = [true, x, y, y]
  }
  pen.stroke()
}
