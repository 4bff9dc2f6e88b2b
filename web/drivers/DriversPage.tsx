// 司勤: the drivers of the scope and those lent to it; a row opens the driver beside the list.
import { PlusOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useState } from 'react'
import type { DriverRow } from '../../services/contracts/api/drivers.ts'
import { dayAt } from '../../services/contracts/days.ts'
import { driverStates } from '../../services/contracts/duty.ts'
import { plateAsPrinted } from '../../services/contracts/vehicle.ts'
import { call, may, useAccount } from '../api/session.ts'
import { DESK_PAGE, Desk, useDesk } from '../desk/Desk.tsx'
import { type Column, DeskTable } from '../desk/DeskTable.tsx'
import { UnitChoice } from '../desk/UnitChoice.tsx'
import { formatCount, MISSING } from '../format/number.ts'
import { type Text, useText } from '../i18n/i18n.ts'
import { DriverDialog } from './DriverDialog.tsx'
import { DriverPanel } from './DriverPanel.tsx'
import { Expiry, StatusTag } from './marks.tsx'

const stateChoices = [...driverStates, 'leave'] as const
const classChoices = ['A1', 'A2', 'A3', 'B1', 'B2', 'C1', 'C2']
const expiryChoices = [0, 30, 90]

const columns = (t: Text, today: string): Column<DriverRow>[] => [
  { title: t('driver.name'), cell: (row) => row.name },
  { title: t('driver.status'), cell: (row) => <StatusTag status={row.status} /> },
  { title: t('desk.unit'), cell: (row) => row.organisation.name, className: 'desk-clip' },
  { title: t('driver.licenceClass'), cell: (row) => row.licenceClass ?? MISSING },
  { title: t('driver.licenceExpires'), cell: (row) => <Expiry day={row.licenceExpiresOn} today={today} /> },
  { title: t('driver.vehicle'), cell: (row) => (row.vehicle ? plateAsPrinted(row.vehicle.plate) : MISSING) },
  { title: t('driver.phone'), cell: (row) => <span className="figure">{row.phone}</span> },
  { title: t('driver.lentTo'), cell: (row) => row.lentTo?.name ?? MISSING, className: 'desk-clip' },
]

export function DriversPage() {
  const { t } = useText()
  const account = useAccount()
  const { url, set, open, id, q, page, offset } = useDesk()
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
    queryFn: ({ signal }) => call('listDrivers', { query: { ...filter, limit: DESK_PAGE, offset }, signal }),
  })
  const today = dayAt(Date.now())
  return (
    <Desk
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
            label={t('desk.filterUnit')}
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
      <DeskTable
        columns={columns(t, today)}
        rows={data?.rows}
        idOf={(row) => row.driverId}
        selected={id}
        onOpen={open}
        error={error}
        retry={() => void refetch()}
        empty={{
          title: t('drivers.emptyTitle'),
          text: filtered ? t('desk.noMatch') : t('drivers.emptyText'),
          action: filtered ? (
            <Button onClick={() => set({ q: undefined, state: undefined, licence: undefined, expires: undefined, org: undefined })}>
              {t('desk.clear')}
            </Button>
          ) : undefined,
        }}
      />
      {adding && <DriverDialog onClose={() => setAdding(false)} onSaved={open} />}
    </Desk>
  )
}
