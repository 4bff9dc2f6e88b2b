// May this driver take this vehicle at this time, and if not why not: every reason, in words.
import { useQuery } from '@tanstack/react-query'
import { Input } from 'antd'
import { useState } from 'react'
import { call } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { fromWallClock, toWallClock } from '../../kit/format/time.ts'
import { ErrorState } from '../../kit/State.tsx'
import { VehicleChoice } from '../../parts/vehicle/VehicleChoice.tsx'
import { useText } from './texts.ts'

const HOUR_MS = 3_600_000
const nextHour = () => Math.ceil(Date.now() / HOUR_MS) * HOUR_MS

export function FitnessPart({ driverId, vehicle }: { driverId: number; vehicle: { vehicleId: number; plate: string } | null }) {
  const { t } = useText()
  const [chosen, setChosen] = useState(vehicle)
  const [from, setFrom] = useState(() => toWallClock(nextHour()))
  const [until, setUntil] = useState(() => toWallClock(nextHour() + 2 * HOUR_MS))
  const fromMs = fromWallClock(from)
  const untilMs = fromWallClock(until)
  const asked = chosen !== null && fromMs !== undefined && untilMs !== undefined && untilMs > fromMs
  const { data, error, refetch } = useQuery({
    queryKey: ['driver', driverId, 'fitness', chosen?.vehicleId, fromMs, untilMs],
    enabled: asked,
    queryFn: ({ signal }) =>
      call('decideDriver', {
        params: { driverId },
        query: { vehicleId: chosen!.vehicleId, from: new Date(fromMs!).toISOString(), until: new Date(untilMs!).toISOString() },
        signal,
      }),
  })
  return (
    <section className="panel-part">
      <h3>{t('fitness.ask')}</h3>
      <div className="form-grid">
        <Field label={t('fitness.vehicle')} whole>
          <VehicleChoice label={t('fitness.vehicle')} value={chosen} onChange={setChosen} />
        </Field>
        <Field label={t('fitness.from')} whole>
          <Input type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />
        </Field>
        <Field label={t('fitness.until')} whole>
          <Input type="datetime-local" value={until} onChange={(event) => setUntil(event.target.value)} />
        </Field>
      </div>
      <div aria-live="polite">
        {error ? (
          <ErrorState error={error} retry={() => void refetch()} />
        ) : (
          asked &&
          data &&
          (data.fit ? (
            <p>{t('fitness.fit')}</p>
          ) : (
            <ul className="rows">
              {data.reasons.map((reason) => (
                <li key={reason.code} className="bad-text">
                  {t(`fitness.${reason.code}`, reason.detail)}
                </li>
              ))}
            </ul>
          ))
        )}
      </div>
    </section>
  )
}
