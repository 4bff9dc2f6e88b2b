// What is wrong (or was noted), by row and column, in plain words; narrowed to one column where there is much.
import { Pagination, Select } from 'antd'
import { useState } from 'react'
import type { Import, Remark } from '../../../services/contracts/exchange.ts'
import { formatCount } from '../../kit/format/number.ts'
import { useText } from './texts.ts'
import { useWords } from './useWords.ts'

const PAGE_SIZE = 20

export function Remarks({ remarks, total, byColumn }: { remarks: Remark[]; total: number; byColumn?: Import['problemsByColumn'] }) {
  const { t } = useText()
  const say = useWords()
  const [column, setColumn] = useState<string | null>()
  const [page, setPage] = useState(1)
  const narrowed = column === undefined ? remarks : remarks.filter((remark) => remark.column === column)
  const shown = narrowed.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)
  const ALL = '*'
  const WHOLE = '-'
  return (
    <div className="remarks">
      <div className="remarks-head">
        {byColumn && byColumn.length > 1 && (
          <Select
            className="remarks-column"
            aria-label={t('exchange.byColumn')}
            value={column === undefined ? ALL : (column ?? WHOLE)}
            options={[
              { value: ALL, label: `${t('exchange.allColumns')} · ${formatCount(total)}` },
              ...byColumn.map(({ column: key, heading, count }) => ({
                value: key ?? WHOLE,
                label: `${heading ? say(heading) : t('exchange.wholeRow')} · ${formatCount(count)}`,
              })),
            ]}
            onChange={(value: string) => {
              setColumn(value === ALL ? undefined : value === WHOLE ? null : value)
              setPage(1)
            }}
          />
        )}
        {total > remarks.length && (
          <span className="quiet">{t('exchange.listed', { n: formatCount(total), shown: formatCount(remarks.length) })}</span>
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reached by keyboard */}
      <section className="exchange-scroll" tabIndex={0} aria-label={t('exchange.message')}>
        <table className="exchange-table">
          <thead>
            <tr>
              <th scope="col">{t('exchange.row')}</th>
              <th scope="col">{t('exchange.column')}</th>
              <th scope="col">{t('exchange.value')}</th>
              <th scope="col">{t('exchange.message')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((remark, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a cell may have two remarks; the list never changes
              <tr key={index}>
                <td className="figure">{remark.row}</td>
                <td>{remark.heading ? say(remark.heading) : '—'}</td>
                <td className="exchange-value">{remark.value || <span className="quiet">{t('exchange.blank')}</span>}</td>
                <td className="exchange-message">{say(remark.message)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {narrowed.length > PAGE_SIZE && (
        <Pagination size="small" current={page} pageSize={PAGE_SIZE} total={narrowed.length} showSizeChanger={false} onChange={setPage} />
      )}
    </div>
  )
}
