// Steps that ask for something: why, or what the odometer says.
import { Checkbox, InputNumber, Select } from 'antd'
import { useState } from 'react'
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import type { orderActions } from '../../../services/domain/orders.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
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

/** A reading of the odometer. One that the time hardly allows is asked about, and sent as right when it is said to be. */
export function useReading(last: number | null, label?: string) {
  const { t } = useText()
  const [km, setKm] = useState<number | null>(null)
  const [doubted, setDoubted] = useState<number | null>(null)
  const [sure, setSure] = useState(false)
  const doubtful = doubted !== null && doubted === km
  return {
    km,
    sure: sure && doubtful,
    /** Sends it, and notes when the server doubts it. */
    async send(request: () => Promise<unknown>) {
      try {
        await request()
      } catch (failure) {
        if (failure instanceof ApiError && failure.issues.some(({ reason }) => reason === 'odometer.far')) {
          setDoubted(km)
          setSure(false)
        }
        throw failure
      }
      await tripsChanged()
    },
    field: (
      <>
        <Field name="odometerKm" label={label ?? t('orders.odometerKm')} whole required>
          <InputNumber
            min={0}
            max={2_000_000}
            controls={false}
            inputMode="decimal"
            placeholder={last === null ? undefined : last.toLocaleString('en-US')}
            value={km}
            onChange={setKm}
          />
        </Field>
        {doubtful && (
          <Checkbox className="form-whole" checked={sure} onChange={({ target }) => setSure(target.checked)}>
            {t('orders.sure')}
          </Checkbox>
        )}
      </>
    ),
  }
}

/** What the odometer says, with a step that asks for it. */
export function ReadingDialog({ order: { orderId, version, odometerOutKm }, action, onClose }: Props) {
  const { t } = useText()
  const { km, sure, send, field } = useReading(odometerOutKm)
  const data = () => ({ odometerKm: km!, ...(sure ? { sure } : {}) })
  return (
    <FormDialog
      title={t(`orderAction.${action}`)}
      submitText={t(`orderAction.${action}`)}
      ready={km !== null}
      onSubmit={() => send(() => call('actOnOrder', { params: { orderId }, body: { action, version, data: data() } }))}
      onClose={onClose}
    >
      {field}
    </FormDialog>
  )
}

/** A reading that was typed wrongly, put right afterwards; both values stay among the steps. */
export function OdometerDialog({ order, onClose }: Omit<Props, 'action'>) {
  const { t } = useText()
  const { orderId, version, legs } = order
  const [leg, setLeg] = useState<number | undefined>(legs.at(-1)?.leg)
  const { odometerOutKm, odometerBackKm } = legs.find((each) => each.leg === leg) ?? order
  const [which, setWhich] = useState<'out' | 'back'>(odometerBackKm === null ? 'out' : 'back')
  const { km, sure, send, field } = useReading(which === 'out' ? odometerOutKm : odometerBackKm)
  return (
    <ReasonDialog
      title={t('orders.correctOdometer')}
      ready={km !== null}
      onSubmit={(reason) => {
        const body = { which, ...(leg === undefined ? {} : { leg }), odometerKm: km!, sure, version, reason }
        return send(() => call('correctOdometer', { params: { orderId }, body }))
      }}
      onClose={onClose}
    >
      {legs.length > 0 && (
        <Field name="leg" label={t('orders.legs')}>
          <Select
            aria-label={t('orders.legs')}
            value={leg}
            options={legs.map(({ leg: value, vehicle, driver }) => ({
              value,
              label: [t('orders.whichLeg', { n: value }), vehicle && plateAsPrinted(vehicle.plate), driver?.name].filter(Boolean).join(' '),
            }))}
            onChange={setLeg}
          />
        </Field>
      )}
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
      {field}
    </ReasonDialog>
  )
}
