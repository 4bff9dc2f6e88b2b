// 台账: one file a vehicle. A page at a time from the server; a row opens the file beside the list; chosen rows are changed together.
import { Button } from 'antd'
import { useState } from 'react'
import { type LedgerRow, MAX_BULK, MAX_BULK_FOUND } from '../../../services/contracts/api/ledger.ts'
import { vehicleStates } from '../../../services/domain/lifecycle.ts'
import { vehicleCategories, vehicleClasses, vehicleOrigins } from '../../../services/domain/vehicle.ts'
import { may, useAccount } from '../../kit/api/session.ts'
import { formatCount, MISSING } from '../../kit/format/number.ts'
import { declareList, idInAddress } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { useTicks } from '../../kit/list/useTicks.tsx'
import { Plate } from '../../parts/marks/Plate.tsx'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { BulkDialog } from './BulkDialog.tsx'
import { EnterVehicle } from './EditFile.tsx'
import { FilePanel } from './FilePanel.tsx'
import { useText } from './texts.ts'
import { formatPrice, isDue } from './words.ts'
import './ledger.css'

const ledger = declareList({
  endpoint: 'listLedger',
  key: 'ledger',
  useText,
  texts: {
    title: 'page.ledger',
    search: 'ledger.search',
    total: 'ledger.total',
    emptyTitle: 'ledger.emptyTitle',
    emptyText: 'ledger.emptyNone',
    noMatchText: 'ledger.emptyText',
  },
  columns: [
    { title: 'column.plate', cell: (row) => <Plate plate={row.plate} colour={row.plateColour} /> },
    { title: 'column.unit', className: 'clip', cell: (row) => row.userUnit.name },
    { title: 'filter.category', cell: (row, { t }) => t(`category.${row.category}`) },
    { title: 'ledger.state', cell: (row) => <StateFlags row={row} /> },
    { title: 'column.model', cell: (row) => `${row.make} ${row.model}` },
    {
      title: 'ledger.price',
      className: 'figure',
      cell: (row, { locale }) => (row.priceFen === null ? MISSING : formatPrice(row.priceFen, locale)),
    },
    { title: 'identity.registeredOn', className: 'figure', cell: (row) => row.registeredOn },
    { title: 'ledger.expires', className: 'figure', cell: (row) => <Expiry row={row} /> },
  ],
  idOf: (row) => row.vehicleId,
  address: idInAddress,
  filters: {
    organisationId: unitFilter('filter.unit'),
    class: choice({ label: 'filter.class', values: vehicleClasses, word: (kind) => `class.${kind}` }),
    category: choice({ label: 'filter.category', values: vehicleCategories, word: (category) => `category.${category}` }),
    state: choice({ label: 'ledger.state', values: vehicleStates, word: (state) => `vehicleState.${state}` }),
    origin: choice({ label: 'field.origin', values: vehicleOrigins, word: (origin) => `origin.${origin}` }),
    over: choice({ label: 'ledger.over', values: ['quota', 'standard'], word: (what) => `ledger.over.${what}` }),
    expiresInDays: choice({
      url: 'expires',
      label: 'ledger.expiry',
      values: ['0', '30', '90'],
      word: (days) => `ledger.expiry.${days}`,
    }),
  },
  exported: 'ledger',
})

export function LedgerPage() {
  const { t } = useText()
  const account = useAccount()
  const list = useList(ledger)
  const { opened, open, filter, total: found = 0 } = list
  const [dialog, setDialog] = useState<'bulk' | 'enter' | null>(null)
  const { chosen, unchoose, ticks } = useTicks({
    page: list.rows,
    idOf: ledger.idOf,
    wholePage: t('ledger.selectPage'),
    one: ({ plate }) => t('ledger.select', { plate }),
  })
  const mayDraft = may(account, 'ledger.draft')
  return (
    <List
      of={list}
      ticks={mayDraft ? ticks : undefined}
      actions={
        <>
          {chosen.size > 0 && <Button onClick={unchoose}>{t('ledger.unselect')}</Button>}
          {chosen.size > 0 && (
            <Button
              type="primary"
              disabled={chosen.size > MAX_BULK}
              title={chosen.size > MAX_BULK ? t('ledger.bulkMost', { n: MAX_BULK }) : undefined}
              onClick={() => setDialog('bulk')}
            >
              {t('ledger.bulk', { n: chosen.size })}
            </Button>
          )}
          {mayDraft && chosen.size === 0 && found > 0 && found <= MAX_BULK_FOUND && (
            <Button onClick={() => setDialog('bulk')}>{t('ledger.bulkFound', { n: formatCount(found) })}</Button>
          )}
          {may(account, 'ledger.approve') && <Button onClick={() => setDialog('enter')}>{t('ledger.enter')}</Button>}
        </>
      }
      drawer={opened !== null && <FilePanel vehicleId={opened} onClose={() => open(null)} />}
    >
      {dialog === 'bulk' && (
        <BulkDialog
          target={chosen.size > 0 ? { vehicleIds: [...chosen.keys()] } : { filter }}
          count={chosen.size > 0 ? chosen.size : found}
          onDone={unchoose}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === 'enter' && <EnterVehicle onEntered={open} onClose={() => setDialog(null)} />}
    </List>
  )
}

function StateFlags({ row }: { row: LedgerRow }) {
  const { t } = useText()
  return (
    <span className="ledger-flags">
      {t(`vehicleState.${row.state}`)}
      {row.overQuota && <span className="ledger-flag ledger-flag-red">{t('ledger.over.quota')}</span>}
      {row.overStandard && <span className="ledger-flag">{t('ledger.over.standard')}</span>}
    </span>
  )
}

function Expiry({ row }: { row: LedgerRow }) {
  const nowMs = Date.now()
  const day = (value: string | null) => <span className={isDue(value, nowMs) ? 'stale' : undefined}>{value ?? MISSING}</span>
  return (
    <>
      {day(row.insuranceUntil)} / {day(row.inspectionUntil)}
    </>
  )
}
