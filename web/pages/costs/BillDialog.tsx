// Enters a bill: of which unit and vehicle, of what kind, how much, and when. Another person approves it.
import { useQuery } from '@tanstack/react-query'
import { Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { type BillKind, billKinds, isMeasured } from '../../../services/domain/costBook.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { call, queryClient, useAccount } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { fenOf } from '../../kit/format/money.ts'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { VehicleChoice } from '../../parts/vehicle/VehicleChoice.tsx'
import { useText } from './texts.ts'

export function BillDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  // Sent twice it is entered once.
  const [key] = useState(() => crypto.randomUUID())
  const account = useAccount()
  const [unitId, setUnitId] = useState<number | undefined>(account.organisation.organisationId)
  const [vehicle, setVehicle] = useState<{ vehicleId: number; plate: string } | null>(null)
  const [kind, setKind] = useState<BillKind>('maintenance')
  const [yuan, setYuan] = useState<number | null>(null)
  const [day, setDay] = useState(dayAt(Date.now()))
  const [quantity, setQuantity] = useState<number | null>(null)
  const [supplierId, setSupplierId] = useState<number>()
  const [documentNo, setDocumentNo] = useState('')
  const [note, setNote] = useState('')
  const suppliers = useQuery({
    queryKey: ['suppliers', 'bills'],
    queryFn: ({ signal }) => call('listSuppliers', { query: { limit: 200 }, signal }),
  })
  return (
    <FormDialog
      title={t('bills.enter')}
      ready={unitId !== undefined && yuan !== null && yuan > 0 && day !== ''}
      onSubmit={async () => {
        const measured = isMeasured(kind) && quantity !== null
        await call('enterCostBill', {
          body: {
            ...{ key, kind, day, documentNo, note },
            organisationId: unitId!,
            vehicleId: vehicle?.vehicleId ?? null,
            fen: fenOf(yuan!),
            quantity: measured ? Math.round(quantity * 1000) : null,
            supplierId: supplierId ?? null,
          },
        })
        await queryClient.invalidateQueries({ queryKey: ['bills'] })
      }}
      onClose={onClose}
    >
      <Field name="organisationId" label={t('costs.unit')} required>
        <UnitChoice label={t('costs.unit')} value={unitId} onChange={setUnitId} required />
      </Field>
      <Field name="vehicleId" label={t('costs.what')}>
        <VehicleChoice label={t('costs.what')} value={vehicle} onChange={setVehicle} />
      </Field>
      <Field name="kind" label={t('bills.kind')} required>
        <Select
          aria-label={t('bills.kind')}
          value={kind}
          options={billKinds.map((value) => ({ value, label: t(`costKind.${value}`) }))}
          onChange={setKind}
        />
      </Field>
      <Field name="fen" label={t('bills.yuan')} required>
        <InputNumber precision={2} min={0.01} max={1_000_000_000} controls={false} value={yuan} onChange={setYuan} />
      </Field>
      <Field name="day" label={t('bills.day')} required>
        <Input type="date" max={dayAt(Date.now())} value={day} onChange={({ target }) => setDay(target.value)} />
      </Field>
      {isMeasured(kind) && (
        <Field name="quantity" label={t(kind === 'fuel' ? 'bills.litres' : 'bills.kwh')}>
          <InputNumber precision={2} min={0.01} max={100_000} controls={false} value={quantity} onChange={setQuantity} />
        </Field>
      )}
      <Field name="supplierId" label={t('bills.supplier')}>
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          aria-label={t('bills.supplier')}
          value={supplierId}
          options={(suppliers.data?.rows ?? []).map((row) => ({ value: row.supplierId, label: row.name }))}
          onChange={setSupplierId}
        />
      </Field>
      <Field name="documentNo" label={t('bills.documentNo')}>
        <Input maxLength={60} value={documentNo} onChange={({ target }) => setDocumentNo(target.value)} />
      </Field>
      <Field name="note" label={t('trip.note')} whole>
        <Input maxLength={200} value={note} onChange={({ target }) => setNote(target.value)} />
      </Field>
    </FormDialog>
  )
}
