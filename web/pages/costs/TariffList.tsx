// Prices from a day on: between units, of leases, of drivers' allowances. They are added, never changed.
import { useQuery } from '@tanstack/react-query'
import { Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import type { TariffRow } from '../../../services/contracts/api/costs.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { type TariffKind, tariffKinds } from '../../../services/domain/tariff.ts'
import { type BodyType, bodyTypes } from '../../../services/domain/vehicle.ts'
import { call, queryClient, useAccount } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { fenOf, formatFen } from '../../kit/format/money.ts'
import { MISSING } from '../../kit/format/number.ts'
import { AddButton } from '../../kit/list/AddButton.tsx'
import { declareList } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { type Text, useText } from './texts.ts'

function pricesText(row: TariffRow, t: Text): string {
  const fen = (amount: number) => ({ fen: formatFen(amount) })
  const said =
    row.kind === 'allowance'
      ? [t('tariffs.said.day', fen(row.driverFen)), t('tariffs.said.away', fen(row.awayFen))]
      : [
          row.baseFen > 0 && t('tariffs.said.base', fen(row.baseFen)),
          (row.includedM > 0 || row.includedMin > 0) &&
            t('tariffs.said.included', { km: row.includedM / 1000, hours: Math.round(row.includedMin / 6) / 10 }),
          row.kmFen > 0 && t('tariffs.said.km', fen(row.kmFen)),
          row.hourFen > 0 && t('tariffs.said.hour', fen(row.hourFen)),
          row.driverFen > 0 && t('tariffs.said.driver', fen(row.driverFen)),
          row.nightFen > 0 && t('tariffs.said.night', fen(row.nightFen)),
        ]
  return said.filter(Boolean).join(t('search.comma')) || MISSING
}

const tariffs = declareList({
  endpoint: 'listTariffs',
  key: 'tariffs',
  useText,
  texts: { title: 'page.costs', total: 'tariffs.total', emptyTitle: 'tariffs.emptyTitle', emptyText: 'tariffs.emptyText' },
  columns: [
    { title: 'tariffs.kind', cell: (row, { t }) => t(`tariffKind.${row.kind}`) },
    { title: 'tariffs.for', className: 'clip', cell: (row) => row.organisation.name },
    { title: 'tariffs.supplier', className: 'clip', cell: (row) => row.supplier?.name ?? MISSING },
    { title: 'tariffs.body', cell: (row, { t }) => (row.bodyType ? t(`body.${row.bodyType}`) : t('tariffs.any')) },
    {
      title: 'tariffs.from',
      className: 'figure',
      cell: (row, { t }) => `${row.effectiveFrom}${row.inForce ? ` ${t('tariffs.inForce')}` : ''}`,
    },
    { title: 'tariffs.prices', cell: (row, { t }) => pricesText(row, t) },
    { title: 'trip.note', className: 'clip', cell: (row) => row.note },
  ],
  idOf: (row) => row.tariffId,
  filters: { kind: choice({ label: 'tariffs.kind', values: tariffKinds, word: (kind) => `tariffKind.${kind}` }) },
})

export function TariffList({ switcher }: { switcher: React.ReactNode }) {
  const { t } = useText()
  const list = useList(tariffs)
  const [adding, setAdding] = useState(false)
  return (
    <List
      of={list}
      above={switcher}
      actions={
        <AddButton needs="cost.approve" onClick={() => setAdding(true)}>
          {t('tariffs.add')}
        </AddButton>
      }
    >
      {adding && <TariffDialog onClose={() => setAdding(false)} />}
    </List>
  )
}

type Figure = 'base' | 'includedKm' | 'includedH' | 'km' | 'hour' | 'driver' | 'night' | 'day' | 'away'
const figuresOf = (kind: TariffKind): readonly Figure[] =>
  kind === 'allowance' ? ['day', 'away'] : ['base', 'includedKm', 'includedH', 'km', 'hour', 'driver', 'night']

function TariffDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  const account = useAccount()
  const [kind, setKind] = useState<TariffKind>('own')
  const [unitId, setUnitId] = useState<number | undefined>(account.organisation.organisationId)
  const [supplierId, setSupplierId] = useState<number>()
  const [bodyType, setBodyType] = useState<BodyType>()
  const [effectiveFrom, setEffectiveFrom] = useState(dayAt(Date.now()))
  const [figures, setFigures] = useState<Partial<Record<Figure, number | null>>>({})
  const suppliers = useQuery({
    queryKey: ['suppliers', 'rental'],
    enabled: kind === 'lease',
    queryFn: ({ signal }) => call('listSuppliers', { query: { kind: 'rental', valid: 'yes', limit: 200 }, signal }),
  })
  const asked = figuresOf(kind)
  const of = (figure: Figure) => (asked.includes(figure) ? (figures[figure] ?? 0) : 0)
  return (
    <ReasonDialog
      title={t('tariffs.add')}
      ready={unitId !== undefined && effectiveFrom !== '' && (kind !== 'lease' || supplierId !== undefined)}
      onSubmit={async (reason) => {
        await call('addTariff', {
          body: {
            kind,
            organisationId: unitId!,
            supplierId: kind === 'lease' ? supplierId! : null,
            bodyType: bodyType ?? null,
            effectiveFrom,
            baseFen: fenOf(of('base')),
            includedM: Math.round(of('includedKm') * 1000),
            includedMin: Math.round(of('includedH') * 60),
            kmFen: fenOf(of('km')),
            hourFen: fenOf(of('hour')),
            driverFen: fenOf(of(kind === 'allowance' ? 'day' : 'driver')),
            nightFen: fenOf(of('night')),
            awayFen: fenOf(of('away')),
            reason,
          },
        })
        await queryClient.invalidateQueries({ queryKey: ['tariffs'] })
      }}
      onClose={onClose}
    >
      <Field name="kind" label={t('tariffs.kind')}>
        <Select
          aria-label={t('tariffs.kind')}
          value={kind}
          options={tariffKinds.map((value) => ({ value, label: t(`tariffKind.${value}`) }))}
          onChange={setKind}
        />
      </Field>
      <Field name="organisationId" label={t('tariffs.for')}>
        <UnitChoice label={t('tariffs.for')} value={unitId} onChange={setUnitId} required />
      </Field>
      {kind === 'lease' && (
        <Field name="supplierId" label={t('tariffs.supplier')}>
          <Select
            aria-label={t('tariffs.supplier')}
            value={supplierId}
            options={(suppliers.data?.rows ?? []).map((row) => ({ value: row.supplierId, label: row.name }))}
            onChange={setSupplierId}
          />
        </Field>
      )}
      {kind !== 'allowance' && (
        <Field name="bodyType" label={t('tariffs.body')}>
          <Select
            allowClear
            aria-label={t('tariffs.body')}
            placeholder={t('tariffs.any')}
            value={bodyType}
            options={bodyTypes.map((value) => ({ value, label: t(`body.${value}`) }))}
            onChange={setBodyType}
          />
        </Field>
      )}
      <Field name="effectiveFrom" label={t('tariffs.from')}>
        <Input type="date" value={effectiveFrom} onChange={({ target }) => setEffectiveFrom(target.value)} />
      </Field>
      {asked.map((figure) => (
        <Field key={figure} name={figure} label={t(`tariffs.${figure}`)}>
          <InputNumber
            min={0}
            max={1_000_000}
            precision={2}
            controls={false}
            value={figures[figure] ?? null}
            onChange={(value) => setFigures((old) => ({ ...old, [figure]: value }))}
          />
        </Field>
      ))}
    </ReasonDialog>
  )
}
