// 定点: designated suppliers, and the fuel cards that hang on them.
import { PlusOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Select, Tabs } from 'antd'
import { useState } from 'react'
import type { SupplierRow } from '../../../services/contracts/api/places.ts'
import { supplierKinds } from '../../../services/domain/places.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { formatCount, MISSING } from '../../kit/format/number.ts'
import { ListPage, PAGE_ROWS, useListUrl } from '../../kit/list/ListPage.tsx'
import { type Column, ListTable } from '../../kit/list/ListTable.tsx'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { CardsPage } from './CardsPage.tsx'
import { validText } from './placeWords.ts'
import { SupplierDialog } from './SupplierDialog.tsx'
import { type Text, useText } from './texts.ts'
import './places.css'

const kindsText = (row: SupplierRow, t: Text) => row.kinds.map((kind) => t(`supplierKind.${kind}`)).join(t('search.comma'))

const columns = (t: Text): Column<SupplierRow>[] => [
  { title: t('supplier.name'), cell: (row) => row.name, className: 'clip' },
  { title: t('supplier.kinds'), cell: (row) => kindsText(row, t) },
  { title: t('supplier.for'), cell: (row) => row.organisation.name, className: 'clip' },
  {
    title: t('supplier.valid'),
    cell: (row) => (
      <span className={row.valid ? 'figure' : 'figure bad-text'}>
        {validText(row, t)} {row.valid ? '' : t('supplier.notValid')}
      </span>
    ),
  },
  { title: t('supplier.phone'), cell: (row) => row.phone ?? MISSING },
  { title: t('supplier.cards'), cell: (row) => (row.kinds.includes('fuel') ? formatCount(row.fuelCards) : MISSING) },
]

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
  const account = useAccount()
  const { url, set, open, id, q, page, offset } = useListUrl()
  const [dialog, setDialog] = useState<SupplierRow | 'new' | null>(null)
  const kind = supplierKinds.find((each) => each === url.kind)
  const valid = (['yes', 'no'] as const).find((each) => each === url.valid)
  const organisationId = /^[1-9]\d{0,9}$/.test(url.org ?? '') ? Number(url.org) : undefined
  const filter = { q: q.trim() || undefined, kind, valid, organisationId }
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['suppliers', filter, page],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call('listSuppliers', { query: { ...filter, limit: PAGE_ROWS, offset }, signal }),
  })
  const manages = may(account, 'supplier.manage')
  return (
    <ListPage
      title={t('page.suppliers')}
      searchHint={t('suppliers.search')}
      total={data ? t('suppliers.total', { n: formatCount(data.total) }) : ''}
      count={data?.total}
      busy={isFetching}
      exported={{ subject: 'suppliers', list: 'suppliers', filter }}
      actions={
        manages && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setDialog('new')}>
            {t('suppliers.add')}
          </Button>
        )
      }
      above={<ListTabs />}
      filters={
        <>
          <UnitChoice
            label={t('kit.filterUnit')}
            value={organisationId}
            onChange={(org) => set({ org: org === undefined ? undefined : String(org) })}
          />
          <Select
            allowClear
            aria-label={t('supplier.kinds')}
            placeholder={t('supplier.kinds')}
            value={kind}
            options={supplierKinds.map((value) => ({ value, label: t(`supplierKind.${value}`) }))}
            onChange={(value) => set({ kind: value })}
          />
          <Select
            allowClear
            aria-label={t('supplier.validity')}
            placeholder={t('supplier.validity')}
            value={valid}
            options={[
              { value: 'yes', label: t('supplier.isValid') },
              { value: 'no', label: t('supplier.notValid') },
            ]}
            onChange={(value) => set({ valid: value })}
          />
        </>
      }
      drawer={id !== null && <SupplierPanel supplierId={id} onClose={() => open(null)} onEdit={manages ? setDialog : undefined} />}
    >
      <ListTable
        columns={columns(t)}
        rows={data?.rows}
        idOf={(row) => row.supplierId}
        selected={id}
        onOpen={open}
        error={error}
        retry={() => void refetch()}
        empty={{
          title: t('suppliers.emptyTitle'),
          text: q || kind || valid || organisationId ? t('kit.noMatch') : t('suppliers.emptyText'),
        }}
      />
      {dialog !== null && (
        <SupplierDialog supplier={dialog === 'new' ? undefined : dialog} onClose={() => setDialog(null)} onSaved={open} />
      )}
    </ListPage>
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
