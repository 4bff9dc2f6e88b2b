// 定点: designated suppliers, and the fuel cards that hang on them.
import { useQuery } from '@tanstack/react-query'
import { Button, Tabs } from 'antd'
import { useState } from 'react'
import type { SupplierRow } from '../../../services/contracts/api/places.ts'
import { supplierKinds } from '../../../services/domain/places.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { formatCount, MISSING } from '../../kit/format/number.ts'
import { AddButton } from '../../kit/list/AddButton.tsx'
import { declareList, idInAddress } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { CardsPage } from './CardsPage.tsx'
import { validText } from './placeWords.ts'
import { SupplierDialog } from './SupplierDialog.tsx'
import { type Text, useText } from './texts.ts'
import './places.css'

const kindsText = (row: SupplierRow, t: Text) => row.kinds.map((kind) => t(`supplierKind.${kind}`)).join(t('search.comma'))

const suppliers = declareList({
  endpoint: 'listSuppliers',
  key: 'suppliers',
  useText,
  texts: {
    title: 'page.suppliers',
    search: 'suppliers.search',
    total: 'suppliers.total',
    emptyTitle: 'suppliers.emptyTitle',
    emptyText: 'suppliers.emptyText',
  },
  columns: [
    { title: 'supplier.name', cell: (row) => row.name, className: 'clip' },
    { title: 'supplier.kinds', cell: (row, { t }) => kindsText(row, t) },
    { title: 'supplier.for', cell: (row) => row.organisation.name, className: 'clip' },
    {
      title: 'supplier.valid',
      cell: (row, { t }) => (
        <span className={row.valid ? 'figure' : 'figure bad-text'}>
          {validText(row, t)} {row.valid ? '' : t('supplier.notValid')}
        </span>
      ),
    },
    { title: 'supplier.phone', cell: (row) => row.phone ?? MISSING },
    { title: 'supplier.cards', cell: (row) => (row.kinds.includes('fuel') ? formatCount(row.fuelCards) : MISSING) },
  ],
  idOf: (row) => row.supplierId,
  address: idInAddress,
  filters: {
    organisationId: unitFilter('kit.filterUnit'),
    kind: choice({ label: 'supplier.kinds', values: supplierKinds, word: (kind) => `supplierKind.${kind}` }),
    valid: choice({
      label: 'supplier.validity',
      values: ['yes', 'no'],
      word: (valid) => (valid === 'yes' ? 'supplier.isValid' : 'supplier.notValid'),
    }),
  },
  exported: 'suppliers',
})

/** The two lists share an address; which one is shown is in the URL. */
export function SuppliersPage() {
  const { url } = useUrl()
  return url.list === 'cards' ? <CardsPage key="cards" switcher={<ListTabs />} /> : <SupplierList key="suppliers" />
}

export function ListTabs() {
  const { t } = useText()
  const { url, change } = useUrl()
  return (
    <Tabs
      className="suppliers-tabs"
      activeKey={url.list === 'cards' ? 'cards' : 'suppliers'}
      onChange={(key) => change(() => withEntries({}, { list: key === 'cards' ? 'cards' : undefined }))}
      items={[
        { key: 'suppliers', label: t('suppliers.tab') },
        { key: 'cards', label: t('cards.tab') },
      ]}
    />
  )
}

function SupplierList() {
  const { t } = useText()
  const manages = may(useAccount(), 'supplier.manage')
  const list = useList(suppliers)
  const { opened, open } = list
  const [dialog, setDialog] = useState<SupplierRow | 'new' | null>(null)
  return (
    <List
      of={list}
      actions={
        <AddButton needs="supplier.manage" onClick={() => setDialog('new')}>
          {t('suppliers.add')}
        </AddButton>
      }
      above={<ListTabs />}
      drawer={opened !== null && <SupplierPanel supplierId={opened} onClose={() => open(null)} onEdit={manages ? setDialog : undefined} />}
    >
      {dialog !== null && (
        <SupplierDialog supplier={dialog === 'new' ? undefined : dialog} onClose={() => setDialog(null)} onSaved={open} />
      )}
    </List>
  )
}

type PanelProps = { supplierId: number; onClose: () => void; onEdit: ((supplier: SupplierRow) => void) | undefined }

function SupplierPanel({ supplierId, onClose, onEdit }: PanelProps) {
  const { t } = useText()
  const { change } = useUrl()
  const { data, error, refetch } = useQuery({
    queryKey: ['supplier', supplierId],
    queryFn: ({ signal }) => call('getSupplier', { params: { supplierId }, signal }),
  })
  return (
    <Panel
      id={supplierId}
      title={data?.name}
      kind={data && kindsText(data, t)}
      actions={
        data && (
          <>
            {onEdit &&
              (data.own ? (
                <Button onClick={() => onEdit(data)}>{t('kit.edit')}</Button>
              ) : (
                <span className="quiet">{t('place.fromAbove')}</span>
              ))}
            {data.kinds.includes('fuel') && (
              <Button onClick={() => change(() => ({ list: 'cards', supplier: String(supplierId) }))}>{t('supplier.cards')}</Button>
            )}
          </>
        )
      }
      error={error}
      retry={() => void refetch()}
      loading={!data}
      onClose={onClose}
    >
      {data && (
        <section className="panel-part">
          <Facts>
            <Fact name={t('supplier.for')}>{data.organisation.name}</Fact>
            <Fact name={t('supplier.valid')}>
              {validText(data, t)}{' '}
              <span className={data.valid ? undefined : 'bad-text'}>{data.valid ? t('supplier.isValid') : t('supplier.notValid')}</span>
            </Fact>
            <Fact name={t('supplier.contact')}>{data.contact ?? MISSING}</Fact>
            <Fact name={t('supplier.phone')}>{data.phone ?? MISSING}</Fact>
            <Fact name={t('supplier.address')}>{data.address ?? MISSING}</Fact>
            <Fact name={t('supplier.place')}>{data.place?.name ?? MISSING}</Fact>
            {data.kinds.includes('fuel') && <Fact name={t('supplier.cards')}>{formatCount(data.fuelCards)}</Fact>}
            {data.note && <Fact name={t('kit.note')}>{data.note}</Fact>}
          </Facts>
        </section>
      )}
    </Panel>
  )
}
