// Handing a vehicle over for the unit: who has it now follows from the book; to whom, and how the vehicle is, is said here.
import { useQuery } from '@tanstack/react-query'
import { Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { type Equipment, equipments } from '../../../services/domain/equipment.ts'
import { type InspectionItem, inspectionItems } from '../../../services/domain/inspection.ts'
import { call, queryClient } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { VehicleChoice } from '../../parts/vehicle/VehicleChoice.tsx'
import { useText } from './texts.ts'

const UNIT = 0

export function OfferDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  const [key] = useState(() => crypto.randomUUID())
  const [vehicle, setVehicle] = useState<{ vehicleId: number; plate: string } | null>(null)
  const [to, setTo] = useState<number | undefined>()
  const [km, setKm] = useState<number | null>(null)
  const [fuel, setFuel] = useState<number | null>(null)
  const [aboard, setAboard] = useState<Equipment[] | null>(null)
  const [faults, setFaults] = useState<Partial<Record<InspectionItem, string>>>({})
  const [remarks, setRemarks] = useState('')
  const { data: shift } = useQuery({
    queryKey: ['handovers', 'shift', vehicle?.vehicleId],
    enabled: vehicle !== null,
    queryFn: ({ signal }) => call('getShift', { params: { vehicleId: vehicle!.vehicleId }, signal }),
  })
  const faulty = inspectionItems.filter((item) => faults[item] !== undefined)
  const ready =
    vehicle !== null &&
    to !== undefined &&
    km !== null &&
    fuel !== null &&
    !shift?.open &&
    faulty.every((item) => faults[item]!.trim() !== '')
  return (
    <FormDialog
      title={t('handover.new')}
      submitText={t('handover.offer')}
      width={640}
      ready={ready}
      onSubmit={async () => {
        const inspection = inspectionItems.map((item) => ({ item, ok: faults[item] === undefined, remark: faults[item]?.trim() ?? '' }))
        await call('offerHandover', {
          body: {
            ...{ key, vehicleId: vehicle!.vehicleId, toDriverId: to === UNIT ? null : to!, odometerKm: km!, fuelPct: fuel! },
            ...{ equipment: aboard ?? shift?.equipment ?? [], inspection, remarks: remarks.trim() },
          },
        })
        await queryClient.invalidateQueries({ queryKey: ['handovers'] })
      }}
      onClose={onClose}
    >
      <Field label={t('handover.vehicle')} name="vehicleId" required whole>
        <VehicleChoice label={t('handover.vehicle')} value={vehicle} onChange={setVehicle} />
      </Field>
      {shift?.open && <p className="warn-text form-whole">{t('handover.openNow')}</p>}
      {shift && (
        <Field label={t('handover.from')}>
          <Input readOnly value={shift.holder?.name ?? t('handover.unitItself')} />
        </Field>
      )}
      <Field label={t('handover.to')} name="toDriverId" required>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          value={to}
          options={[
            ...(shift?.holder ? [{ value: UNIT, label: t('handover.unitItself') }] : []),
            ...(shift?.colleagues ?? []).map(({ driverId, name }) => ({ value: driverId, label: name })),
          ]}
          onChange={setTo}
        />
      </Field>
      <Field
        label={`${t('handover.odometer')}${shift?.odometerKm == null ? '' : ` · ${t('handover.last', { km: shift.odometerKm })}`}`}
        name="odometerKm"
        required
      >
        <InputNumber min={0} precision={1} controls={false} value={km} onChange={setKm} />
      </Field>
      <Field label={t('handover.fuel')} name="fuelPct" required>
        <InputNumber min={0} max={100} precision={0} controls={false} value={fuel} onChange={setFuel} />
      </Field>
      <Field label={t('handover.equipment')} whole>
        <Select
          mode="multiple"
          allowClear
          value={aboard ?? shift?.equipment ?? []}
          options={equipments.map((one) => ({ value: one, label: t(`equipment.${one}`) }))}
          onChange={setAboard}
        />
      </Field>
      <Field label={t('handover.faulty')} whole>
        <Select
          mode="multiple"
          allowClear
          placeholder={t('handover.sound')}
          value={faulty}
          options={inspectionItems.map((item) => ({ value: item, label: t(`inspectionItem.${item}`) }))}
          onChange={(items: InspectionItem[]) => setFaults(Object.fromEntries(items.map((item) => [item, faults[item] ?? ''])))}
        />
      </Field>
      {faulty.map((item) => (
        <Field key={item} label={t('handover.faultRemark', { item: t(`inspectionItem.${item}`) })} required whole>
          <Input maxLength={200} value={faults[item]} onChange={({ target }) => setFaults({ ...faults, [item]: target.value })} />
        </Field>
      ))}
      <Field label={t('handover.remarks')} whole>
        <Input.TextArea rows={2} maxLength={500} value={remarks} onChange={({ target }) => setRemarks(target.value)} />
      </Field>
    </FormDialog>
  )
}
