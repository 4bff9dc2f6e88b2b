// Another vehicle, driver or time for an order that has not begun: what dragging does, as a form.
import { Input, Select } from 'antd'
import { useState } from 'react'
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import { call } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { fromWallClock, toWallClock } from '../../kit/format/time.ts'
import { tripsChanged } from '../../parts/trip/queries.ts'
import { VehicleChoice } from '../../parts/vehicle/VehicleChoice.tsx'
import { useText } from './texts.ts'

type Driver = { driverId: number; name: string }
type Props = { order: OrderDetail; drivers: readonly Driver[]; onClose: () => void }

export function MoveDialog({ order, drivers, onClose }: Props) {
  const { t } = useText()
  // As it was when the form was opened: who was overtaken is told so, although the page reads on.
  const [version] = useState(order.version)
  const [vehicle, setVehicle] = useState<{ vehicleId: number; plate: string } | null>(order.vehicle)
  const [driverId, setDriverId] = useState(order.driver?.driverId)
  const [startsAt, setStartsAt] = useState(() => toWallClock(Date.parse(order.startsAt)))
  const [endsAt, setEndsAt] = useState(() => toWallClock(Date.parse(order.endsAt)))
  const [reason, setReason] = useState('')
  const [starts, ends] = [fromWallClock(startsAt), fromWallClock(endsAt)]
  const known = new Map([...drivers, ...(order.driver ? [order.driver] : [])].map((each) => [each.driverId, each.name]))
  return (
    <FormDialog
      title={t('move.title')}
      submitText={t('move.title')}
      ready={vehicle !== null && starts !== undefined && ends !== undefined}
      onSubmit={async () => {
        await call('moveOrder', {
          params: { orderId: order.orderId },
          body: {
            vehicleId: vehicle!.vehicleId,
            driverId: driverId ?? null,
            startsAt: new Date(starts!).toISOString(),
            endsAt: new Date(ends!).toISOString(),
            version,
            reason: reason.trim(),
          },
        })
        await tripsChanged()
      }}
      onClose={onClose}
    >
      <Field name="vehicleId" label={t('trip.vehicle')}>
        <VehicleChoice label={t('trip.vehicle')} value={vehicle} onChange={setVehicle} />
      </Field>
      {order.driver && (
        <Field name="driverId" label={t('trip.withDriver')}>
          <Select
            aria-label={t('trip.withDriver')}
            showSearch={{ optionFilterProp: 'label' }}
            value={driverId}
            options={[...known].map(([value, label]) => ({ value, label }))}
            onChange={setDriverId}
          />
        </Field>
      )}
      <Field name="startsAt" label={t('trip.startsAt')}>
        <Input type="datetime-local" value={startsAt} onChange={(event) => setStartsAt(event.target.value)} />
      </Field>
      <Field name="endsAt" label={t('trip.endsAt')}>
        <Input type="datetime-local" value={endsAt} onChange={(event) => setEndsAt(event.target.value)} />
      </Field>
      <Field name="reason" label={t('move.reason')} whole>
        <Input value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </FormDialog>
  )
}
