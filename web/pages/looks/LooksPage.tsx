// 查看情况: a week of looking at vehicles' past, person by person, for the audit administrator: how much, what of it is unusual; each line opens into the records.
// Nothing of what was seen stands here.
import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Skeleton, Tag } from 'antd'
import type { LookWeek } from '../../../services/contracts/api/audit.ts'
import { addDays, dayAt, dayStartMs } from '../../../services/domain/days.ts'
import { call } from '../../kit/api/session.ts'
import { formatCount } from '../../kit/format/number.ts'
import { toWallClock } from '../../kit/format/time.ts'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { useText } from './texts.ts'
import './looks.css'

const MOST = 200
const headings = ['person', 'looks', 'vehicles', 'vehicleDays', 'cases', 'left', 'refused', 'odd', 'oldest', 'unusual', 'records'] as const

export function LooksPage() {
  const { t } = useText()
  const { url, change } = useUrl()
  const today = dayAt(Date.now())
  const day = /^\d{4}-\d\d-\d\d$/.test(url.day ?? '') ? url.day! : today
  const { data, error, refetch } = useQuery({
    queryKey: ['look-week', day],
    queryFn: ({ signal }) => call('readLookWeek', { query: { day, limit: MOST }, signal }),
  })
  const go = (to: string) => change((old) => withEntries(old, { day: to === today ? undefined : to }))
  return (
    <div className="looks">
      <header className="looks-bar">
        <h1>{t('page.looks')}</h1>
        <Button icon={<LeftOutlined />} aria-label={t('looks.previous')} onClick={() => go(addDays(day, -7))} />
        <strong className="figure">{data && t('looks.week', { from: data.from, until: data.until })}</strong>
        <Button
          icon={<RightOutlined />}
          aria-label={t('looks.next')}
          disabled={addDays(day, 7) > addDays(today, 6)}
          onClick={() => go(addDays(day, 7))}
        />
        {data && <span className="quiet">{t('looks.total', { n: data.total })}</span>}
      </header>
      {error !== null && <ErrorState error={error} retry={() => void refetch()} />}
      {!data && error === null && <Skeleton active title={false} paragraph={{ rows: 6 }} />}
      {data && <p className="quiet looks-law">{t('looks.law', data.law)}</p>}
      {data && data.total === 0 && <EmptyState title={t('looks.emptyTitle')} text={t('looks.emptyText')} />}
      {data && data.total > 0 && <WeekTable week={data} />}
    </div>
  )
}

function WeekTable({ week }: { week: LookWeek }) {
  const { t } = useText()
  const [from, to] = [toWallClock(dayStartMs(week.from)), toWallClock(dayStartMs(addDays(week.until, 1)))]
  return (
    <div className="looks-scroll">
      <table>
        <thead>
          <tr>
            {headings.map((name) => (
              <th key={name} scope="col">
                {t(`looks.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {week.rows.map((row) => (
            <tr key={row.username} data-unusual={row.unusual.length > 0}>
              <th scope="row">
                {row.name ?? row.username}{' '}
                <small className="quiet">
                  {row.username}
                  {row.role && ` · ${t(`role.${row.role}`)}`}
                  {row.organisation && ` · ${row.organisation}`}
                </small>
              </th>
              <td className="figure">{formatCount(row.looks)}</td>
              <td className="figure">{formatCount(row.vehicles)}</td>
              <td className="figure">{row.vehicleDays.toFixed(1)}</td>
              <td className="figure">{row.cases}</td>
              <td className="figure">
                {row.exports} / {row.prints}
              </td>
              <td className="figure">{row.refused}</td>
              <td className="figure">
                {row.oddLooks}
                {row.unjudgedLooks > 0 && <small className="quiet looks-under">{t('looks.unjudged', { n: row.unjudgedLooks })}</small>}
              </td>
              <td>{row.oldestCase ? t('looks.days', { number: row.oldestCase.number, n: row.oldestCase.days }) : '–'}</td>
              <td>
                {row.unusual.map((one) => (
                  <Tag key={one}>{t(`looks.unusual.${one}`)}</Tag>
                ))}
              </td>
              <td>
                <Link to="/audit" search={{ actor: row.username, from, to } as never}>
                  {t('looks.records')}
                </Link>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {week.total > week.rows.length && <p className="stale looks-law">{t('looks.cut', { n: week.rows.length, total: week.total })}</p>}
    </div>
  )
}
