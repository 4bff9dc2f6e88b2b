// 编制: per unit and category what is approved, in service, vacant and over, with the totals of what was asked for.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useState } from 'react'
import type { QuotaRow } from '../../../services/contracts/api/quota.ts'
import { vehicleCategories } from '../../../services/domain/vehicle.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { formatCount, MISSING } from '../../kit/format/number.ts'
import { ListPage, PAGE_ROWS, useListUrl } from '../../kit/list/ListPage.tsx'
import { type Column, ListTable } from '../../kit/list/ListTable.tsx'
import { withEntries } from '../../kit/useUrl.ts'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { ApplyDialog } from './ApplyDialog.tsx'
import { QuotaPanel } from './QuotaPanel.tsx'
import { useText } from './texts.ts'
import './quota.css'

const only = ['over', 'vacant', 'open'] as const
const subject = vehicleCategories.filter((category) => category !== 'LEASED_SERVICE')

export function QuotaPage() {
  const { t } = useText()
  const account = useAccount()
  const { url, change, offset, q, set } = useListUrl()
  const [applying, setApplying] = useState(false)
  const query = {
    organisationId: url.org ? Number(url.org) : undefined,
    category: subject.find((known) => known === url.category),
    only: only.find((known) => known === url.only),
  }
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['quotas', query, q, offset],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call('listQuotas', { query: { ...query, q: q.trim() || undefined, limit: PAGE_ROWS, offset }, signal }),
  })
  const unitId = /^[1-9]\d{0,9}$/.test(url.unit ?? '') ? Number(url.unit) : null
  const shown = subject.find((known) => known === url.kind)
  const columns: Column<QuotaRow>[] = [
    { title: t('column.unit'), className: 'list-table-wide', cell: (row) => row.unitName },
    { title: t('filter.category'), cell: (row) => t(`category.${row.category}`) },
    { title: t('quota.seats'), className: 'figure', cell: (row) => row.seats },
    { title: t('quota.inService'), className: 'figure', cell: (row) => row.inService },
    { title: t('quota.vacant'), className: 'figure', cell: (row) => row.vacant || MISSING },
    {
      title: t('quota.over'),
      className: 'figure',
      cell: (row) => (row.over > 0 ? <strong className="bad-text">{row.over}</strong> : MISSING),
    },
    {
      title: t('quota.open'),
      cell: (row) => (row.open ? t('quota.openSeats', { state: t(`quotaState.${row.open.state}`), n: row.open.seats }) : MISSING),
    },
  ]
  /** A row is a unit and a category: its number in the list, because nothing else names it. */
  const rows = data?.rows
  const chosen = rows?.findIndex((row) => row.unitId === unitId && row.category === shown) ?? -1
  const totals = data?.totals
  const close = () => change((old) => withEntries(old, { unit: undefined, kind: undefined }))
  return (
    <ListPage
      title={t('page.quota')}
      searchHint={t('quota.search')}
      total={data ? t('quota.rows', { n: formatCount(data.total) }) : ''}
      count={data?.total}
      busy={isFetching}
      exported={{ subject: 'quotaStanding', list: 'quotas', filter: { ...query, q: q.trim() || undefined } }}
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
      filters={
        <>
          <UnitChoice
            label={t('filter.unit')}
            value={query.organisationId}
            onChange={(org) => set({ org: org === undefined ? undefined : String(org) })}
          />
          <Select
            allowClear
            aria-label={t('filter.category')}
            placeholder={t('filter.category')}
            value={query.category}
            options={subject.map((value) => ({ value, label: t(`category.${value}`) }))}
            onChange={(value: string | undefined) => set({ category: value })}
          />
          <Select
            allowClear
            aria-label={t('quota.only')}
            placeholder={t('quota.only')}
            value={query.only}
            options={only.map((value) => ({ value, label: t(`quota.only.${value}`) }))}
            onChange={(value: string | undefined) => set({ only: value })}
          />
        </>
      }
      drawer={unitId !== null && shown && <QuotaPanel unitId={unitId} category={shown} onClose={close} />}
      onCloseDrawer={close}
    >
      <ListTable
        columns={columns}
        rows={rows}
        idOf={(row) => rows!.indexOf(row)}
        selected={chosen === -1 ? null : chosen}
        onOpen={(index) => {
          const row = rows![index]!
          change((old) => withEntries(old, { unit: String(row.unitId), kind: row.category }))
        }}
        error={error}
        retry={() => void refetch()}
        empty={{ title: t('quota.emptyTitle'), text: t('quota.emptyText') }}
      />
      {applying && <ApplyDialog onClose={() => setApplying(false)} />}
    </ListPage>
  )
}
