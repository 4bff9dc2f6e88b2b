// 可拼车: which other requests would travel together with this one, what that saves, and who has been asked.
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import type { Ride, RideSuggestion } from '../../../services/contracts/api/sharing.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call } from '../../kit/api/session.ts'
import { formatFen } from '../../kit/format/money.ts'
import { Stops } from '../../parts/sharing/Stops.tsx'
import { useText as useSharingText } from '../../parts/sharing/texts.ts'
import { tripsChanged } from '../../parts/trip/queries.ts'
import { minuteOf } from '../../parts/trip/when.ts'
import { useText } from './texts.ts'

const SHOWN_RIDES = 5

export function Sharing({ requestId }: { requestId: number }) {
  const { t, locale } = useText()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const { data: known } = useQuery({
    queryKey: ['requests', 'rides', requestId],
    queryFn: ({ signal }) => call('listRides', { query: { requestId, limit: SHOWN_RIDES }, signal }),
  })
  const { data: found } = useQuery({
    queryKey: ['requests', 'rideSuggestions', requestId],
    queryFn: ({ signal }) => call('listRideSuggestions', { params: { requestId }, query: { most: 3 }, signal }),
  })
  const rides = known?.rows.filter(({ state }) => ['WISHED', 'ASKED', 'JOINED'].includes(state)) ?? []
  const rows = found?.rows ?? []
  if (rides.length === 0 && rows.length === 0) return null

  async function run(work: () => Promise<unknown>) {
    setBusy(true)
    setError(null)
    try {
      await work()
    } catch (failure) {
      setError(failure)
    }
    await tripsChanged()
    setBusy(false)
  }
  const take = (ride: Ride, action: Ride['mayAct'][number]) =>
    run(() => call('actOnRide', { params: { rideId: ride.rideId }, body: { action, version: ride.version } }))

  return (
    <section className="panel-part" aria-label={t('sharing.title')}>
      <h3>{t('sharing.title')}</h3>
      {error !== null && (
        <p role="alert" className="error-text">
          {errorText(error, t, locale)}
        </p>
      )}
      <ul className="share-list">
        {rides.map((ride) => (
          <li key={ride.rideId}>
            <p>
              <strong>{t(`rideState.${ride.state}`)}</strong>{' '}
              {ride.state === 'ASKED' && (
                <span className="quiet">
                  {t('sharing.asked', {
                    n: ride.parties.filter(({ consented }) => consented).length,
                    of: ride.parties.length,
                    time: minuteOf(ride.answerBy).slice(5),
                  })}
                </span>
              )}
            </p>
            <Riders riders={ride.parties} />
            <Stops stops={ride.stops} />
            <Saving plan={ride} />
            {ride.mayAct.map((action) => (
              <Button key={action} size="small" disabled={busy} onClick={() => void take(ride, action)}>
                {t(`rideAction.${action}`)}
              </Button>
            ))}
          </li>
        ))}
        {rows.map((row) => (
          <li key={`${row.firstId} ${row.requestId}`}>
            <p>
              <strong>{row.other.unit.name}</strong> {t('sharing.to', { to: row.other.to })}{' '}
              <span className="quiet">
                {row.order
                  ? t('sharing.onOrder', { number: row.order.number, n: row.seatsLeft ?? 0 })
                  : t('sharing.waits', { time: minuteOf(row.other.startsAt).slice(5) })}
              </span>
            </p>
            <Riders riders={row.parties} />
            <Stops stops={row.stops} />
            <Saving plan={row} />
            <Button
              size="small"
              type="primary"
              disabled={busy}
              onClick={() => void run(() => call('proposeRide', { body: { firstId: row.firstId, requestId: row.requestId } }))}
            >
              {t('sharing.propose')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Saving({ plan }: { plan: Pick<RideSuggestion, 'savedKm' | 'savedFen'> }) {
  const { t } = useSharingText()
  return <p className="quiet">{t('share.saves', { km: plan.savedKm, yuan: formatFen(plan.savedFen) })}</p>
}

/** How much longer each of them would travel. */
function Riders({ riders }: { riders: RideSuggestion['parties'] }) {
  const { t } = useText()
  const { t: say } = useSharingText()
  return (
    <p className="pair-why">
      {riders.map((rider) => (
        <span key={rider.requestId} className="chip">
          {rider.applicant ?? t('sharing.somebody')} {say('share.ride', { shared: rider.sharedMin, direct: rider.directMin })}
        </span>
      ))}
    </p>
  )
}
