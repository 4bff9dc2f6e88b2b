// 事故违章: what happened to vehicles or is held against them. 疑似 until another person has verified it; who drove is what the order of the time says.
import { useState } from 'react'
import { mishapKinds, mishapStates } from '../../../services/domain/mishaps.ts'
import { formatFen } from '../../kit/format/money.ts'
import { MISSING } from '../../kit/format/number.ts'
import { AddButton } from '../../kit/list/AddButton.tsx'
import { declareList, idInAddress } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { Plate } from '../../parts/marks/Plate.tsx'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { minuteOf } from '../../parts/trip/when.ts'
import { EnterDialog } from './EnterDialog.tsx'
import { MishapPanel } from './MishapPanel.tsx'
import { useText } from './texts.ts'

const mishaps = declareList({
  endpoint: 'listMishaps',
  key: 'mishaps',
  useText,
  texts: {
    title: 'page.mishaps',
    search: 'mishaps.search',
    total: 'mishaps.total',
    emptyTitle: 'mishaps.emptyTitle',
    emptyText: 'mishaps.emptyText',
  },
  columns: [
    { title: 'mishaps.vehicle', opens: true, cell: ({ vehicle }) => <Plate plate={vehicle.plate} colour={vehicle.plateColour} /> },
    { title: 'mishaps.kind', cell: (row, { t }) => t(`mishapKind.${row.kind}`) },
    { title: 'mishaps.state', cell: (row, { t }) => t(`mishapState.${row.state}`) },
    { title: 'mishaps.at', className: 'figure', cell: (row) => minuteOf(row.at) },
    { title: 'mishaps.text', className: 'clip', cell: (row) => row.text },
    { title: 'mishaps.drove', cell: (row) => row.drove?.driver ?? row.drove?.order.number ?? MISSING },
    { title: 'mishaps.fine', className: 'figure', yields: true, cell: (row) => (row.fineFen === 0 ? MISSING : formatFen(row.fineFen)) },
    { title: 'mishaps.place', className: 'clip', yields: true, cell: (row) => row.place },
    { title: 'mishaps.unit', className: 'clip', yields: true, cell: (row) => row.unit.name },
  ],
  idOf: (row) => row.mishapId,
  address: idInAddress,
  filters: {
    kind: choice({ label: 'mishaps.kind', values: mishapKinds, word: (kind) => `mishapKind.${kind}` }),
    state: choice({ label: 'mishaps.state', values: mishapStates, word: (state) => `mishapState.${state}` }),
    organisationId: unitFilter('mishaps.unit'),
  },
  exported: 'mishaps',
})

export function MishapsPage() {
  const { t } = useText()
  const list = useList(mishaps)
  const [entering, setEntering] = useState(false)
  const { opened, open, rows } = list
  return (
    <List
      of={list}
      actions={
        <AddButton needs="bill.enter" onClick={() => setEntering(true)}>
          {t('mishaps.enter')}
        </AddButton>
      }
      drawer={
        opened !== null && <MishapPanel id={opened} mishap={rows?.find(({ mishapId }) => mishapId === opened)} onClose={() => open(null)} />
      }
    >
      {entering && <EnterDialog onClose={() => setEntering(false)} />}
    </List>
  )
}
