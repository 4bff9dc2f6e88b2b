// Where who gets on and off a shared trip, in order.
import { formatClock } from '../../kit/format/time.ts'
import './sharing.css'
import { useText } from './texts.ts'

export type ShownStop = {
  requestId: number
  n: number
  kind: 'board' | 'pass' | 'leave'
  place: { name: string }
  at: string
  people: number
  load: number
  mine: boolean
  doneAt?: string | null
  noShow?: boolean
}

export function Stops({ stops }: { stops: readonly ShownStop[] }) {
  const { t } = useText()
  return (
    <ol className="share-stops" aria-label={t('share.stops')}>
      {stops.map((stop) => (
        <li key={`${stop.requestId}.${stop.n}`} className={stop.doneAt ? 'share-done' : undefined}>
          <span className="figure">{formatClock(Date.parse(stop.at))}</span>
          <span>
            {stop.place.name}
            <small className="quiet">
              {t(`share.${stop.kind}`, { n: stop.people })}
              {stop.mine && ` · ${t('share.mine')}`} · {t('share.load', { n: stop.load })}
              {stop.doneAt && ` · ${t(stop.noShow ? 'share.noShow' : 'share.done', { time: formatClock(Date.parse(stop.doneAt)) })}`}
            </small>
          </span>
        </li>
      ))}
    </ol>
  )
}
