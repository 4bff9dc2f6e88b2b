// 统计报表: tables T1–T8 for a year, a month or a day, by place and by what is counted, beside the period before or the same a year before. Each cell opens into
// the rows that it was added up from.
import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Segmented, Select, Skeleton } from 'antd'
import type { Statistics, StatisticsRow } from '../../../services/contracts/api/statistics.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { periodAfter, periodBefore, readPeriod } from '../../../services/domain/statistics/period.ts'
import { sayValue } from '../../../services/domain/statistics/say.ts'
import { type Dimension, dimensionWords, type TableCode } from '../../../services/domain/statistics/table.ts'
import { statisticsTables } from '../../../services/domain/statistics/tables.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { formatFigure } from '../../kit/format/figure.ts'
import { formatCount } from '../../kit/format/number.ts'
import { ExportButton } from '../../kit/list/ExportButton.tsx'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { Plate } from '../../parts/marks/Plate.tsx'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { FactsPanel } from './FactsPanel.tsx'
import { type Choice, readChoice, tablesFor } from './readChoice.ts'
import { useText } from './texts.ts'
import './statistics.css'

const MOST = 200
const comparisons = ['before', 'yearBefore', 'none'] as const

export function StatisticsPage() {
  const { t, locale } = useText()
  const account = useAccount()
  const { url, change } = useUrl()
  const choice = readChoice(url, (capability) => may(account, capability), dayAt(Date.now()))
  const { table, period, by, organisationId, compare, cell } = choice
  const query = { period, by: by.join(','), ...(organisationId === undefined ? {} : { organisationId }) }
  const { data, error, refetch } = useQuery({
    queryKey: ['statistics', table, query],
    queryFn: ({ signal }) => call('readStatistics', { params: { table }, query: { ...query, limit: MOST }, signal }),
    placeholderData: (old) => (old && old.measures.length === statisticsTables[table].measures.length ? old : undefined),
  })
  const set = (entries: Record<string, string | undefined>) => change((old) => withEntries(old, { cell: undefined, ...entries }))
  const column = locale === 'en' ? 1 : 0
  return (
    <div className={cell ? 'statistics statistics-opened' : 'statistics'}>
      <div className="statistics-main">
        <header className="statistics-head">
          <h1>{t('page.statistics')}</h1>
          {data && <span className="quiet figure">{t('statistics.total', { n: formatCount(data.total) })}</span>}
          {data?.open && <span className="stale">{t('statistics.open', { day: data.period.until })}</span>}
          <ExportButton subject="statistics" list="statistics" filter={{ table, ...query }} />
        </header>
        <div className="statistics-choice">
          <Select
            aria-label={t('statistics.tables')}
            value={table}
            popupMatchSelectWidth={false}
            onChange={(code) => set({ table: code, by: undefined })}
            options={tablesFor((capability) => may(account, capability)).map((code) => ({
              value: code,
              label: `${code} ${statisticsTables[code].words[column]}`,
            }))}
          />
          <PeriodChoice period={period} onChange={(next) => set({ period: next })} />
          <ByChoice table={table} by={by} onChange={(next) => set({ by: next.join(',') || 'none' })} />
          <div className="statistics-unit">
            <UnitChoice
              label={t('statistics.unitFilter')}
              value={organisationId}
              onChange={(unit) => set({ org: unit === undefined ? undefined : String(unit) })}
            />
          </div>
          <Segmented
            aria-label={t('statistics.compare')}
            value={compare}
            onChange={(next) => change((old) => withEntries(old, { compare: next === 'before' ? undefined : next }))}
            options={comparisons.map((value) => ({ value, label: t(`statistics.compare.${value}`) }))}
          />
        </div>
        <p className="quiet statistics-source">{t('statistics.source', { source: statisticsTables[table].source[column] })}</p>
        {error !== null && <ErrorState error={error} retry={() => void refetch()} />}
        {!data && error === null && <Skeleton active title={false} paragraph={{ rows: 8 }} />}
        {data && error === null && (
          <Figures data={data} choice={choice} onOpen={(opened) => change((old) => withEntries(old, { cell: opened }))} />
        )}
      </div>
      {cell && <FactsPanel choice={choice} cell={cell} onClose={() => change((old) => withEntries(old, { cell: undefined }))} />}
    </div>
  )
}

type FiguresProps = { data: Statistics; choice: Choice; onOpen: (cell: string) => void }
function Figures({ data, choice, onOpen }: FiguresProps) {
  const { t, locale } = useText()
  const column = locale === 'en' ? 1 : 0
  if (data.total === 0) return <EmptyState title={t('statistics.emptyTitle')} text={t('statistics.emptyText')} />
  const nameOf = (row: StatisticsRow) => row.keys.map((key, at) => sayValue(data.by[at]!, key, row.names[at] ?? null, locale))
  const heads = data.by.length === 0 ? [''] : data.by.map((dimension) => dimensionWords[dimension][column])
  return (
    <div className="statistics-scroll">
      <table className="statistics-table">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
            {data.measures.map(({ key, words, formula }) => (
              <th key={key} scope="col" className="figure" title={formula[column]}>
                {words[column]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.by.length > 0 && (
            <FigureRow
              data={data}
              choice={choice}
              names={[t('statistics.whole'), ...heads.slice(1).map(() => '')]}
              figures={data.sum}
              keys={null}
              onOpen={onOpen}
            />
          )}
          {data.rows.map((row) => (
            <FigureRow
              key={JSON.stringify(row.keys)}
              {...{ data, choice, onOpen, figures: row, keys: row.keys }}
              names={data.by.length === 0 ? [t('statistics.whole')] : nameOf(row)}
            />
          ))}
        </tbody>
      </table>
      {data.total > data.rows.length && <p className="stale statistics-under">{t('statistics.cut', { n: data.rows.length })}</p>}
      {data.broken.length > 0 && (
        <section className="statistics-under" aria-label={t('statistics.broken')}>
          <h2>{t('statistics.broken')}</h2>
          {data.broken.map(({ vehicleId, plate, plateColour, unit, unexplained }) => (
            <p key={`${vehicleId} ${unit}`}>
              <Plate plate={plate} colour={plateColour} /> {unit}{' '}
              <span className="figure">{unexplained > 0 ? `+${unexplained}` : unexplained}</span>
            </p>
          ))}
        </section>
      )}
    </div>
  )
}

type RowProps = FiguresProps & {
  names: string[]
  figures: Pick<StatisticsRow, 'now' | 'before' | 'yearBefore'>
  keys: (string | null)[] | null
}
function FigureRow({ data, choice: { compare, cell }, names, figures, keys, onOpen }: RowProps) {
  const { t, locale } = useText()
  const column = locale === 'en' ? 1 : 0
  return (
    <tr className={keys === null ? 'statistics-sum' : undefined}>
      {names.map((name, at) => (
        <th key={data.by[at] ?? 'all'} scope="row" className="clip">
          {name}
        </th>
      ))}
      {data.measures.map(({ key, kind, words }, at) => {
        const opened = JSON.stringify([keys, key])
        const figure = formatFigure(kind, figures.now[at])
        return (
          <td key={key} className="figure">
            <button
              type="button"
              className="statistics-cell"
              aria-pressed={cell === opened}
              aria-label={t('statistics.cell', { row: names.filter(Boolean).join(' '), measure: words[column], figure })}
              onClick={() => onOpen(opened)}
            >
              {figure}
            </button>
            {compare !== 'none' && (
              <small className="quiet">
                {t('statistics.against', { period: data[compare].period, figure: formatFigure(kind, figures[compare][at]) })}
              </small>
            )}
          </td>
        )
      })}
    </tr>
  )
}

const kinds = ['year', 'month', 'day'] as const
const lengths = { year: 4, month: 7, day: 10 } as const

/** A year, a month or a day; a step back and forth. What has not begun cannot be chosen. */
function PeriodChoice({ period, onChange }: { period: string; onChange: (period: string) => void }) {
  const { t } = useText()
  const today = dayAt(Date.now())
  const kind = kinds.find((one) => lengths[one] === period.length)!
  const next = periodAfter(period)
  const last = readPeriod(period)!.until
  return (
    <fieldset className="statistics-period" aria-label={t('statistics.period')}>
      <Segmented
        value={kind}
        onChange={(to) => onChange([last, today].sort()[0]!.slice(0, lengths[to]))}
        options={kinds.map((value) => ({ value, label: t(`statistics.${value}`) }))}
      />
      <Button
        icon={<LeftOutlined />}
        aria-label={t('statistics.earlier')}
        onClick={() => onChange(periodBefore(period))}
        disabled={readPeriod(periodBefore(period)) === null}
      />
      <strong className="figure">{period}</strong>
      <Button
        icon={<RightOutlined />}
        aria-label={t('statistics.later')}
        onClick={() => onChange(next)}
        disabled={readPeriod(next)!.from > today}
      />
    </fieldset>
  )
}

function ByChoice({ table, by, onChange }: { table: TableCode; by: readonly Dimension[]; onChange: (by: Dimension[]) => void }) {
  const { t, locale } = useText()
  const column = locale === 'en' ? 1 : 0
  const [first, second] = by
  const options = (without: Dimension | undefined) =>
    statisticsTables[table].by.filter((one) => one !== without).map((value) => ({ value, label: dimensionWords[value][column] }))
  return (
    <>
      <Select
        aria-label={t('statistics.by')}
        allowClear
        placeholder={t('statistics.by')}
        value={first ?? null}
        popupMatchSelectWidth={false}
        onChange={(value: Dimension | undefined) => onChange([value, second].filter((one) => one !== undefined && one !== null))}
        options={options(second)}
      />
      {first && (
        <Select
          aria-label={t('statistics.thenBy')}
          allowClear
          placeholder={t('statistics.thenBy')}
          value={second ?? null}
          popupMatchSelectWidth={false}
          onChange={(value: Dimension | undefined) => onChange([first, value].filter((one) => one !== undefined && one !== null))}
          options={options(first)}
        />
      )}
    </>
  )
}
