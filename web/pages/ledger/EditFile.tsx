// The form of a vehicle's file: for changing it, for entering a vehicle, and for registering one that was bought.
import { useQueryClient } from '@tanstack/react-query'
import { Input, InputNumber, Select, Switch } from 'antd'
import { useState } from 'react'
import {
  bureauFields,
  type NewVehicle,
  type VehicleField,
  type VehicleFields,
  type VehicleFile,
} from '../../../services/contracts/api/ledger.ts'
import { equipments } from '../../../services/domain/equipment.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { HangingChoice, type HangingField, hangingFields } from './HangingChoice.tsx'
import { type TextKey, useText } from './texts.ts'
import { choicesOf } from './words.ts'

const shown: readonly VehicleField[] = [
  'plate',
  'plateColour',
  'class',
  'category',
  'userUnitId',
  'ownerUnitId',
  'make',
  'model',
  'bodyType',
  'equipment',
  'origin',
  'energy',
  'displacementMl',
  'tankL',
  'seats',
  'priceFen',
  'vin',
  'engineNo',
  'registeredOn',
  'inServiceOn',
  'insuranceUntil',
  'inspectionUntil',
  'stickerNo',
  'parkingPlaceId',
  'fuelSupplierId',
  'repairSupplierId',
  'insuranceSupplierId',
  'secrecy',
  'note',
]
const days: readonly VehicleField[] = ['registeredOn', 'inServiceOn', 'insuranceUntil', 'inspectionUntil']
const required: readonly VehicleField[] = [
  'plate',
  'plateColour',
  'class',
  'category',
  'userUnitId',
  'ownerUnitId',
  'make',
  'model',
  'energy',
  'seats',
  'registeredOn',
]

function knownOf(file: VehicleFile, field: HangingField): { value: number; label: string } | undefined {
  const names = {
    parkingPlaceId: file.parkingPlace,
    fuelSupplierId: file.suppliers.fuel,
    repairSupplierId: file.suppliers.repair,
    insuranceSupplierId: file.suppliers.insurance,
  }
  const value = file[field]
  return value === null ? undefined : { value, label: names[field] ?? String(value) }
}

export type Draft = Partial<Record<VehicleField, unknown>>
export const isComplete = (draft: Draft): boolean =>
  required.every((field) => draft[field] !== undefined && draft[field] !== null && draft[field] !== '')

export function VehicleForm({
  draft,
  fields = shown,
  file,
  onChange,
}: {
  draft: Draft
  fields?: readonly VehicleField[]
  /** The file that is being changed; undefined for a new one. */
  file?: VehicleFile
  onChange: (next: Draft) => void
}) {
  const { t } = useText()
  const choices = choicesOf(t)
  const set = (field: VehicleField, value: unknown) => onChange({ ...draft, [field]: value === '' ? null : value })
  const control = (field: VehicleField) => {
    const value = draft[field]
    if (field === 'equipment')
      return (
        <Select
          mode="multiple"
          allowClear
          aria-label={t('field.equipment')}
          value={(value as string[] | undefined) ?? []}
          options={equipments.map((one) => ({ value: one, label: t(`equipment.${one}`) }))}
          onChange={(next: string[]) => set(field, next)}
        />
      )
    if (choices[field])
      return (
        <Select
          value={value as string}
          options={choices[field]}
          allowClear={!required.includes(field)}
          onChange={(next: string) => set(field, next ?? null)}
        />
      )
    if (field === 'userUnitId' || field === 'ownerUnitId')
      return <UnitChoice label={t(`field.${field}`)} value={value as number | undefined} onChange={(next) => set(field, next)} required />
    const hanging = hangingFields.find((each) => each === field)
    if (hanging)
      return (
        <HangingChoice
          field={hanging}
          label={t(`field.${hanging}`)}
          value={(value as number | null | undefined) ?? null}
          known={file && knownOf(file, hanging)}
          onChange={(next) => set(field, next)}
        />
      )
    if (field === 'secrecy')
      return <Switch checked={value === true} onChange={(next) => set(field, next)} aria-label={t('field.secrecy')} />
    if (days.includes(field))
      return <Input type="date" value={(value as string) ?? ''} onChange={(event) => set(field, event.target.value)} />
    if (field === 'priceFen')
      return (
        <InputNumber
          min={0.01}
          precision={2}
          controls={false}
          value={value == null ? null : (value as number) / 100}
          onChange={(next) => set(field, next === null ? null : Math.round(next * 100))}
        />
      )
    if (field === 'seats' || field === 'displacementMl' || field === 'tankL')
      return <InputNumber min={1} precision={0} controls={false} value={value as number | null} onChange={(next) => set(field, next)} />
    if (field === 'note')
      return (
        <Input.TextArea rows={2} maxLength={500} value={(value as string) ?? ''} onChange={(event) => set(field, event.target.value)} />
      )
    return <Input value={(value as string) ?? ''} maxLength={60} onChange={(event) => set(field, event.target.value)} />
  }
  return (
    <>
      {fields.map((field) => (
        <Field
          key={field}
          name={field}
          label={t(`field.${field}` as TextKey)}
          whole={field === 'note' || field === 'equipment'}
          required={required.includes(field)}
        >
          {control(field)}
        </Field>
      ))}
    </>
  )
}

export function EditFile({ file, onDone, onClose }: { file: VehicleFile; onDone: () => Promise<unknown>; onClose: () => void }) {
  const { t } = useText()
  const account = useAccount()
  const [draft, setDraft] = useState<Draft>(() => Object.fromEntries(shown.map((field) => [field, file[field]])))
  const bureau = may(account, 'ledger.approve')
  const set = Object.fromEntries(
    Object.entries(draft).filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(file[field as VehicleField])),
  ) as Partial<VehicleFields>
  return (
    <ReasonDialog
      title={t('file.edit')}
      ready={Object.keys(set).length > 0}
      onClose={onClose}
      onSubmit={(reason) =>
        call('changeVehicle', { params: { vehicleId: file.vehicleId }, body: { version: file.version, reason, set } }).then(onDone)
      }
    >
      <VehicleForm
        file={file}
        draft={draft}
        fields={bureau ? shown : shown.filter((field) => !bureauFields.includes(field))}
        onChange={setDraft}
      />
    </ReasonDialog>
  )
}

export function EnterVehicle({ onEntered, onClose }: { onEntered: (vehicleId: number) => void; onClose: () => void }) {
  const { t } = useText()
  const client = useQueryClient()
  const [draft, setDraft] = useState<Draft>({ plateColour: 'blue', class: 'official', energy: 'petrol', secrecy: false })
  return (
    <ReasonDialog
      title={t('ledger.enter')}
      ready={isComplete(draft)}
      onClose={onClose}
      onSubmit={async (reason) => {
        const made = await call('createVehicle', { body: { ...(draft as NewVehicle), reason } })
        await client.invalidateQueries({ queryKey: ['ledger'] })
        onEntered(made.vehicleId)
      }}
    >
      <VehicleForm draft={draft} onChange={setDraft} />
    </ReasonDialog>
  )
}
