// What was booked, by vehicle, unit or month; a sum opens into the entries that it is made of.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Input } from 'antd'
import type { CostEntry, CostSum } from '../../../services/contracts/api/costs.ts'
import { bookedKinds, isRunning } from '../../../services/domain/costBook.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { call } from '../../kit/api/session.ts'
import { formatFen } from '../../kit/format/money.ts'
import { formatCount, MISSING } from '../../kit/format/number.ts'
import { declareList, type Filter, readNumber } from '../../kit/list/declareList.ts'
import { check, choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { Panel } from '../../kit/panel/Panel.tsx'
import { Plate } from '../../parts/marks/Plate.tsx'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { type Text, useText } from './texts.ts'

const DAY = /^\d{4}-\d{2}-\d{2}$/
/** A day over the list; without one the list is asked from the year's first until today. */
const day = (label: 'costs.from' | 'costs.until', otherwise: () => string): Filter<string, 'costs.from' | 'costs.until'> => ({
  read: (text) => (DAY.test(text ?? '') ? text : otherwise()),
  show: ({ t, text, set }) => (
    <Input
      type="date"
      aria-label={t(label)}
      value={DAY.test(text ?? '') ? text : otherwise()}
      onChange={({ target }) => set(target.value || undefined)}
    />
  ),
})
const today = () => dayAt(Date.now())
const january = () => `${today().slice(0, 4)}-01-01`

/** unit, vehicle, supplier, month; what a sum is not of is left out. */
const keyOf = ({ unit, vehicle, supplier, month }: CostSum) =>
  [unit?.organisationId, vehicle?.vehicleId, supplier?.supplierId, month].map((part) => part ?? '').join('.')

function nameOf({ vehicle, supplier }: CostSum, t: Text): string {
  if (vehicle) return plateAsPrinted(vehicle.plate)
  return supplier ? t('costs.leased', { name: supplier.name }) : t('costs.unnamed')
}

/** Of running costs, for each kilometre by the odometers. */
const perKm = ({ fen, distanceM }: CostSum): number =>
  Math.round((bookedKinds.filter(isRunning).reduce((sum, kind) => sum + (fen[kind] ?? 0), 0) * 1000) / distanceM)

/** What was bought of fuel and current, for 100 km where it was driven. */
function consumptionOf({ fuelMl, chargeWh, distanceM }: CostSum, { t }: { t: Text }): string {
  const said = ([bought, whole, per]: readonly [number, 'costs.litres' | 'costs.kwh', 'costs.litresPer' | 'costs.kwhPer']) => {
    if (bought === 0) return []
    const [n, of] = [formatTenths(bought / 1000), formatTenths((bought * 100) / distanceM)]
    return [distanceM === 0 ? t(whole, { n }) : t(per, { n, of })]
  }
  const texts = [...said([fuelMl, 'costs.litres', 'costs.litresPer']), ...said([chargeWh, 'costs.kwh', 'costs.kwhPer'])]
  return texts.length === 0 ? MISSING : texts.join(' ')
}
const formatTenths = (value: number): string => (Math.round(value * 10) / 10).toLocaleString('en-US')

const sums = declareList({
  endpoint: 'listCostSums',
  key: 'costs',
  useText,
  texts: { title: 'page.costs', total: 'costs.total', emptyTitle: 'costs.emptyTitle', emptyText: 'costs.emptyText' },
  columns: [
    { title: 'costs.unit', className: 'clip', cell: (row) => row.month ?? row.unit?.name ?? MISSING },
    {
      title: 'costs.what',
      cell: (row, { t }) =>
        row.vehicle ? <Plate plate={row.vehicle.plate} colour={row.vehicle.plateColour} /> : row.supplier ? nameOf(row, t) : MISSING,
    },
    { title: 'costs.orders', className: 'figure', cell: (row) => formatCount(row.orders) },
    { title: 'costs.distance', className: 'figure', cell: (row) => formatCount(Math.round(row.distanceM / 1000)) },
    { title: 'costs.consumption', className: 'figure', yields: true, cell: consumptionOf },
    { title: 'costs.perKm', className: 'figure', yields: true, cell: (row) => (row.distanceM === 0 ? MISSING : formatFen(perKm(row))) },
    { title: 'costs.sum', className: 'figure', cell: (row) => <strong>{formatFen(row.totalFen)}</strong> },
    ...bookedKinds.map(
      (kind) =>
        ({
          title: `costKind.${kind}`,
          className: 'figure',
          yields: true,
          cell: (row: CostSum) => (row.fen[kind] === undefined ? MISSING : formatFen(row.fen[kind])),
        }) as const,
    ),
  ],
  idOf: keyOf,
  address: {
    read: (url) => (/^\d*\.\d*\.\d*\.[\d-]*$/.test(url.id ?? '') ? url.id! : null),
    write: (id: string | null) => ({ id: id ?? undefined }),
  },
  filters: {
    by: choice({ label: 'costs.by', values: ['vehicle', 'unit', 'month'], word: (by) => `costs.by.${by}`, otherwise: 'vehicle' }),
    from: day('costs.from', january),
    until: day('costs.until', today),
    organisationId: unitFilter('costs.filterUnit'),
    idle: check('costs.idle', 'true', { text: '1' }),
  },
  exported: 'costs',
})

export function SumList({ switcher }: { switcher: React.ReactNode }) {
  const { t } = useText()
  const list = useList(sums)
  const { opened, open } = list
  const { from = january(), until = today(), organisationId, by = 'vehicle' } = list.filter
  return (
    <List
      of={list}
      above={switcher}
      note={list.answer && <span className="figure">{t('costs.all', { sum: formatFen(list.answer.totalFen) })}</span>}
      drawer={
        opened !== null && (
          <EntriesPanel
            of={opened}
            range={{ from, until, organisationId: organisationId as number | undefined, by }}
            onClose={() => open(null)}
          />
        )
      }
    />
  )
}

type Range = { from: string; until: string; organisationId: number | undefined; by: 'vehicle' | 'unit' | 'month' }
const SHOWN = 200

/** The entries of one sum, which add up to it. */
function EntriesPanel({ of, range: { from, until, organisationId, by }, onClose }: { of: string; range: Range; onClose: () => void }) {
  const { t } = useText()
  const [unit, vehicle, supplier, month] = of.split('.')
  const numbers = { unitId: readNumber(unit), vehicleId: readNumber(vehicle), supplierId: readNumber(supplier) }
  const query = {
    from: month && `${month}-01` > from ? `${month}-01` : from,
    until: month && lastOf(month) < until ? lastOf(month) : until,
    ...(organisationId === undefined ? {} : { organisationId }),
    ...Object.fromEntries(Object.entries(numbers).filter(([, number]) => number !== undefined)),
    ...(by === 'vehicle' && numbers.vehicleId === undefined ? { unnamed: 'true' as const } : {}),
    limit: SHOWN,
  }
  const { data, error, refetch } = useQuery({
    queryKey: ['costs', 'entries', query],
    queryFn: ({ signal }) => call('listCostEntries', { query, signal }),
  })
  return (
    <Panel
      id={of}
      title={t('costs.entries')}
      kind={data && <strong className="figure">{formatFen(data.totalFen)}</strong>}
      error={error}
      retry={() => void refetch()}
      loading={!data}
      onClose={onClose}
    >
      {data && (
        <section className="panel-part">
          <ul className="rows">
            {data.rows.map((row) => (
              <li key={row.entryId}>
                <span>
                  {t(`costKind.${row.kind}`)} {row.vehicle && <span className="figure">{plateAsPrinted(row.vehicle.plate)}</span>}
                  <br />
                  <span className="quiet">
                    <span className="figure">{row.day}</span> <Source of={row} />{' '}
                    {row.other ? t('costs.toUnit', { name: row.other }) : row.unit.name} {row.note}
                  </span>
                </span>
                <span className="figure">{formatFen(row.fen)}</span>
              </li>
            ))}
          </ul>
          {data.total > data.rows.length && <p className="quiet">{t('costs.entriesMore', { n: data.rows.length })}</p>}
        </section>
      )}
    </Panel>
  )
}

function Source({ of: { order, billId } }: { of: CostEntry }) {
  const { t } = useText()
  if (order)
    return (
      <Link to="/orders" search={{ id: String(order.orderId) } as never}>
        {order.number}
      </Link>
    )
  if (billId === null) return t('costs.unnamed')
  return (
    <Link to="/costs" search={{ list: 'bills', id: String(billId) } as never}>
      {t('costs.bill', { n: billId })}
    </Link>
  )
}

const lastOf = (month: string): string => {
  const [year, of] = month.split('-').map(Number)
  return new Date(Date.UTC(year!, of!, 0)).toISOString().slice(0, 10)
}
