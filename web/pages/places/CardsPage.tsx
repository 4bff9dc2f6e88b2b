// 油卡: fuel cards of the scope. One card, one vehicle; the number is masked but for those who settle the bills or keep the cards.
import { PlusOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useState } from 'react'
import type { FuelCardRow } from '../../../services/contracts/api/places.ts'
import { fuelCardStates } from '../../../services/domain/places.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { formatCount, MISSING } from '../../kit/format/number.ts'
import { ListPage, PAGE_ROWS, useListUrl } from '../../kit/list/ListPage.tsx'
import { type Column, ListTable } from '../../kit/list/ListTable.tsx'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { CardDialog } from './CardDialog.tsx'
import { type Text, useText } from './texts.ts'

const yuan = (fen: number | null) => (fen === null ? MISSING : formatCount(fen / 100))

const columns = (t: Text): Column<FuelCardRow>[] => [
  { title: t('card.no'), cell: (row) => <span className="figure">{row.cardNo}</span> },
  { title: t('card.vehicle'), cell: (row) => (row.vehicle ? plateAsPrinted(row.vehicle.plate) : t('card.unbound')) },
  {
    title: t('card.state'),
    cell: (row) => <span className={row.state === 'active' ? undefined : 'warn-text'}>{t(`cardState.${row.state}`)}</span>,
  },
  { title: t('card.unit'), cell: (row) => row.organisation.name, className: 'clip' },
  { title: t('card.supplier'), cell: (row) => row.supplier.name, className: 'clip' },
  { title: t('card.dayLimit'), cell: (row) => <span className="figure">{yuan(row.dayLimitFen)}</span> },
  { title: t('card.monthLimit'), cell: (row) => <span className="figure">{yuan(row.monthLimitFen)}</span> },
]

export function CardsPage({ switcher }: { switcher: React.ReactNode }) {
  const { t } = useText()
  const account = useAccount()
  const { url, set, q, page, offset } = useListUrl()
  const [dialog, setDialog] = useState<FuelCardRow | 'new' | null>(null)
  const state = fuelCardStates.find((each) => each === url.state)
  const numberOf = (text: string | undefined) => (/^[1-9]\d{0,9}$/.test(text ?? '') ? Number(text) : undefined)
  const organisationId = numberOf(url.org)
  const supplierId = numberOf(url.supplier)
  const filter = { q: q.trim() || undefined, state, organisationId, supplierId }
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['fuelCards', filter, page],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call('listFuelCards', { query: { ...filter, limit: PAGE_ROWS, offset }, signal }),
  })
  const manages = may(account, 'supplier.manage')
  const filtered = Boolean(q || state || organisationId || supplierId)
  return (
    <ListPage
      title={t('cards.tab')}
      searchHint={t('cards.search')}
      total={data ? t('cards.total', { n: formatCount(data.total) }) : ''}
      count={data?.total}
      busy={isFetching}
      exported={{ subject: 'fuelCards', list: 'fuelCards', filter }}
      actions={
        manages && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setDialog('new')}>
            {t('cards.add')}
          </Button>
        )
      }
      above={switcher}
      filters={
        <>
          <UnitChoice
            label={t('kit.filterUnit')}
            value={organisationId}
            onChange={(org) => set({ org: org === undefined ? undefined : String(org) })}
          />
          <Select
            allowClear
            aria-label={t('card.state')}
            placeholder={t('card.state')}
            value={state}
            options={fuelCardStates.map((value) => ({ value, label: t(`cardState.${value}`) }))}
            onChange={(value) => set({ state: value })}
          />
          {supplierId !== undefined && <Button onClick={() => set({ supplier: undefined })}>{t('kit.clear')}</Button>}
        </>
      }
    >
      <ListTable
        columns={columns(t)}
        rows={data?.rows}
        idOf={(row) => row.fuelCardId}
        selected={null}
        onOpen={(id) => manages && setDialog(data?.rows.find((row) => row.fuelCardId === id && row.state !== 'cancelled') ?? null)}
        error={error}
        retry={() => void refetch()}
        empty={{ title: t('cards.emptyTitle'), text: filtered ? t('kit.noMatch') : t('cards.emptyText') }}
      />
      {dialog !== null && <CardDialog card={dialog === 'new' ? undefined : dialog} onClose={() => setDialog(null)} />}
    </ListPage>
  )
}
