// An order whose vehicle or driver was swapped on the way: who drove what from when to when; and the form that swaps them.
import { Input } from 'antd'
import { useState } from 'react'
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import { call } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { MISSING } from '../../kit/format/number.ts'
import { fromWallClock, toWallClock } from '../../kit/format/time.ts'
import { DriverChoice } from '../../parts/driver/DriverChoice.tsx'
import { Plate } from '../../parts/marks/Plate.tsx'
import { minuteOf } from '../../parts/trip/when.ts'
import { VehicleChoice } from '../../parts/vehicle/VehicleChoice.tsx'
import { useReading } from './StepDialogs.tsx'
import { useText } from './texts.ts'

export function LegPart({ legs }: { legs: OrderDetail['legs'] }) {
  const { t } = useText()
  if (legs.length === 0) return null
  const reading = (km: number | null) => (km === null ? MISSING : km.toLocaleString('en-US'))
  return (
    <section className="panel-part" aria-label={t('orders.legs')}>
      <h3>{t('orders.legs')}</h3>
      <ul className="rows">
        {legs.map(({ leg, vehicle, driver, from, until, odometerOutKm, odometerBackKm, trackKm }) => (
          <li key={leg}>
            <span>
              {vehicle ? <Plate plate={vehicle.plate} colour={vehicle.plateColour} /> : t('trip.hidden')}{' '}
              <strong>{driver?.name ?? t('trip.selfDrive')}</strong>
              <br />
              <span className="quiet figure">
                {minuteOf(from)} – {until === null ? t('orders.legGoesOn') : minuteOf(until)}
              </span>
              <br />
              <span className="quiet figure">
                {t('orders.legReadings', { out: reading(odometerOutKm), back: reading(odometerBackKm) })}
                {trackKm !== null && ` ${t('orders.legTrack', { n: trackKm })}`}
              </span>
            </span>
            {odometerOutKm !== null && odometerBackKm !== null && (
              <span className="figure">{t('orders.km', { n: Math.round((odometerBackKm - odometerOutKm) * 10) / 10 })}</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Another vehicle or driver for an order that is under way. */
export function SwapDialog({ order, onClose }: { order: OrderDetail; onClose: () => void }) {
  const { t } = useText()
  // As it was when the form was opened: who was overtaken is told so, although the page reads on.
  const [version] = useState(order.version)
  const [vehicle, setVehicle] = useState<{ vehicleId: number; plate: string } | null>(order.vehicle)
  const [driver, setDriver] = useState(order.driver)
  const { km, sure, send, field } = useReading(order.odometerOutKm, t('orders.swapReading'))
  const [at, setAt] = useState('')
  const [endsAt, setEndsAt] = useState(() => toWallClock(Date.parse(order.endsAt)))
  const driven = order.odometerOutKm !== null
  const [atMs, endsMs] = [fromWallClock(at), fromWallClock(endsAt)]
  const bodyOf = (reason: string) => ({
    vehicleId: vehicle!.vehicleId,
    driverId: driver?.driverId ?? null,
    ...(km === null ? {} : { odometerKm: km }),
    sure,
    ...(atMs === undefined ? {} : { at: new Date(atMs).toISOString() }),
    endsAt: new Date(endsMs!).toISOString(),
    version,
    reason,
  })
  return (
    <ReasonDialog
      title={t('orders.swap')}
      text={t('orders.swapText')}
      ready={vehicle !== null && endsMs !== undefined && (km !== null || !driven)}
      onSubmit={(reason) => send(() => call('swapOrder', { params: { orderId: order.orderId }, body: bodyOf(reason) }))}
      onClose={onClose}
    >
      <Field name="vehicleId" label={t('orders.swapVehicle')} required>
        <VehicleChoice label={t('orders.swapVehicle')} value={vehicle} onChange={setVehicle} />
      </Field>
      {order.driver && (
        <Field name="driverId" label={t('orders.swapDriver')} required>
          <DriverChoice label={t('orders.swapDriver')} value={driver} onChange={setDriver} />
        </Field>
      )}
      {driven && field}
      <Field name="at" label={t('orders.swapAt')}>
        <Input type="datetime-local" value={at} onChange={(event) => setAt(event.target.value)} />
      </Field>
      <Field name="endsAt" label={t('trip.endsAt')}>
        <Input type="datetime-local" value={endsAt} onChange={(event) => setEndsAt(event.target.value)} />
      </Field>
    </ReasonDialog>
  )
}
