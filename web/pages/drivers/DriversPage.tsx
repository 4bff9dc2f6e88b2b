// 司勤: the drivers of the scope and those lent to it; a row opens the driver beside the list.
import { useState } from 'react'
import { dayAt } from '../../../services/domain/days.ts'
import { driverStates } from '../../../services/domain/duty.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { MISSING } from '../../kit/format/number.ts'
import { AddButton } from '../../kit/list/AddButton.tsx'
import { declareList, idInAddress } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { Expiry, StatusTag } from '../../parts/driver/marks.tsx'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { DriverDialog } from './DriverDialog.tsx'
import { DriverPanel } from './DriverPanel.tsx'
import { useText } from './texts.ts'

const drivers = declareList({
  endpoint: 'listDrivers',
  key: 'drivers',
  useText,
  texts: {
    title: 'page.drivers',
    search: 'drivers.search',
    total: 'drivers.total',
    emptyTitle: 'drivers.emptyTitle',
    emptyText: 'drivers.emptyText',
  },
  columns: [
    { title: 'driver.name', cell: (row) => row.name },
    { title: 'driver.status', cell: (row) => <StatusTag status={row.status} /> },
    { title: 'kit.unit', cell: (row) => row.organisation.name, className: 'clip' },
    { title: 'driver.licenceClass', cell: (row) => row.licenceClass ?? MISSING },
    { title: 'driver.licenceExpires', cell: (row) => <Expiry day={row.licenceExpiresOn} today={dayAt(Date.now())} /> },
    { title: 'driver.vehicle', cell: (row) => (row.vehicle ? plateAsPrinted(row.vehicle.plate) : MISSING) },
    { title: 'driver.phone', cell: (row) => <span className="figure">{row.phone}</span> },
    { title: 'driver.lentTo', cell: (row) => row.lentTo?.name ?? MISSING, className: 'clip' },
  ],
  idOf: (row) => row.driverId,
  address: idInAddress,
  filters: {
    organisationId: unitFilter('kit.filterUnit'),
    state: choice({ label: 'driverFilter.state', values: [...driverStates, 'leave'], word: (state) => `driverState.${state}` }),
    licenceClass: choice({ url: 'licence', label: 'driverFilter.class', values: ['A1', 'A2', 'A3', 'B1', 'B2', 'C1', 'C2'] }),
    expiresWithinDays: choice({
      url: 'expires',
      label: 'driverFilter.expires',
      values: [0, 30, 90],
      word: (n) => (n === 0 ? 'driverFilter.expired' : ['driverFilter.days', { n }]),
    }),
  },
  exported: 'drivers',
})

export function DriversPage() {
  const { t } = useText()
  const list = useList(drivers)
  const { opened, open } = list
  const [adding, setAdding] = useState(false)
  return (
    <List
      of={list}
      actions={
        <AddButton needs="driver.manage" onClick={() => setAdding(true)}>
          {t('drivers.add')}
        </AddButton>
      }
      drawer={opened !== null && <DriverPanel driverId={opened} onClose={() => open(null)} />}
    >
      {adding && <DriverDialog onClose={() => setAdding(false)} onSaved={open} />}
    </List>
  )
}
