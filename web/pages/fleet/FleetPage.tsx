// 车辆: the vehicles in scope as a list, a page at a time from the server; a row opens the vehicle beside the list.
import { EnvironmentOutlined, IdcardOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { vehicleStatuses } from '../../../services/domain/status.ts'
import { energyTypes, vehicleCategories, vehicleClasses } from '../../../services/domain/vehicle.ts'
import { may, useAccount } from '../../kit/api/session.ts'
import { areaName, countedAreas } from '../../kit/format/leagueNames.ts'
import { formatSpeed, MISSING } from '../../kit/format/number.ts'
import { declareList, numberIn } from '../../kit/list/declareList.ts'
import { check, choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { withEntries } from '../../kit/useUrl.ts'
import { StatusWord } from '../../parts/marks/Marks.tsx'
import { Plate } from '../../parts/marks/Plate.tsx'
import { SecretMark } from '../../parts/marks/SecretMark.tsx'
import { SecretName } from '../../parts/marks/SecretName.tsx'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { DayPart } from '../../parts/vehicle/DayPart.tsx'
import { readRange, writeVehicle } from '../../parts/vehicle/liveUrl.ts'
import { VehiclePanel } from '../../parts/vehicle/VehiclePanel.tsx'
import { Kind, LastReport } from './cells.tsx'
import { useText } from './texts.ts'
import './fleet.css'

const fleet = declareList({
  endpoint: 'listVehicles',
  key: 'vehicles',
  useText,
  texts: {
    title: 'page.fleet',
    search: 'search.placeholder',
    total: 'fleet.total',
    emptyTitle: 'fleet.emptyTitle',
    emptyText: 'fleet.emptyText',
    noMatchText: 'fleet.emptyFiltered',
  },
  columns: [
    {
      title: 'column.plate',
      cell: (row) => (row.seen === 'whole' ? <Plate plate={row.plate} colour={row.plateColour} /> : <SecretName />),
      beside: (row) => row.seen === 'whole' && <SecretMark secret={row.secret} until={row.unmaskedUntil} />,
    },
    { title: 'column.status', cell: (row) => <StatusWord status={row.status} /> },
    { title: 'column.unit', className: 'clip', cell: (row) => row.userUnit.name },
    { title: 'column.class', cell: (row) => <Kind row={row} /> },
    {
      title: 'column.model',
      cell: (row, { t }) =>
        row.seen === 'whole' ? (
          <span>
            {row.make} {row.model} <small className="quiet">{t(`energy.${row.energy}`)}</small>
          </span>
        ) : (
          <span className="quiet">{t('secret.coarse')}</span>
        ),
    },
    { title: 'column.driver', cell: (row) => (row.seen === 'whole' && row.driverName) || MISSING },
    {
      title: 'column.speed',
      className: 'figure',
      cell: (row) => (row.seen === 'whole' && row.status === 'moving' ? formatSpeed(row.last?.speedKph ?? null) : MISSING),
    },
    { title: 'column.last', className: 'figure', cell: (row) => <LastReport row={row} /> },
  ],
  idOf: (row) => row.vehicleId,
  address: numberIn('v', 'from', 'to'),
  filters: {
    organisationId: unitFilter('filter.unit'),
    league: choice({
      label: 'filter.league',
      values: countedAreas.map(({ adcode }) => adcode),
      name: (adcode, { locale }) => areaName(countedAreas.find((area) => area.adcode === adcode)!, locale),
    }),
    class: choice({ label: 'filter.class', values: vehicleClasses, word: (kind) => `class.${kind}` }),
    category: choice({ label: 'filter.category', values: vehicleCategories, word: (category) => `category.${category}` }),
    energy: choice({ label: 'filter.energy', values: energyTypes, word: (energy) => `energy.${energy}` }),
    status: choice({ label: 'filter.status', values: vehicleStatuses, word: (status) => `status.${status}` }),
    clock: check('filter.clockAhead', 'ahead'),
  },
  exported: 'fleet',
})

export function FleetPage() {
  const { t } = useText()
  const account = useAccount()
  const navigate = useNavigate()
  const list = useList(fleet)
  const { url, change, opened: vehicleId, open } = list
  return (
    <List
      of={list}
      className="fleet"
      drawer={
        vehicleId !== null && (
          <VehiclePanel
            vehicleId={vehicleId}
            report={null}
            onClose={() => open(null)}
            actions={
              <>
                {may(account, 'ledger.view') && (
                  <Button
                    icon={<IdcardOutlined />}
                    onClick={() => void navigate({ to: '/ledger', search: { id: String(vehicleId) } } as never)}
                  >
                    {t('file.title')}
                  </Button>
                )}
                <Button
                  icon={<EnvironmentOutlined />}
                  onClick={() =>
                    void navigate({ to: '/live', search: writeVehicle({ vehicleId, range: readRange(url), trail: true }) } as never)
                  }
                >
                  {t('vehicle.showOnMap')}
                </Button>
              </>
            }
          >
            <DayPart
              vehicleId={vehicleId}
              range={readRange(url)}
              onRange={(range) =>
                change((old) => ({
                  ...withEntries(old, { from: undefined, to: undefined }),
                  ...writeVehicle({ vehicleId, range, trail: true }),
                }))
              }
            />
          </VehiclePanel>
        )
      }
    />
  )
}
