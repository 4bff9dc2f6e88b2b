// 车辆: the vehicles in scope as a list, a page at a time from the server; a row opens the vehicle beside the list.
import { EnvironmentOutlined, IdcardOutlined, SearchOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Checkbox, Input, Pagination } from 'antd'
import { useEffect, useState } from 'react'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { formatCount } from '../../kit/format/number.ts'
import { ExportButton } from '../../kit/list/ExportButton.tsx'
import { useRowKeys } from '../../kit/list/useRowKeys.ts'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { usePhone } from '../../kit/theme/media.ts'
import { useSettled } from '../../kit/useSettled.ts'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { filterSize, readFilter, writeFilter } from '../../parts/filters/filterUrl.ts'
import { VehicleFilters } from '../../parts/filters/VehicleFilters.tsx'
import { DayPart } from '../../parts/vehicle/DayPart.tsx'
import { readRange, readVehicleId, writeVehicle } from '../../parts/vehicle/liveUrl.ts'
import { VehiclePanel } from '../../parts/vehicle/VehiclePanel.tsx'
import { useText } from './texts.ts'
import './fleet.css'
import { FleetTable } from './FleetTable.tsx'

const PAGE_SIZE = 50
const filters = ['league', 'class', 'category', 'energy', 'status'] as const

export function FleetPage() {
  const { t } = useText()
  const phone = usePhone()
  const account = useAccount()
  const navigate = useNavigate()
  const { url, change } = useUrl()
  const filter = readFilter(url)
  const page = /^[1-9]\d{0,5}$/.test(url.page ?? '') ? Number(url.page) : 1
  const vehicleId = readVehicleId(url)
  const q = url.q ?? ''
  const clock = url.clock === 'ahead' ? 'ahead' : undefined
  const [typed, setTyped] = useState(q)
  const settled = useSettled(typed, 250)

  useEffect(() => {
    change((old) => ((old.q ?? '') === settled ? old : withEntries(old, { q: settled || undefined, page: undefined })), 'follow')
  }, [settled, change])

  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['vehicles', filter, q, clock, page],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      call('listVehicles', {
        query: { ...filter, q: q.trim().replaceAll('·', '') || undefined, clock, limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE },
        signal,
      }),
  })
  const open = (id: number | null) =>
    change((old) => withEntries(old, { v: id === null ? undefined : String(id), from: undefined, to: undefined }))
  const clear = () => {
    setTyped('')
    change((old) => withEntries({}, { v: old.v }))
  }
  useRowKeys(vehicleId !== null, () => open(null))

  return (
    <div className={vehicleId === null ? 'list-page fleet' : 'list-page fleet list-open'}>
      <div className="list-main">
        <header className="list-head">
          <h1>{t('page.fleet')}</h1>
          <Input
            className="list-search"
            prefix={<SearchOutlined />}
            allowClear
            maxLength={64}
            value={typed}
            aria-label={t('search.placeholder')}
            placeholder={t('search.placeholder')}
            onChange={(event) => setTyped(event.target.value)}
          />
          <span className="quiet figure" aria-live="polite">
            {data ? t('fleet.total', { n: formatCount(data.total) }) : ''}
          </span>
          <ExportButton subject="vehicles" list="fleet" filter={{ ...filter, q: q.trim().replaceAll('·', '') || undefined, clock }} />
        </header>
        <VehicleFilters
          extra={
            <Checkbox
              className="filter-check"
              checked={clock !== undefined}
              onChange={({ target }) => change((old) => withEntries(old, { clock: target.checked ? 'ahead' : undefined, page: undefined }))}
            >
              {t('filter.clockAhead')}
            </Checkbox>
          }
          keys={filters}
          filter={filter}
          onChange={(next) =>
            change((old) => ({
              ...withEntries(old, {
                league: undefined,
                org: undefined,
                class: undefined,
                category: undefined,
                energy: undefined,
                status: undefined,
                page: undefined,
              }),
              ...writeFilter(next),
            }))
          }
        />
        <div className="list-scroll" aria-busy={isFetching}>
          {error && !data ? (
            <ErrorState error={error} retry={() => void refetch()} />
          ) : data?.total === 0 ? (
            <EmptyState
              title={t('fleet.emptyTitle')}
              text={filterSize(filter) > 0 || q || clock ? t('fleet.emptyFiltered') : t('fleet.emptyText')}
              action={filterSize(filter) > 0 || q || clock ? <Button onClick={clear}>{t('filter.clear')}</Button> : undefined}
            />
          ) : (
            <FleetTable rows={data?.rows} selected={vehicleId} onOpen={open} />
          )}
        </div>
        {data && data.total > PAGE_SIZE && (
          <Pagination
            className="list-pages"
            current={page}
            pageSize={PAGE_SIZE}
            total={data.total}
            showSizeChanger={false}
            simple={phone && { readOnly: true }}
            onChange={(next) => change((old) => withEntries(old, { page: next === 1 ? undefined : String(next) }))}
          />
        )}
      </div>
      {vehicleId !== null && (
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
      )}
    </div>
  )
}
