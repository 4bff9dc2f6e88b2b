// 派车单: the orders of the scope, or one's own; a row opens the order with its steps and costs beside the list.
import { orderStates } from '../../../services/domain/orders.ts'
import { MISSING } from '../../kit/format/number.ts'
import { declareList, idInAddress } from '../../kit/list/declareList.ts'
import { check, choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { Plate } from '../../parts/marks/Plate.tsx'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { OrderMark } from '../../parts/trip/marks.tsx'
import { vehicleText } from '../../parts/trip/vehicleText.ts'
import { spanText } from '../../parts/trip/when.ts'
import { OrderPanel } from './OrderPanel.tsx'
import { useText } from './texts.ts'

const orders = declareList({
  endpoint: 'listOrders',
  key: 'orders',
  useText,
  texts: {
    title: 'page.orders',
    search: 'orders.search',
    total: 'orders.total',
    emptyTitle: 'orders.emptyTitle',
    emptyText: 'orders.emptyText',
  },
  columns: [
    {
      // Each unit that gives vehicles counts for itself.
      title: 'trip.number',
      cell: (row) => (
        <>
          <span className="figure">{row.number}</span>
          <br />
          <small className="quiet">{row.issuer.name}</small>
        </>
      ),
    },
    {
      title: 'trip.state',
      cell: (row, { t }) => (
        <>
          {row.leftVoided ? <strong>{t('trip.leftVoided')}</strong> : <OrderMark state={row.state} />}
          {row.toApprove.map((matter) => (
            <small key={matter} className="warn-text">
              {' '}
              {t(`orders.toApprove.${matter}`)}
            </small>
          ))}
          {row.alerts > 0 && <span className="warn-text"> {t('orders.alerts', { n: row.alerts })}</span>}
        </>
      ),
    },
    {
      title: 'trip.vehicle',
      cell: (row, { t }) => (row.vehicle ? <Plate plate={row.vehicle.plate} colour={row.vehicle.plateColour} /> : vehicleText(row, t)),
    },
    { title: 'trip.withDriver', cell: (row, { t }) => row.driver?.name ?? (row.lease ? MISSING : t('trip.selfDrive')) },
    { title: 'trip.startsAt', className: 'figure', cell: (row) => spanText(row.startsAt, row.endsAt) },
    { title: 'trip.to', className: 'clip', cell: (row) => row.to.name },
    { title: 'trip.unit', className: 'clip', yields: true, cell: (row) => row.unit.name },
    { title: 'trip.applicant', yields: true, cell: (row) => row.applicant.name },
  ],
  idOf: (row) => row.orderId,
  address: idInAddress,
  filters: {
    state: choice({ label: 'trip.state', values: orderStates, word: (state) => `orderState.${state}` }),
    organisationId: unitFilter('orders.filterUnit'),
    open: check('orders.open', 'true', { text: '1' }),
    waiting: check('orders.waiting', 'costs'),
  },
  exported: 'orders',
  everyMs: 15_000,
})

export function OrdersPage() {
  const list = useList(orders)
  const { opened, open } = list
  return <List of={list} drawer={opened !== null && <OrderPanel orderId={opened} onClose={() => open(null)} />} />
}
