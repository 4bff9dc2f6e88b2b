// Designating a supplier, or changing one. A last day ends the designation; nothing is deleted.
import { Input, Select } from 'antd'
import { useState } from 'react'
import type { SupplierRow } from '../../../services/contracts/api/places.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { type SupplierKind, supplierKinds } from '../../../services/domain/places.ts'
import { call, queryClient, useAccount } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { useText } from './texts.ts'

type Props = { supplier: SupplierRow | undefined; onClose: () => void; onSaved: (supplierId: number) => void }

export function SupplierDialog({ supplier, onClose, onSaved }: Props) {
  const { t } = useText()
  const account = useAccount()
  const [name, setName] = useState(supplier?.name ?? '')
  const [kinds, setKinds] = useState<SupplierKind[]>(supplier?.kinds ?? ['fuel'])
  const [organisationId, setOrganisationId] = useState<number | undefined>(
    supplier?.organisation.organisationId ?? account.organisation.organisationId,
  )
  const [contact, setContact] = useState(supplier?.contact ?? '')
  const [phone, setPhone] = useState(supplier?.phone ?? '')
  const [address, setAddress] = useState(supplier?.address ?? '')
  const [validFrom, setValidFrom] = useState(supplier?.validFrom ?? dayAt(Date.now()))
  const [validUntil, setValidUntil] = useState(supplier?.validUntil ?? '')
  const [note, setNote] = useState(supplier?.note ?? '')
  const ready = name.trim() !== '' && kinds.length > 0 && validFrom !== '' && organisationId !== undefined
  async function save() {
    const body = {
      name,
      kinds,
      contact: contact || null,
      phone: phone || null,
      address: address || null,
      placeId: supplier?.place?.placeId ?? null,
      validFrom,
      validUntil: validUntil || null,
      note: note || null,
    }
    const supplierId = supplier
      ? supplier.supplierId
      : (await call('createSupplier', { body: { ...body, organisationId: organisationId! } })).supplierId
    if (supplier) await call('editSupplier', { params: { supplierId }, body: { ...body, version: supplier.version } })
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: ['suppliers'] }),
      queryClient.invalidateQueries({ queryKey: ['supplier', supplierId] }),
    ])
    onSaved(supplierId)
  }
  return (
    <FormDialog title={supplier ? t('suppliers.edit') : t('suppliers.add')} ready={ready} onSubmit={save} onClose={onClose}>
      <Field name="name" label={t('supplier.name')} whole>
        <Input value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field name="kinds" label={t('supplier.kinds')} whole>
        <Select
          mode="multiple"
          aria-label={t('supplier.kinds')}
          value={kinds}
          options={supplierKinds.map((value) => ({ value, label: t(`supplierKind.${value}`) }))}
          onChange={setKinds}
        />
      </Field>
      {!supplier && (
        <Field name="organisationId" label={t('supplier.for')} whole>
          <UnitChoice label={t('supplier.for')} value={organisationId} onChange={setOrganisationId} required />
        </Field>
      )}
      <Field name="contact" label={t('supplier.contact')}>
        <Input value={contact} maxLength={40} onChange={(event) => setContact(event.target.value)} />
      </Field>
      <Field name="phone" label={t('supplier.phone')}>
        <Input value={phone} maxLength={20} inputMode="tel" onChange={(event) => setPhone(event.target.value)} />
      </Field>
      <Field name="address" label={t('supplier.address')} whole>
        <Input value={address} maxLength={200} onChange={(event) => setAddress(event.target.value)} />
      </Field>
      <Field name="validFrom" label={t('place.validFrom')}>
        <Input type="date" value={validFrom} onChange={(event) => setValidFrom(event.target.value)} />
      </Field>
      <Field name="validUntil" label={t('place.validUntil')}>
        <Input type="date" value={validUntil} onChange={(event) => setValidUntil(event.target.value)} />
      </Field>
      <Field name="note" label={t('kit.note')} whole>
        <Input value={note} maxLength={400} onChange={(event) => setNote(event.target.value)} />
      </Field>
    </FormDialog>
  )
}
