// Vehicles and drivers that can take the request, the best first and why; and where there are none, why that is.
import { Skeleton } from 'antd'
import type { Candidates } from '../../../services/contracts/api/dispatching.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { formatDuration, type Locale } from '../../kit/format/time.ts'
import { ErrorState } from '../../kit/State.tsx'
import { Plate } from '../../parts/marks/Plate.tsx'
import { minuteOf } from '../../parts/trip/when.ts'
import { ExcludedPart } from './ExcludedPart.tsx'
import { type Say, useText } from './texts.ts'
import { equipmentText } from './whyNotText.ts'

export type Pair = Candidates['pairs'][number]

type Props = {
  requestId: number
  found: Candidates | undefined
  error: unknown
  retry: () => void
  busy: boolean
  onAssign: (pair: Pair) => void
  /** Between those that can and those that cannot: what there is besides. */
  children?: React.ReactNode
}

export function Pairs({ requestId, found, error, retry, busy, onAssign, children }: Props) {
  const { t, locale } = useText()
  if (error && !found) return <ErrorState error={error} retry={retry} />
  if (!found)
    return (
      <section className="panel-part" aria-label={t('pairs.asking')}>
        <Skeleton active title={false} paragraph={{ rows: 5 }} />
      </section>
    )
  // Whether anybody works that day hangs on a calendar that is not there: said once for all of them.
  const unknownYear = found.pairs.flatMap(({ why }) => why.find(({ code }) => code === 'CALENDAR')?.detail.year ?? [])[0]
  return (
    <>
      <section className="panel-part" aria-label={t('pairs.title', { n: found.able })}>
        <h3>{t('pairs.title', { n: found.able })}</h3>
        <p className="quiet">{wayText(found.way, t, locale)}</p>
        {found.routerFailingSince !== null && (
          <p className="warn-text" role="status">
            {t('way.failing', { time: minuteOf(found.routerFailingSince).slice(5) })}
          </p>
        )}
        {found.unserved && <p className="warn-text">{unservedText(found.unserved, t)}</p>}
        {unknownYear !== undefined && <p className="warn-text">{t('pairs.unknownYear', { year: unknownYear })}</p>}
        <ol className="pairs">
          {found.pairs.map((pair, index) => (
            <li key={pair.vehicle.vehicleId}>
              <button
                type="button"
                className="bare pair"
                disabled={busy}
                aria-keyshortcuts={String(index + 1)}
                onClick={() => onAssign(pair)}
              >
                <span className="pair-key" aria-hidden="true">
                  {index + 1}
                </span>
                <span className="pair-who">
                  <span className="visually-hidden">
                    {t('pairs.assign', { plate: plateAsPrinted(pair.vehicle.plate), driver: pair.driver?.name ?? '' })}
                  </span>
                  <span aria-hidden="true">
                    <Plate plate={pair.vehicle.plate} colour={pair.vehicle.plateColour} />
                  </span>
                  <strong aria-hidden="true">{pair.driver?.name ?? t('trip.selfDrive')}</strong>
                </span>
                <span className="figure">{t('pairs.points', { n: pair.points })}</span>
                <span className="quiet pair-unit">
                  {pair.vehicle.unit.name} {t('board.seats', { n: pair.vehicle.seats })}
                </span>
                <span className="pair-why">
                  {pair.why.map((reason) => (
                    <span key={reason.code} className="chip">
                      {whyText(reason, t)} {reason.points !== 0 && <b className="figure">{signed(reason.points)}</b>}
                    </span>
                  ))}
                </span>
              </button>
            </li>
          ))}
        </ol>
      </section>
      {children}
      <ExcludedPart key={requestId} requestId={requestId} found={found} />
    </>
  )
}

const signed = (points: number): string => (points > 0 ? `+${points}` : `−${-points}`)

function whyText({ code, detail }: Pair['why'][number], t: Say): string {
  if (code === 'TIER') return t(`tier.${detail.tier as 'own'}`)
  if (code === 'PICK_UP') return t(`why.PICK_UP.${detail.by as 'router'}`, detail)
  if (code === 'EQUIPMENT') return t('why.EQUIPMENT', { has: equipmentText(String(detail.has), t) })
  return t(`why.${code}`, detail)
}

/** The way of the trip itself, and what is wrong with it. */
function wayText(way: Candidates['way'], t: Say, locale: Locale): string {
  if (way === null) return t('way.unknown')
  if (way.problem !== null) return t(`way.${way.problem}`)
  return t(`way.${way.by}`, { km: Math.round(way.km! * 10) / 10, time: formatDuration(Math.ceil(way.minutes!) * 60_000, locale) })
}

function unservedText({ code, holders, detail }: NonNullable<Candidates['unserved']>, t: Say): string {
  if (code === 'DISPLACED') {
    if (holders.length === 0) return t('unserved.taken')
    return t('unserved.DISPLACED', { holders: holders.slice(0, 3).join(t('search.comma')) })
  }
  if (code === 'EQUIPMENT') return t('unserved.EQUIPMENT', { missing: equipmentText(String(detail.missing), t) })
  return t(`unserved.${code}`, detail)
}
