// 司勤: the drivers of the scope and those lent to it; a row opens the driver beside the list.
import { PlusOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useState } from 'react'
import type { DriverRow } from '../../../services/contracts/api/drivers.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { driverStates } from '../../../services/domain/duty.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { formatCount, MISSING } from '../../kit/format/number.ts'
import { ListPage, PAGE_ROWS, useListUrl } from '../../kit/list/ListPage.tsx'
import { type Column, ListTable } from '../../kit/list/ListTable.tsx'
import { Expiry, StatusTag } from '../../parts/driver/marks.tsx'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { DriverDialog } from './DriverDialog.tsx'
import { DriverPanel } from './DriverPanel.tsx'
import { type Text, useText } from './texts.ts'

const stateChoices = [...driverStates, 'leave'] as const
const classChoices = ['A1', 'A2', 'A3', 'B1', 'B2', 'C1', 'C2']
const expiryChoices = [0, 30, 90]

const columns = (t: Text, today: string): Column<DriverRow>[] => [
  { title: t('driver.name'), cell: (row) => row.name },
  { title: t('driver.status'), cell: (row) => <StatusTag status={row.status} /> },
  { title: t('kit.unit'), cell: (row) => row.organisation.name, className: 'clip' },
  { title: t('driver.licenceClass'), cell: (row) => row.licenceClass ?? MISSING },
  { title: t('driver.licenceExpires'), cell: (row) => <Expiry day={row.licenceExpiresOn} today={today} /> },
  { title: t('driver.vehicle'), cell: (row) => (row.vehicle ? plateAsPrinted(row.vehicle.plate) : MISSING) },
  { title: t('driver.phone'), cell: (row) => <span className="figure">{row.phone}</span> },
  { title: t('driver.lentTo'), cell: (row) => row.lentTo?.name ?? MISSING, className: 'clip' },
]

export function DriversPage() {
  const { t } = useText()
  const account = useAccount()
  const { url, set, open, id, q, page, offset } = useListUrl()
  const [adding, setAdding] = useState(false)
  const state = stateChoices.find((each) => each === url.state)
  const licenceClass = classChoices.find((each) => each === url.licence)
  const expires = expiryChoices.find((each) => String(each) === url.expires)
  const organisationId = /^[1-9]\d{0,9}$/.test(url.org ?? '') ? Number(url.org) : undefined
  const filtered = Boolean(q || state || licenceClass || expires !== undefined || organisationId)
  const filter = { q: q.trim() || undefined, state, licenceClass, expiresWithinDays: expires, organisationId }
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['drivers', filter, page],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call('listDrivers', { query: { ...filter, limit: PAGE_ROWS, offset }, signal }),
  })
  const today = dayAt(Date.now())
  return (
    <ListPage
      title={t('page.drivers')}
      searchHint={t('drivers.search')}
      total={data ? t('drivers.total', { n: formatCount(data.total) }) : ''}
      count={data?.total}
      busy={isFetching}
      exported={{ subject: 'drivers', list: 'drivers', filter }}
      actions={
        may(account, 'driver.manage') && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
            {t('drivers.add')}
          </Button>
        )
      }
      filters={
        <>
          <UnitChoice
            label={t('kit.filterUnit')}
            value={organisationId}
            onChange={(org) => set({ org: org === undefined ? undefined : String(org) })}
          />
          <Select
            allowClear
            aria-label={t('driverFilter.state')}
            placeholder={t('driverFilter.state')}
            value={state}
            options={stateChoices.map((value) => ({ value, label: t(`driverState.${value}`) }))}
            onChange={(value) => set({ state: value })}
          />
          <Select
            allowClear
            aria-label={t('driverFilter.class')}
            placeholder={t('driverFilter.class')}
            value={licenceClass}
            options={classChoices.map((value) => ({ value, label: value }))}
            onChange={(value) => set({ licence: value })}
          />
          <Select
            allowClear
            aria-label={t('driverFilter.expires')}
            placeholder={t('driverFilter.expires')}
            value={expires}
            options={expiryChoices.map((n) => ({ value: n, label: n === 0 ? t('driverFilter.expired') : t('driverFilter.days', { n }) }))}
            onChange={(value) => set({ expires: value === undefined ? undefined : String(value) })}
            popupMatchSelectWidth={false}
          />
        </>
      }
      drawer={id !== null && <DriverPanel driverId={id} onClose={() => open(null)} />}
    >
      <ListTable
        columns={columns(t, today)}
        rows={data?.rows}
        idOf={(row) => row.driverId}
        selected={id}
        onOpen={open}
        error={error}
        retry={() => void refetch()}
        empty={{
          title: t('drivers.emptyTitle'),
          text: filtered ? t('kit.noMatch') : t('drivers.emptyText'),
          action: filtered ? (
            <Button onClick={() => set({ q: undefined, state: undefined, licence: undefined, expires: undefined, org: undefined })}>
              {t('kit.clear')}
            </Button>
          ) : undefined,
        }}
      />
      {adding && <DriverDialog onClose={() => setAdding(false)} onSaved={open} />}
    </ListPage>
  )
}
