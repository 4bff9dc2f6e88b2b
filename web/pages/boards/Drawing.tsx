// A chart, drawn as SVG, so that it is sharp on paper; with patterns beside colours, so that it is read in black and white. Its figures stand in the table beside it.

import { useNavigate } from '@tanstack/react-router'
import { BarChart, LineChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import type { MeasureKind } from '../../../services/domain/statistics/table.ts'
import { formatFigure } from '../../kit/format/figure.ts'

use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer])

const COLOURS = [
  '#2f6bd8',
  '#d9822b',
  '#2e9e6b',
  '#b5473f',
  '#7a57c2',
  '#1c8ea5',
  '#b08a1e',
  '#a3487f',
  '#5c6b7a',
  '#6b8e23',
  '#c05fa0',
  '#3f7f93',
]

type Props = {
  title: string
  form: 'bars' | 'stack' | 'lines'
  names: string[]
  series: { name: string; kind: MeasureKind; values: (number | null)[] }[]
  /** What an axis of that kind counts in; '' where its figures say it. */
  unitOf: (kind: MeasureKind) => string
  hrefOf: (series: number, point: number) => string
}

export function Drawing({ title, form, names, series, unitOf, hrefOf }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const navigate = useNavigate()
  const open = useRef(hrefOf)
  open.current = hrefOf
  const said = JSON.stringify({ form, names, series: series.map((one) => ({ ...one, unit: unitOf(one.kind) })) })
  useEffect(() => {
    const place = box.current!
    const drawn = JSON.parse(said) as Pick<Props, 'form' | 'names'> & { series: (Props['series'][number] & { unit: string })[] }
    const style = getComputedStyle(place)
    const text = style.color
    const border = style.getPropertyValue('--border') || '#ccc'
    const chart = init(place, null, { renderer: 'svg' })
    // Money is kept in fen; another measure beside it has an axis of its own.
    const axisOf = (at: number) =>
      drawn.form === 'lines' && drawn.series.length === 2 ? at : Math.min(1, kinds.indexOf(drawn.series[at]!.kind))
    const kinds = [...new Set(drawn.series.map(({ kind }) => kind))]
    const axes = [...new Set(drawn.series.map((_, at) => axisOf(at)))].sort()
    const unitsOn = (axis: number) => [...new Set(drawn.series.filter((_, at) => axisOf(at) === axis).map(({ unit }) => unit))].join(' ')
    const scale = (kind: MeasureKind) => (kind === 'fen' ? 100 : 1)
    chart.setOption({
      animation: false,
      color: COLOURS,
      textStyle: { color: text, fontFamily: style.fontFamily },
      aria: { enabled: true, decal: { show: true } },
      legend: { type: 'scroll', top: 0, textStyle: { color: text }, pageTextStyle: { color: text } },
      grid: { left: 8, right: 8, bottom: 8, top: 52, containLabel: true },
      tooltip: {
        trigger: 'axis',
        confine: true,
        valueFormatter: (value: unknown) => (typeof value === 'number' ? value.toLocaleString('en') : '–'),
      },
      xAxis: {
        type: 'category',
        data: drawn.names,
        axisLabel: { color: text, interval: 0, rotate: drawn.names.length > 6 ? 40 : 0, overflow: 'truncate', width: 84 },
        axisLine: { lineStyle: { color: border } },
      },
      yAxis: (axes.length > 0 ? axes : [0]).map((axis) => ({
        type: 'value',
        name: unitsOn(axis),
        nameGap: 8,
        nameTextStyle: { color: text },
        axisLabel: { color: text },
        splitLine: { lineStyle: { color: border } },
      })),
      series: drawn.series.map(({ name, kind, values }, at) => ({
        name,
        type: drawn.form === 'lines' ? 'line' : 'bar',
        ...(drawn.form === 'stack' ? { stack: 'all' } : {}),
        yAxisIndex: axisOf(at),
        data: values.map((value) => (value === null ? null : value / scale(kind))),
        symbolSize: 8,
        barMaxWidth: 36,
      })),
    })
    chart.on('click', (event) => {
      const href = new URL(open.current(event.seriesIndex ?? 0, event.dataIndex), window.location.origin)
      void navigate({ to: href.pathname, search: Object.fromEntries(href.searchParams) } as never)
    })
    const watch = new ResizeObserver(() => chart.resize())
    watch.observe(place)
    return () => {
      watch.disconnect()
      chart.dispose()
    }
  }, [said, navigate])
  return (
    <div
      ref={box}
      className="board-drawing"
      role="img"
      aria-label={`${title}${series.map(({ name, kind, values }) => ` ${name} ${formatFigure(kind, values.at(-1) ?? null)}`).join('')}`}
    />
  )
}
