// 驾驶舱: charts of the region, a league, a banner or a unit, within the reader's reach; each has its table and its file, and each figure opens into its rows in statistics.
import { LeftOutlined, PrinterOutlined, RightOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Segmented, Skeleton } from 'antd'
import { useState } from 'react'
import type { Board, BoardChart } from '../../../services/contracts/api/boards.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { yearsOf } from '../../../services/domain/statistics/boards.ts'
import { sayValue } from '../../../services/domain/statistics/say.ts'
import { call } from '../../kit/api/session.ts'
import { formatFigure } from '../../kit/format/figure.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { ExportButton } from '../../kit/list/ExportButton.tsx'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { Drawing } from './Drawing.tsx'
import { useText } from './texts.ts'
import './boards.css'

const EVERY_MS = 30_000
/** Bars that a chart has room for; the table has all. */
const MOST_BARS = 14

export function BoardsPage() {
  const { t } = useText()
  const { url, change } = useUrl()
  const now = dayAt(Date.now()).slice(0, 4)
  const first = yearsOf(now)[0]!
  const year = /^\d{4}$/.test(url.year ?? '') && url.year! >= first && url.year! <= now ? url.year! : now
  const organisationId = /^[1-9]\d{0,8}$/.test(url.org ?? '') ? Number(url.org) : undefined
  const query = { year, ...(organisationId === undefined ? {} : { organisationId }) }
  const { data, error, refetch } = useQuery({
    queryKey: ['boards', query],
    queryFn: ({ signal }) => call('readBoard', { query, signal }),
    refetchInterval: EVERY_MS,
    placeholderData: (old) => old,
  })
  const turn = (by: number) => change((old) => withEntries(old, { year: String(Number(year) + by) }))
  return (
    <div className="boards">
      <header className="boards-head">
        <h1>{data ? `${data.organisation.name} ${year}` : t('page.boards')}</h1>
        {data?.preparedAt && (
          <span className="quiet figure">{t('boards.prepared', { time: formatInstant(Date.parse(data.preparedAt)).slice(0, 16) })}</span>
        )}
        <span className="boards-choice">
          <UnitChoice
            label={t('boards.unit')}
            value={organisationId}
            onChange={(unit) => change((old) => withEntries(old, { org: unit === undefined ? undefined : String(unit) }))}
          />
          <Button icon={<LeftOutlined />} aria-label={t('boards.earlier')} disabled={year <= first} onClick={() => turn(-1)} />
          <strong className="figure">{year}</strong>
          <Button icon={<RightOutlined />} aria-label={t('boards.later')} disabled={year >= now} onClick={() => turn(1)} />
          <Button icon={<PrinterOutlined />} onClick={() => window.print()}>
            {t('boards.print')}
          </Button>
        </span>
      </header>
      {error !== null && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {!data && error === null && <Skeleton active title={false} paragraph={{ rows: 8 }} />}
      {data?.charts.some(({ waiting }) => waiting) && <p className="stale">{t('boards.waiting')}</p>}
      <div className="boards-grid">
        {data?.charts.map((chart) => (
          <ChartCard key={chart.chart} board={data} chart={chart} />
        ))}
      </div>
    </div>
  )
}

/** Where a figure opens: the cell of a table of statistics. */
function hrefOf({ by, series, points }: BoardChart, at: number, n: number): string {
  const [{ table, measure }, { key, period, organisationId }] = [series[at]!, points[n]!]
  const cell = JSON.stringify([by === null ? [] : [key === '' ? null : key], measure])
  return `/statistics?${new URLSearchParams({ table, period, by: by ?? 'none', org: String(organisationId), cell })}`
}

/** Which points are drawn, in their order: those with the largest figures, where there are more than have room. */
function largest(series: readonly { values: (number | null)[] }[], points: number): number[] {
  const all = Array.from({ length: points }, (_, n) => n)
  const sizeOf = (n: number) => series.reduce((sum, { values }) => sum + Math.abs(values[n] ?? 0), 0)
  return all
    .sort((a, b) => sizeOf(b) - sizeOf(a))
    .slice(0, MOST_BARS)
    .sort((a, b) => a - b)
}

function ChartCard({ board, chart }: { board: Board; chart: BoardChart }) {
  const { t, locale } = useText()
  const [as, setAs] = useState<'chart' | 'table'>('chart')
  const column = locale === 'en' ? 1 : 0
  const title = chart.words[column]
  const names = chart.points.map(({ key, name }) => name ?? (chart.by === null ? '' : sayValue(chart.by, key || null, null, locale)))
  // What is nothing in each point has no bar to draw and no column to read.
  const shown = chart.series
    .map((series, at) => ({ ...series, at }))
    .filter(({ values }) => chart.form !== 'stack' || values.some((value) => value))
  const drawn = largest(shown, names.length)
  // What all of them begin with says nothing: it is the title of the page.
  const shortName = (name: string) => (name.startsWith(board.organisation.name) ? name.slice(board.organisation.name.length) : '') || name
  const filter = { chart: chart.chart, year: board.year, organisationId: board.organisation.organisationId }
  return (
    <section className="board-card" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {chart.filled && (
          <Segmented
            aria-label={t('boards.shownAs', { chart: title })}
            value={as}
            onChange={setAs}
            options={[
              { value: 'chart', label: t('boards.asChart') },
              { value: 'table', label: t('boards.asTable') },
            ]}
          />
        )}
        {chart.filled && <ExportButton subject="boards" list="boards" filter={filter} />}
      </header>
      {!chart.filled && <EmptyState title={t('boards.empty')} text={chart.waiting ? t('boards.waiting') : chart.fills[column]} />}
      {chart.filled && as === 'chart' && (
        <Drawing
          form={chart.form}
          names={drawn.map((n) => shortName(names[n]!))}
          series={shown.map(({ words, kind, values }) => ({ name: words[column], kind, values: drawn.map((n) => values[n]!) }))}
          unitOf={(kind) => (kind === 'fen' ? t('boards.yuan') : kind === 'percent' ? '%' : '')}
          title={title}
          hrefOf={(at, n) => hrefOf(chart, shown[at]!.at, drawn[n]!)}
        />
      )}
      {chart.filled && as === 'chart' && drawn.length < names.length && (
        <p className="quiet">{t('boards.largest', { n: drawn.length, of: names.length })}</p>
      )}
      {chart.filled && (
        <div className={as === 'table' ? 'board-table' : 'board-table board-table-printed'}>
          <table>
            <thead>
              <tr>
                <th />
                {shown.map(({ measure, words, formula }) => (
                  <th key={measure} scope="col" className="figure" title={formula[column]}>
                    {words[column]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {names.map((name, n) => (
                <tr key={`${chart.points[n]!.period} ${chart.points[n]!.organisationId} ${chart.points[n]!.key}`}>
                  <th scope="row">{name}</th>
                  {shown.map(({ measure, at, kind, words, values }) => (
                    <td key={measure} className="figure">
                      {values[n] === null ? (
                        formatFigure(kind, null)
                      ) : (
                        <a
                          href={hrefOf(chart, at, n)}
                          aria-label={`${t('boards.open', { row: name, measure: words[column] })} ${formatFigure(kind, values[n])}`}
                        >
                          {formatFigure(kind, values[n])}
                        </a>
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
