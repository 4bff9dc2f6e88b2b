// 油卡: fuel cards of the scope. One card, one vehicle; the number is masked but for those who settle the bills or keep the cards.
import { Button } from 'antd'
import { useState } from 'react'
import type { FuelCardRow } from '../../../services/contracts/api/places.ts'
import { fuelCardStates } from '../../../services/domain/places.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { may, useAccount } from '../../kit/api/session.ts'
import { formatCount, MISSING } from '../../kit/format/number.ts'
import { AddButton } from '../../kit/list/AddButton.tsx'
import { declareList, readNumber } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { CardDialog } from './CardDialog.tsx'
import { useText } from './texts.ts'

const yuan = (fen: number | null) => (fen === null ? MISSING : formatCount(fen / 100))

const cards = declareList({
  endpoint: 'listFuelCards',
  key: 'fuelCards',
  useText,
  texts: {
    title: 'cards.tab',
    search: 'cards.search',
    total: 'cards.total',
    emptyTitle: 'cards.emptyTitle',
    emptyText: 'cards.emptyText',
  },
  columns: [
    { title: 'card.no', cell: (row) => <span className="figure">{row.cardNo}</span> },
    { title: 'card.vehicle', cell: (row, { t }) => (row.vehicle ? plateAsPrinted(row.vehicle.plate) : t('card.unbound')) },
    {
      title: 'card.state',
      cell: (row, { t }) => <span className={row.state === 'active' ? undefined : 'warn-text'}>{t(`cardState.${row.state}`)}</span>,
    },
    { title: 'card.unit', cell: (row) => row.organisation.name, className: 'clip' },
    { title: 'card.supplier', cell: (row) => row.supplier.name, className: 'clip' },
    { title: 'card.dayLimit', cell: (row) => <span className="figure">{yuan(row.dayLimitFen)}</span> },
    { title: 'card.monthLimit', cell: (row) => <span className="figure">{yuan(row.monthLimitFen)}</span> },
  ],
  idOf: (row) => row.fuelCardId,
  filters: {
    organisationId: unitFilter('kit.filterUnit'),
    state: choice({ label: 'card.state', values: fuelCardStates, word: (state) => `cardState.${state}` }),
    // Asked for by a link from the supplier; here it can be taken away.
    supplierId: {
      url: 'supplier',
      read: readNumber,
      show: ({ t, text, set }) => text !== undefined && <Button onClick={() => set(undefined)}>{t('kit.clear')}</Button>,
    },
  },
  exported: 'fuelCards',
})

export function CardsPage({ switcher }: { switcher: React.ReactNode }) {
  const { t } = useText()
  const manages = may(useAccount(), 'supplier.manage')
  const list = useList(cards)
  const [dialog, setDialog] = useState<FuelCardRow | 'new' | null>(null)
  return (
    <List
      of={list}
      actions={
        <AddButton needs="supplier.manage" onClick={() => setDialog('new')}>
          {t('cards.add')}
        </AddButton>
      }
      above={switcher}
      onOpen={(row) => manages && row.state !== 'cancelled' && setDialog(row)}
    >
      {dialog !== null && <CardDialog card={dialog === 'new' ? undefined : dialog} onClose={() => setDialog(null)} />}
    </List>
  )
}
