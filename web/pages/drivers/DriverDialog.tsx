// Entering a driver, or changing the file. A telephone or licence number that the role sees masked stays as it is when left empty.
import { Input, Select } from 'antd'
import { useState } from 'react'
import type { DriverDetail } from '../../../services/contracts/api/drivers.ts'
import { call, useAccount } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { VehicleChoice } from '../../parts/vehicle/VehicleChoice.tsx'
import { driverChanged } from './queries.ts'
import { useText } from './texts.ts'

const classes = ['A1', 'A2', 'A3', 'B1', 'B2', 'C1', 'C2', 'C3', 'C4', 'C5', 'C6']

type Props = { driver?: DriverDetail; onClose: () => void; onSaved?: (driverId: number) => void }

export function DriverDialog({ driver, onClose, onSaved }: Props) {
  const { t } = useText()
  const account = useAccount()
  const shown = (text: string | null | undefined) => (text && !text.includes('*') ? text : '')
  const [name, setName] = useState(driver?.name ?? '')
  const [phone, setPhone] = useState(shown(driver?.phone))
  const [licenceNo, setLicenceNo] = useState(shown(driver?.licenceNo))
  const [licenceClass, setLicenceClass] = useState(driver?.licenceClass ?? null)
  const [issuedOn, setIssuedOn] = useState(driver?.licenceIssuedOn ?? '')
  const [expiresOn, setExpiresOn] = useState(driver?.licenceExpiresOn ?? '')
  const [vehicle, setVehicle] = useState(driver?.vehicle ?? null)
  const [organisationId, setOrganisationId] = useState<number | undefined>(account.organisation.organisationId)
  const masked = { phone: driver?.phone.includes('*') ?? false, licenceNo: driver?.licenceNo?.includes('*') ?? false }
  const ready = name.trim() !== '' && (masked.phone || phone.trim() !== '') && (driver !== undefined || organisationId !== undefined)

  async function save() {
    const fields = {
      name,
      licenceClass,
      licenceIssuedOn: issuedOn || null,
      licenceExpiresOn: expiresOn || null,
    }
    if (!driver) {
      const { driverId } = await call('createDriver', {
        body: { ...fields, phone, licenceNo: licenceNo || null, vehicleId: vehicle?.vehicleId ?? null, organisationId: organisationId! },
      })
      await driverChanged(driverId)
      onSaved?.(driverId)
      return
    }
    await call('editDriver', {
      params: { driverId: driver.driverId },
      body: {
        ...fields,
        phone: masked.phone && !phone ? undefined : phone,
        licenceNo: masked.licenceNo && !licenceNo ? undefined : licenceNo || null,
        vehicleId: vehicle?.vehicleId === driver.vehicle?.vehicleId ? undefined : (vehicle?.vehicleId ?? null),
        version: driver.version,
      },
    })
    await driverChanged(driver.driverId)
  }

  return (
    <FormDialog title={driver ? t('drivers.edit') : t('drivers.add')} ready={ready} onSubmit={save} onClose={onClose}>
      <Field name="name" label={t('driver.name')}>
        <Input value={name} maxLength={40} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field name="phone" label={t('driver.phone')}>
        <Input
          value={phone}
          maxLength={20}
          inputMode="tel"
          placeholder={masked.phone ? t('driver.phoneKept') : undefined}
          onChange={(event) => setPhone(event.target.value)}
        />
      </Field>
      {!driver && (
        <Field name="organisationId" label={t('kit.unit')} whole>
          <UnitChoice label={t('kit.unit')} value={organisationId} onChange={setOrganisationId} required />
        </Field>
      )}
      <Field name="licenceNo" label={t('driver.licenceNo')}>
        <Input
          value={licenceNo}
          maxLength={18}
          placeholder={masked.licenceNo ? t('driver.phoneKept') : undefined}
          onChange={(event) => setLicenceNo(event.target.value.toUpperCase())}
        />
      </Field>
      <Field name="licenceClass" label={t('driver.licenceClass')}>
        <Select
          allowClear
          aria-label={t('driver.licenceClass')}
          value={licenceClass}
          options={classes.map((value) => ({ value, label: value }))}
          onChange={(value: string | undefined) => setLicenceClass(value ?? null)}
        />
      </Field>
      <Field name="licenceIssuedOn" label={t('driver.licenceIssued')}>
        <Input type="date" value={issuedOn} onChange={(event) => setIssuedOn(event.target.value)} />
      </Field>
      <Field name="licenceExpiresOn" label={t('driver.licenceExpires')}>
        <Input type="date" value={expiresOn} onChange={(event) => setExpiresOn(event.target.value)} />
      </Field>
      <Field name="vehicleId" label={t('driver.vehicle')} whole>
        <VehicleChoice label={t('driver.vehicle')} value={vehicle} onChange={setVehicle} />
      </Field>
    </FormDialog>
  )
}
