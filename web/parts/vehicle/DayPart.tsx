// The vehicle's day, or any range: choose it, see its trips as a strip of 24 hours and as a list, and the trail's size.
import { useQuery } from '@tanstack/react-query'
import { Switch } from 'antd'
import { placeCounts } from '../../../services/domain/tracks.ts'
import { formatCount } from '../../kit/format/number.ts'
import { ErrorState } from '../../kit/State.tsx'
import { useText } from '../texts.ts'
import { CasePart } from './CasePart.tsx'
import { cutToCase, useCaseOf } from './caseOf.ts'
import { DayStrip } from './DayStrip.tsx'
import type { Range } from './liveUrl.ts'
import { dayRange, type Trail, tripsQuery } from './queries.ts'
import { RangePicker } from './RangePicker.tsx'
import { TripList } from './TripList.tsx'

type Props = {
  vehicleId: number
  range: Range | null
  onRange: (range: Range | null) => void
  /** The trail on a map, where there is one beside. */
  trail?: { shown: boolean; onShow: (shown: boolean) => void; data: Trail | undefined; error: unknown; busy: boolean; retry: () => void }
}

export function DayPart({ vehicleId, range, onRange, trail }: Props) {
  const { t } = useText()
  const within = useCaseOf(vehicleId)
  const chosen = cutToCase(range ?? dayRange(Date.now()), within.chosen)
  const trips = useQuery({ ...tripsQuery(vehicleId, chosen, within.chosen?.caseId), enabled: within.ready })
  return (
    <section className="panel-part" aria-labelledby="day-title">
      <div className="day-head">
        <h3 id="day-title">{t('day.title')}</h3>
        {trail && (
          // biome-ignore lint/a11y/noLabelWithoutControl: the switch is the control inside
          <label className="day-trail">
            <Switch size="small" checked={trail.shown} onChange={trail.onShow} /> {t('day.trail')}
          </label>
        )}
      </div>
      {within.required && <CasePart vehicleId={vehicleId} within={within} />}
      {within.error !== null && <ErrorState error={within.error} />}
      {within.ready && <RangePicker range={range} onRange={onRange} />}
      {within.ready && trail?.shown && <TrailLine trail={trail} />}
      {within.ready && trips.isPending && <div className="bone bone-strip" aria-hidden="true" />}
      {trips.error && <ErrorState error={trips.error} retry={() => void trips.refetch()} />}
      {trips.data && (
        <>
          <DayStrip range={chosen} trips={trips.data.rows} />
          <TripList trips={trips.data} range={chosen} />
        </>
      )}
    </section>
  )
}

function TrailLine({ trail }: { trail: NonNullable<Props['trail']> }) {
  const { t } = useText()
  if (trail.error) return <ErrorState error={trail.error} retry={trail.retry} />
  if (trail.busy || !trail.data) return <p className="quiet">{t('day.trailLoading')}</p>
  const n = formatCount(trail.data.timeMs.length)
  if (trail.data.timeMs.length === 0) return <p className="quiet">{t('day.trailEmpty')}</p>
  const apart = trail.data.flagged.filter(({ reason }) => !placeCounts(reason)).length
  const speeds = trail.data.flagged.length - apart
  return (
    <>
      <p className={trail.data.more ? 'stale' : 'quiet'}>
        {trail.data.more ? t('day.trailMore', { n }) : trail.data.timeMs.length === 1 ? t('day.trailPoint') : t('day.trailPoints', { n })}
      </p>
      {apart > 0 && (
        <p className="quiet trail-legend">
          <span className="trail-ring" aria-hidden="true" /> {t('day.trailApart', { n: formatCount(apart) })}
        </p>
      )}
      {speeds > 0 && <p className="quiet">{t('day.trailSpeeds', { n: formatCount(speeds) })}</p>}
    </>
  )
}
