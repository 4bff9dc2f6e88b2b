// Asks for work on a vehicle: what, where, and for which hours it is away.
import { useQuery } from '@tanstack/react-query'
import { Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { type WorkKind, workKinds } from '../../../services/domain/workOrders.ts'
import { call, queryClient } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { fenOf } from '../../kit/format/money.ts'
import { fromWallClock, toWallClock } from '../../kit/format/time.ts'
import { minuteOf } from '../../parts/trip/when.ts'
import { VehicleChoice } from '../../parts/vehicle/VehicleChoice.tsx'
import { SupplierChoice } from './SupplierChoice.tsx'
import { useText } from './texts.ts'

type Chosen = { vehicleId: number; plate: string }

export function AskWorkDialog({ of, onClose }: { of?: { vehicle: Chosen; item: string } | undefined; onClose: () => void }) {
  const { t } = useText()
  // Sent twice it is asked once.
  const [key] = useState(() => crypto.randomUUID())
  const [vehicle, setVehicle] = useState<Chosen | null>(of?.vehicle ?? null)
  const [kind, setKind] = useState<WorkKind>('maintenance')
  const [item, setItem] = useState<string | undefined>(of?.item)
  const [work, setWork] = useState('')
  const [supplierId, setSupplierId] = useState<number>()
  const [from, setFrom] = useState('')
  const [until, setUntil] = useState('')
  const [yuan, setYuan] = useState<number | null>(null)
  const [mishapId, setMishapId] = useState<number>()
  const accidents = useQuery({
    queryKey: ['mishaps', 'of', vehicle?.vehicleId],
    enabled: vehicle !== null && kind === 'accident',
    queryFn: ({ signal }) => call('listMishaps', { query: { vehicleId: vehicle!.vehicleId, kind: 'accident', limit: 20 }, signal }),
  })
  const due = useQuery({
    queryKey: ['maintenance-due', 'of', vehicle?.vehicleId],
    enabled: vehicle !== null,
    queryFn: ({ signal }) => call('listMaintenanceDue', { query: { vehicleId: vehicle!.vehicleId, limit: 50 }, signal }),
  })
  const [fromMs, untilMs] = [fromWallClock(from), fromWallClock(until)]
  const ready =
    vehicle !== null &&
    supplierId !== undefined &&
    work.trim().length > 1 &&
    fromMs !== undefined &&
    untilMs !== undefined &&
    fromMs < untilMs
  return (
    <FormDialog
      title={t('work.ask')}
      width={640}
      ready={ready}
      onSubmit={async () => {
        await call('askWorkOrder', {
          body: {
            ...{ key, kind, work: work.trim(), item: item ?? null, vehicleId: vehicle!.vehicleId, supplierId: supplierId! },
            ...{ from: new Date(fromMs!).toISOString(), until: new Date(untilMs!).toISOString() },
            mishapId: kind === 'accident' ? (mishapId ?? null) : null,
            estimateFen: yuan === null ? null : fenOf(yuan),
          },
        })
        await Promise.all(['work-orders', 'maintenance-due'].map((each) => queryClient.invalidateQueries({ queryKey: [each] })))
      }}
      onClose={onClose}
    >
      <Field name="vehicleId" label={t('upkeep.vehicle')} required>
        <VehicleChoice
          label={t('upkeep.vehicle')}
          value={vehicle}
          onChange={(chosen) => {
            setVehicle(chosen)
            setItem(undefined)
          }}
        />
      </Field>
      <Field name="supplierId" label={t('work.supplier')} required>
        <SupplierChoice kind="repair" label={t('work.supplier')} value={supplierId} onChange={setSupplierId} />
      </Field>
      <Field name="kind" label={t('work.kind')} required>
        <Select
          aria-label={t('work.kind')}
          value={kind}
          options={workKinds.map((value) => ({ value, label: t(`workKind.${value}`) }))}
          onChange={setKind}
        />
      </Field>
      {kind === 'accident' && (
        <Field name="mishapId" label={t('work.accident')}>
          <Select
            allowClear
            aria-label={t('work.accident')}
            placeholder={t('work.accidentHint')}
            value={mishapId}
            options={(accidents.data?.rows ?? [])
              .filter(({ state }) => state === 'SUSPECTED' || state === 'VERIFIED')
              .map((row) => ({ value: row.mishapId, label: `${minuteOf(row.at)} ${row.place}` }))}
            onChange={setMishapId}
          />
        </Field>
      )}
      <Field name="item" label={t('upkeep.item')}>
        <Select
          allowClear
          aria-label={t('upkeep.item')}
          placeholder={t('work.itemHint')}
          value={item}
          options={[...new Set([...(item ? [item] : []), ...(due.data?.rows ?? []).map((row) => row.item)])].map((value) => ({
            value,
            label: value,
          }))}
          onChange={setItem}
        />
      </Field>
      <Field name="work" label={t('work.work')} whole required>
        <Input.TextArea rows={2} maxLength={500} value={work} onChange={({ target }) => setWork(target.value)} />
      </Field>
      <Field name="from" label={t('work.from')} required>
        <Input
          type="datetime-local"
          min={toWallClock(Date.now()).slice(0, 16)}
          value={from}
          onChange={({ target }) => setFrom(target.value)}
        />
      </Field>
      <Field name="until" label={t('work.until')} required>
        <Input type="datetime-local" min={from} value={until} onChange={({ target }) => setUntil(target.value)} />
      </Field>
      <Field name="estimateFen" label={t('work.estimateYuan')}>
        <InputNumber precision={2} min={0.01} max={1_000_000_000} controls={false} value={yuan} onChange={setYuan} />
      </Field>
    </FormDialog>
  )
}
