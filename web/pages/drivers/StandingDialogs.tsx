// What changes where a driver stands: suspend, reinstate, retire; move to another unit; lend to one.
import { Input } from 'antd'
import { useState } from 'react'
import type { DriverDetail } from '../../../services/contracts/api/drivers.ts'
import { dayAt } from '../../../services/domain/days.ts'
import type { DriverState } from '../../../services/domain/duty.ts'
import { call } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { driverChanged } from './queries.ts'
import { useText } from './texts.ts'

type Props = { driver: DriverDetail; onClose: () => void }

const ReasonField = ({ value, onChange }: { value: string; onChange: (reason: string) => void }) => {
  const { t } = useText()
  return (
    <Field name="reason" label={t('kit.reason')} whole>
      <Input.TextArea
        rows={2}
        maxLength={200}
        value={value}
        placeholder={t('kit.reasonHint')}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  )
}
const isReason = (text: string) => text.trim().length >= 4

export function StateDialog({ driver, state, onClose }: Props & { state: DriverState }) {
  const { t } = useText()
  const [reason, setReason] = useState('')
  const { driverId, version } = driver
  async function save() {
    await call('setDriverState', { params: { driverId }, body: { state, reason, version } })
    await driverChanged(driverId)
  }
  const title = t(`driverAct.${state}`)
  return (
    <FormDialog
      title={`${title}${t('kit.colon')}${driver.name}`}
      submitText={title}
      danger={state !== 'active'}
      ready={isReason(reason)}
      onSubmit={save}
      onClose={onClose}
    >
      <ReasonField value={reason} onChange={setReason} />
    </FormDialog>
  )
}

export function MoveDialog({ driver, onClose }: Props) {
  const { t } = useText()
  const [organisationId, setOrganisationId] = useState<number>()
  const [reason, setReason] = useState('')
  const { driverId, version } = driver
  async function save() {
    await call('moveDriver', { params: { driverId }, body: { organisationId: organisationId!, reason, version } })
    await driverChanged(driverId)
  }
  return (
    <FormDialog
      title={`${t('driverAct.move')}${t('kit.colon')}${driver.name}`}
      submitText={t('driverAct.move')}
      ready={organisationId !== undefined && isReason(reason)}
      onSubmit={save}
      onClose={onClose}
    >
      <Field name="organisationId" label={t('driverAct.moveTo')} whole>
        <UnitChoice label={t('driverAct.moveTo')} value={organisationId} onChange={setOrganisationId} required />
      </Field>
      <ReasonField value={reason} onChange={setReason} />
    </FormDialog>
  )
}

export function LendDialog({ driver, onClose }: Props) {
  const { t } = useText()
  const [organisationId, setOrganisationId] = useState<number>()
  const [fromDay, setFromDay] = useState(dayAt(Date.now()))
  const [untilDay, setUntilDay] = useState('')
  const [note, setNote] = useState('')
  const { driverId, version } = driver
  async function save() {
    await call('lendDriver', {
      params: { driverId },
      body: { organisationId, fromDay, untilDay: untilDay || null, note: note || null, version },
    })
    await driverChanged(driverId)
  }
  return (
    <FormDialog
      title={`${t('driverAct.lend')}${t('kit.colon')}${driver.name}`}
      submitText={t('driverAct.lend')}
      ready={organisationId !== undefined && fromDay !== ''}
      onSubmit={save}
      onClose={onClose}
    >
      <Field name="organisationId" label={t('driverAct.lendTo')} whole>
        <UnitChoice label={t('driverAct.lendTo')} value={organisationId} onChange={setOrganisationId} required />
      </Field>
      <Field name="fromDay" label={t('kit.from')}>
        <Input type="date" value={fromDay} onChange={(event) => setFromDay(event.target.value)} />
      </Field>
      <Field name="untilDay" label={t('kit.until')}>
        <Input type="date" value={untilDay} onChange={(event) => setUntilDay(event.target.value)} />
      </Field>
      <Field name="note" label={t('kit.note')} whole>
        <Input value={note} maxLength={200} onChange={(event) => setNote(event.target.value)} />
      </Field>
    </FormDialog>
  )
}
