// Steps that ask for something: why, or what the odometer says.
import { Checkbox, InputNumber, Select } from 'antd'
import { useState } from 'react'
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import type { orderActions } from '../../../services/domain/orders.ts'
import { ApiError } from '../../kit/api/client.ts'
import { call } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { tripsChanged } from '../../parts/trip/queries.ts'
import { useText } from './texts.ts'

type Action = (typeof orderActions)[number]
type Props = { order: OrderDetail; action: Action; onClose: () => void }

export function WordsDialog({ order: { orderId, version }, action, danger, onClose }: Props & { danger: boolean }) {
  const { t } = useText()
  return (
    <ReasonDialog
      title={t(`orderAction.${action}`)}
      danger={danger}
      onSubmit={async (reason) => {
        await call('actOnOrder', { params: { orderId }, body: { action, version, reason } })
        await tripsChanged()
      }}
      onClose={onClose}
    />
  )
}

/** A reading that the time hardly allows is asked about, and taken when it is said to be right. */
export function ReadingDialog({ order: { orderId, version, odometerOutKm }, action, onClose }: Props) {
  const { t } = useText()
  const [km, setKm] = useState<number | null>(null)
  const [doubted, setDoubted] = useState<number | null>(null)
  const [sure, setSure] = useState(false)
  async function send() {
    const data = { odometerKm: km!, ...(sure && doubted === km ? { sure: true } : {}) }
    try {
      await call('actOnOrder', { params: { orderId }, body: { action, version, data } })
    } catch (failure) {
      if (failure instanceof ApiError && failure.issues.some(({ reason }) => reason === 'odometer.far')) {
        setDoubted(km)
        setSure(false)
      }
      throw failure
    }
    await tripsChanged()
  }
  return (
    <FormDialog
      title={t(`orderAction.${action}`)}
      submitText={t(`orderAction.${action}`)}
      ready={km !== null}
      onSubmit={send}
      onClose={onClose}
    >
      <Field name="odometerKm" label={t('orders.odometerKm')} whole required>
        <InputNumber
          min={0}
          max={2_000_000}
          controls={false}
          inputMode="decimal"
          placeholder={odometerOutKm === null ? undefined : odometerOutKm.toLocaleString('en-US')}
          value={km}
          onChange={setKm}
        />
      </Field>
      {doubted !== null && doubted === km && (
        <Checkbox className="form-whole" checked={sure} onChange={({ target }) => setSure(target.checked)}>
          {t('orders.sure')}
        </Checkbox>
      )}
    </FormDialog>
  )
}

/** A reading that was typed wrongly, put right afterwards; both values stay among the steps. */
export function OdometerDialog({ order, onClose }: Omit<Props, 'action'>) {
  const { t } = useText()
  const { orderId, version, odometerOutKm, odometerBackKm } = order
  const [which, setWhich] = useState<'out' | 'back'>(odometerBackKm === null ? 'out' : 'back')
  const [km, setKm] = useState<number | null>(null)
  const [doubted, setDoubted] = useState<number | null>(null)
  const [sure, setSure] = useState(false)
  const now = which === 'out' ? odometerOutKm : odometerBackKm
  return (
    <ReasonDialog
      title={t('orders.correctOdometer')}
      ready={km !== null}
      onSubmit={async (reason) => {
        try {
          await call('correctOdometer', {
            params: { orderId },
            body: { which, odometerKm: km!, sure: sure && doubted === km, version, reason },
          })
        } catch (failure) {
          if (failure instanceof ApiError && failure.issues.some(({ reason }) => reason === 'odometer.far')) setDoubted(km)
          throw failure
        }
        await tripsChanged()
      }}
      onClose={onClose}
    >
      <Field name="which" label={t('orders.whichReading')}>
        <Select
          aria-label={t('orders.whichReading')}
          value={which}
          options={(['out', 'back'] as const).map((value) => ({
            value,
            label: t(value === 'out' ? 'orderSheet.out' : 'orderSheet.back'),
            disabled: value === 'back' && odometerBackKm === null,
          }))}
          onChange={setWhich}
        />
      </Field>
      <Field name="odometerKm" label={t('orders.odometerKm')} required>
        <InputNumber
          min={0}
          max={2_000_000}
          controls={false}
          inputMode="decimal"
          placeholder={now === null ? undefined : now.toLocaleString('en-US')}
          value={km}
          onChange={setKm}
        />
      </Field>
      {doubted !== null && doubted === km && (
        <Checkbox className="form-whole" checked={sure} onChange={({ target }) => setSure(target.checked)}>
          {t('orders.sure')}
        </Checkbox>
      )}
    </ReasonDialog>
  )
}
