// 维修单: asked for, estimated, approved by another person, brought in, taken back with the invoice, accepted and booked.
import { useState } from 'react'
import { workKinds, workOrderStates } from '../../../services/domain/workOrders.ts'
import { formatFen } from '../../kit/format/money.ts'
import { MISSING } from '../../kit/format/number.ts'
import { AddButton } from '../../kit/list/AddButton.tsx'
import { declareList, idInAddress } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { Plate } from '../../parts/marks/Plate.tsx'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { spanText } from '../../parts/trip/when.ts'
import { AskWorkDialog } from './AskWorkDialog.tsx'
import { useText } from './texts.ts'
import { WorkOrderPanel } from './WorkOrderPanel.tsx'

const orders = declareList({
  endpoint: 'listWorkOrders',
  key: 'work-orders',
  useText,
  texts: {
    title: 'page.upkeep',
    search: 'upkeep.search',
    total: 'work.total',
    emptyTitle: 'work.emptyTitle',
    emptyText: 'work.emptyText',
  },
  columns: [
    { title: 'upkeep.vehicle', opens: true, cell: ({ vehicle }) => <Plate plate={vehicle.plate} colour={vehicle.plateColour} /> },
    { title: 'work.kind', cell: (row, { t }) => t(`workKind.${row.kind}`) },
    { title: 'work.work', className: 'clip', cell: (row) => row.work },
    {
      title: 'work.state',
      cell: (row, { t }) => (
        <>
          {t(`workOrderState.${row.state}`)}
          {row.late && <span className="upkeep-late"> {t('work.late')}</span>}
        </>
      ),
    },
    {
      title: 'work.amount',
      className: 'figure',
      cell: (row) => {
        const fen = row.invoiceFen ?? row.approvedFen ?? row.estimateFen
        return fen === null ? MISSING : formatFen(fen)
      },
    },
    { title: 'work.away', className: 'figure', yields: true, cell: (row) => spanText(row.from, row.until) },
    { title: 'work.supplier', className: 'clip', yields: true, cell: (row) => row.supplier.name },
    { title: 'upkeep.unit', className: 'clip', yields: true, cell: (row) => row.unit.name },
  ],
  idOf: (row) => row.workOrderId,
  address: idInAddress,
  filters: {
    state: choice({ label: 'work.state', values: workOrderStates, word: (state) => `workOrderState.${state}` }),
    kind: choice({ label: 'work.kind', values: workKinds, word: (kind) => `workKind.${kind}` }),
    organisationId: unitFilter('upkeep.unit'),
  },
  exported: 'workOrders',
  everyMs: 30_000,
})

export function WorkOrderList({ switcher }: { switcher: React.ReactNode }) {
  const { t } = useText()
  const list = useList(orders)
  const [asking, setAsking] = useState(false)
  const { opened, open, rows } = list
  return (
    <List
      of={list}
      above={switcher}
      actions={
        <AddButton needs="bill.enter" onClick={() => setAsking(true)}>
          {t('work.ask')}
        </AddButton>
      }
      drawer={
        opened !== null && (
          <WorkOrderPanel id={opened} order={rows?.find(({ workOrderId }) => workOrderId === opened)} onClose={() => open(null)} />
        )
      }
    >
      {asking && <AskWorkDialog onClose={() => setAsking(false)} />}
    </List>
  )
}
