// What changes where a driver stands: suspend, reinstate, retire; move to another unit; lend to one.
import { Input } from 'antd'
import { useState } from 'react'
import type { DriverDetail } from '../../services/contracts/api/drivers.ts'
import { dayAt } from '../../services/contracts/days.ts'
import type { DriverState } from '../../services/contracts/duty.ts'
import { call } from '../api/session.ts'
import { Field, FormDialog } from '../desk/FormDialog.tsx'
import { UnitChoice } from '../desk/UnitChoice.tsx'
import { useText } from '../i18n/i18n.ts'
import { driverChanged } from './queries.ts'

type Props = { driver: DriverDetail; onClose: () => void }

const ReasonField = ({ value, onChange }: { value: string; onChange: (reason: string) => void }) => {
  const { t } = useText()
  return (
    <Field label={t('desk.reason')} whole>
      <Input.TextArea
        rows={2}
        maxLength={200}
        value={value}
        placeholder={t('desk.reasonHint')}
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
      title={`${title}：${driver.name}`}
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
      title={`${t('driverAct.move')}：${driver.name}`}
      submitText={t('driverAct.move')}
      ready={organisationId !== undefined && isReason(reason)}
      onSubmit={save}
      onClose={onClose}
    >
      <Field label={t('driverAct.moveTo')} whole>
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
      title={`${t('driverAct.lend')}：${driver.name}`}
      submitText={t('driverAct.lend')}
      ready={organisationId !== undefined && fromDay !== ''}
      onSubmit={save}
      onClose={onClose}
    >
      <Field label={t('driverAct.lendTo')} whole>
        <UnitChoice label={t('driverAct.lendTo')} value={organisationId} onChange={setOrganisationId} required />
      </Field>
      <Field label={t('desk.from')}>
        <Input type="date" value={fromDay} onChange={(event) => setFromDay(event.target.value)} />
      </Field>
      <Field label={t('desk.until')}>
        <Input type="date" value={untilDay} onChange={(event) => setUntilDay(event.target.value)} />
      </Field>
      <Field label={t('desk.note')} whole>
        <Input value={note} maxLength={200} onChange={(event) => setNote(event.target.value)} />
      </Field>
    </FormDialog>
  )
}
