// 台账: one file a vehicle. A page at a time from the server; a row opens the file beside the list; chosen rows are changed together.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Select } from 'antd'
import { useState } from 'react'
import { type LedgerRow, MAX_BULK, MAX_BULK_FOUND } from '../../../services/contracts/api/ledger.ts'
import { vehicleStates } from '../../../services/domain/lifecycle.ts'
import { vehicleCategories, vehicleClasses, vehicleOrigins } from '../../../services/domain/vehicle.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { formatCount, MISSING } from '../../kit/format/number.ts'
import { ListPage, PAGE_ROWS, useListUrl } from '../../kit/list/ListPage.tsx'
import { type Column, ListTable } from '../../kit/list/ListTable.tsx'
import { Plate } from '../../parts/marks/Plate.tsx'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { BulkDialog } from './BulkDialog.tsx'
import { EnterVehicle } from './EditFile.tsx'
import { FilePanel } from './FilePanel.tsx'
import { type TextKey, useText } from './texts.ts'
import { formatPrice, isDue } from './words.ts'
import './ledger.css'

const filters = [
  ['class', 'filter.class', vehicleClasses, 'class'],
  ['category', 'filter.category', vehicleCategories, 'category'],
  ['state', 'ledger.state', vehicleStates, 'vehicleState'],
  ['origin', 'field.origin', vehicleOrigins, 'origin'],
  ['over', 'ledger.over', ['quota', 'standard'], 'ledger.over'],
  ['expires', 'ledger.expiry', ['0', '30', '90'], 'ledger.expiry'],
] as const

export function LedgerPage() {
  const { t, locale } = useText()
  const account = useAccount()
  const { url, offset, q, set, open, id } = useListUrl()
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  const [dialog, setDialog] = useState<'bulk' | 'enter' | null>(null)
  const query: Record<string, string | undefined> = { organisationId: url.org, expiresInDays: url.expires }
  for (const key of ['class', 'category', 'state', 'origin', 'over'] as const) query[key] = url[key]
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['ledger', query, q, offset],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      call('listLedger', { query: { ...(query as object), q: q.trim() || undefined, limit: PAGE_ROWS, offset }, signal }),
  })
  const mayDraft = may(account, 'ledger.draft')
  const found = data?.total ?? 0
  const filter = { ...(query as object), q: q.trim() || undefined }
  const toggle = (vehicleId: number) =>
    setChosen((old) => {
      const next = new Set(old)
      if (!next.delete(vehicleId)) next.add(vehicleId)
      return next
    })
  const page = data?.rows ?? []
  const wholePage = page.length > 0 && page.every((row) => chosen.has(row.vehicleId))
  const choosePage = () =>
    setChosen((old) => {
      const next = new Set(old)
      for (const { vehicleId } of page) wholePage ? next.delete(vehicleId) : next.add(vehicleId)
      return next
    })
  const ticks = {
    head: (
      <Checkbox
        checked={wholePage}
        indeterminate={!wholePage && page.some((row) => chosen.has(row.vehicleId))}
        aria-label={t('ledger.selectPage')}
        onChange={choosePage}
      />
    ),
    cell: (row: LedgerRow) => (
      <Checkbox
        checked={chosen.has(row.vehicleId)}
        aria-label={t('ledger.select', { plate: row.plate })}
        onChange={() => toggle(row.vehicleId)}
      />
    ),
  }
  const filtered = Boolean(q || url.org || filters.some(([key]) => url[key]))
  const columns: Column<LedgerRow>[] = [
    { title: t('column.plate'), cell: (row) => <Plate plate={row.plate} colour={row.plateColour} /> },
    { title: t('column.unit'), className: 'list-table-wide', cell: (row) => row.userUnit.name },
    { title: t('filter.category'), cell: (row) => t(`category.${row.category}`) },
    { title: t('ledger.state'), cell: (row) => <StateFlags row={row} /> },
    { title: t('column.model'), cell: (row) => `${row.make} ${row.model}` },
    {
      title: t('ledger.price'),
      className: 'figure',
      cell: (row) => (row.priceFen === null ? MISSING : formatPrice(row.priceFen, locale)),
    },
    { title: t('identity.registeredOn'), className: 'figure', cell: (row) => row.registeredOn },
    { title: t('ledger.expires'), className: 'figure', cell: (row) => <Expiry row={row} /> },
  ]
  return (
    <ListPage
      title={t('page.ledger')}
      searchHint={t('ledger.search')}
      total={data ? t('ledger.total', { n: formatCount(data.total) }) : ''}
      count={data?.total}
      busy={isFetching}
      exported={{ subject: 'vehicles', list: 'ledger', filter: { ...query, q: q.trim() || undefined } }}
      actions={
        <>
          {chosen.size > 0 && <Button onClick={() => setChosen(new Set())}>{t('ledger.unselect')}</Button>}
          {chosen.size > 0 && (
            <Button
              type="primary"
              disabled={chosen.size > MAX_BULK}
              title={chosen.size > MAX_BULK ? t('ledger.bulkMost', { n: MAX_BULK }) : undefined}
              onClick={() => setDialog('bulk')}
            >
              {t('ledger.bulk', { n: chosen.size })}
            </Button>
          )}
          {mayDraft && chosen.size === 0 && found > 0 && found <= MAX_BULK_FOUND && (
            <Button onClick={() => setDialog('bulk')}>{t('ledger.bulkFound', { n: formatCount(found) })}</Button>
          )}
          {may(account, 'ledger.approve') && <Button onClick={() => setDialog('enter')}>{t('ledger.enter')}</Button>}
        </>
      }
      filters={
        <>
          <UnitChoice
            label={t('filter.unit')}
            value={url.org ? Number(url.org) : undefined}
            onChange={(org) => set({ org: org === undefined ? undefined : String(org) })}
          />
          {filters.map(([key, name, values, words]) => (
            <Select
              key={key}
              allowClear
              aria-label={t(name)}
              placeholder={t(name)}
              value={url[key]}
              options={values.map((value) => ({ value, label: t(`${words}.${value}` as TextKey) }))}
              onChange={(value: string | undefined) => set({ [key]: value })}
              popupMatchSelectWidth={false}
            />
          ))}
        </>
      }
      drawer={id !== null && <FilePanel vehicleId={id} onClose={() => open(null)} />}
    >
      <ListTable
        columns={columns}
        ticks={mayDraft ? ticks : undefined}
        rows={data?.rows}
        idOf={(row) => row.vehicleId}
        selected={id}
        onOpen={open}
        error={error}
        retry={() => void refetch()}
        empty={{
          title: t('ledger.emptyTitle'),
          text: t(filtered ? 'ledger.emptyText' : 'ledger.emptyNone'),
          action: filtered ? (
            <Button onClick={() => set(Object.fromEntries(['q', 'org', ...filters.map(([key]) => key)].map((key) => [key, undefined])))}>
              {t('kit.clear')}
            </Button>
          ) : undefined,
        }}
      />
      {dialog === 'bulk' && (
        <BulkDialog
          target={chosen.size > 0 ? { vehicleIds: [...chosen] } : { filter }}
          count={chosen.size > 0 ? chosen.size : found}
          onDone={() => setChosen(new Set())}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === 'enter' && <EnterVehicle onEntered={open} onClose={() => setDialog(null)} />}
    </ListPage>
  )
}

function StateFlags({ row }: { row: LedgerRow }) {
  const { t } = useText()
  return (
    <span className="ledger-flags">
      {t(`vehicleState.${row.state}`)}
      {row.overQuota && <span className="ledger-flag ledger-flag-red">{t('ledger.over.quota')}</span>}
      {row.overStandard && <span className="ledger-flag">{t('ledger.over.standard')}</span>}
    </span>
  )
}

function Expiry({ row }: { row: LedgerRow }) {
  const nowMs = Date.now()
  const day = (value: string | null) => <span className={isDue(value, nowMs) ? 'stale' : undefined}>{value ?? MISSING}</span>
  return (
    <>
      {day(row.insuranceUntil)} / {day(row.inspectionUntil)}
    </>
  )
}
