// Where who gets on and off a shared trip, in order.
import { formatClock } from '../../kit/format/time.ts'
import { haltsOf } from './halts.ts'
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

/** A halt stands once, whoever gets on or off there: of each party what it does, and how many sit in it when it drives on. */
export function Stops({ stops }: { stops: readonly ShownStop[] }) {
  const { t } = useText()
  return (
    <ol className="share-stops" aria-label={t('share.stops')}>
      {haltsOf(stops).map((halt) => (
        <li key={`${halt[0]!.requestId}.${halt[0]!.n}`} className={halt.every(({ doneAt }) => doneAt) ? 'share-done' : undefined}>
          <span className="figure">{formatClock(Date.parse(halt[0]!.at))}</span>
          <span>
            {halt[0]!.place.name}
            {halt.map((stop, n) => (
              <small key={`${stop.requestId}.${stop.n}`} className="quiet">
                {t(`share.${stop.kind}`, { n: stop.people })}
                {stop.mine && ` · ${t('share.mine')}`}
                {n === halt.length - 1 && ` · ${t('share.load', { n: stop.load })}`}
                {stop.doneAt && ` · ${t(stop.noShow ? 'share.noShow' : 'share.done', { time: formatClock(Date.parse(stop.doneAt)) })}`}
              </small>
            ))}
          </span>
        </li>
      ))}
    </ol>
  )
}
