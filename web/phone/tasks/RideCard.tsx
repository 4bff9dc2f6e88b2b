// Somebody goes one's way: whether one shares the ride, with what it means for one's own trip. Who it is, is not told.
import type { Ride } from '../../../services/contracts/api/sharing.ts'
import { call } from '../../kit/api/session.ts'
import { formatFen } from '../../kit/format/money.ts'
import { formatClock, formatDay } from '../../kit/format/time.ts'
import { Stops } from '../../parts/sharing/Stops.tsx'
import { useText as useSharingText } from '../../parts/sharing/texts.ts'
import { useText } from '../texts.ts'
import { Fault } from '../ui/Fault.tsx'
import { useDeed } from '../useDeed.ts'

type Props = { ride: Ride; onDone: (said: string) => void }

export function RideCard({ ride, onDone }: Props) {
  const { t, locale } = useText()
  const { t: say } = useSharingText()
  const deed = useDeed()
  const take = async (action: 'agree' | 'refuse' | 'leave') => {
    const { rideId, version } = ride
    const done = await deed.run(() => call('actOnRide', { params: { rideId }, body: { action, version } }))
    if (done) onDone(t('ride.done', { action: t(`rideAction.${action}`) }))
  }
  const own = ride.parties.filter(({ mine }) => mine)
  const by = Date.parse(ride.answerBy)
  return (
    <article className="phone-card" aria-label={t('ride.asked')}>
      <header className="phone-line">
        <strong>{t('ride.asked')}</strong>
        <span className="phone-state phone-state-warn">{t(`rideState.${ride.state}`)}</span>
      </header>
      {own.map((party) => (
        <p key={party.requestId}>
          {formatDay(Date.parse(party.pickUpAt), locale)}{' '}
          {t('ride.yours', { from: formatClock(Date.parse(party.pickUpAt)), until: formatClock(Date.parse(party.dropOffAt)) })}
          <br />
          {say('share.ride', { shared: party.sharedMin, direct: party.directMin })}
        </p>
      ))}
      <Stops stops={ride.stops} />
      <p className="quiet">{say('share.saves', { km: ride.savedKm, yuan: formatFen(ride.savedFen) })}</p>
      {ride.state === 'ASKED' && <p className="quiet">{t('ride.by', { time: `${formatDay(by, locale)} ${formatClock(by)}` })}</p>}
      <Fault error={deed.error} />
      <div className="phone-buttons">
        {(['refuse', 'agree', 'leave'] as const).map(
          (action) =>
            ride.mayAct.includes(action) && (
              <button
                key={action}
                type="button"
                className={`phone-button ${action === 'agree' ? 'phone-strong' : ''}`}
                disabled={deed.busy}
                onClick={() => void take(action)}
              >
                {t(`rideAction.${action}`)}
              </button>
            ),
        )}
      </div>
    </article>
  )
}
