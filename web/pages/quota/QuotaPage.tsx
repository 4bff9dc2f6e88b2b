// 编制: per unit and category what is approved, in service, vacant and over, with the totals of what was asked for.
import { Button } from 'antd'
import { useState } from 'react'
import { isSubjectToQuota, vehicleCategories } from '../../../services/domain/vehicle.ts'
import { may, useAccount } from '../../kit/api/session.ts'
import { formatCount, MISSING } from '../../kit/format/number.ts'
import { declareList, readNumber } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { ApplyDialog } from './ApplyDialog.tsx'
import { QuotaPanel } from './QuotaPanel.tsx'
import { useText } from './texts.ts'
import './quota.css'

const subject = vehicleCategories.filter(isSubjectToQuota)
type Subject = (typeof subject)[number]

/** A row is a unit and a category, and so it stands in the address. */
const unitAndCategory = (key: string): [string, Subject] => key.split(' ') as [string, Subject]

const quotas = declareList({
  endpoint: 'listQuotas',
  key: 'quotas',
  useText,
  texts: {
    title: 'page.quota',
    search: 'quota.search',
    total: 'quota.rows',
    emptyTitle: 'quota.emptyTitle',
    emptyText: 'quota.emptyText',
    noMatchText: 'quota.emptyText',
  },
  columns: [
    { title: 'column.unit', className: 'clip', cell: (row) => row.unitName },
    { title: 'filter.category', cell: (row, { t }) => t(`category.${row.category}`) },
    { title: 'quota.seats', className: 'figure', cell: (row) => row.seats },
    { title: 'quota.inService', className: 'figure', cell: (row) => row.inService },
    { title: 'quota.vacant', className: 'figure', cell: (row) => row.vacant || MISSING },
    {
      title: 'quota.over',
      className: 'figure',
      cell: (row) => (row.over > 0 ? <strong className="bad-text">{row.over}</strong> : MISSING),
    },
    {
      title: 'quota.open',
      cell: (row, { t }) => (row.open ? t('quota.openSeats', { state: t(`quotaState.${row.open.state}`), n: row.open.seats }) : MISSING),
    },
  ],
  idOf: (row): string => `${row.unitId} ${row.category}`,
  address: {
    read: (url) => {
      const unitId = readNumber(url.unit)
      const category = subject.find((known) => known === url.kind)
      return unitId && category ? `${unitId} ${category}` : null
    },
    write: (key: string | null) => {
      const [unit, kind] = key === null ? [] : unitAndCategory(key)
      return { unit, kind }
    },
  },
  filters: {
    organisationId: unitFilter('filter.unit'),
    category: choice({ label: 'filter.category', values: subject, word: (category) => `category.${category}` }),
    only: choice({ label: 'quota.only', values: ['over', 'vacant', 'open'], word: (only) => `quota.only.${only}` }),
  },
  exported: 'quotas',
})

export function QuotaPage() {
  const { t } = useText()
  const account = useAccount()
  const list = useList(quotas)
  const { opened, open } = list
  const [applying, setApplying] = useState(false)
  const totals = list.answer?.totals
  return (
    <List
      of={list}
      actions={may(account, 'ledger.draft') && <Button onClick={() => setApplying(true)}>{t('quota.apply')}</Button>}
      above={
        <dl className="quota-totals">
          {(['seats', 'inService', 'vacant', 'over'] as const).map((key) => (
            <div key={key}>
              <dt>{t(`quota.${key}`)}</dt>
              <dd className={key === 'over' && totals && totals.over > 0 ? 'figure bad-text' : 'figure'}>
                {totals ? formatCount(totals[key]) : MISSING}
              </dd>
            </div>
          ))}
        </dl>
      }
      drawer={opened !== null && <OpenedQuota of={opened} onClose={() => open(null)} />}
    >
      {applying && <ApplyDialog onClose={() => setApplying(false)} />}
    </List>
  )
}

function OpenedQuota({ of, onClose }: { of: string; onClose: () => void }) {
  const [unit, category] = unitAndCategory(of)
  return <QuotaPanel unitId={Number(unit)} category={category} onClose={onClose} />
}
