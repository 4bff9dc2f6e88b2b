// Vehicles and drivers that can take the request, the best first and why; and of the others why not.
import { Skeleton } from 'antd'
import type { Candidates } from '../../../services/contracts/api/orders.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { ErrorState } from '../../kit/State.tsx'
import { Plate } from '../../parts/marks/Plate.tsx'
import { minuteOf } from '../../parts/trip/when.ts'
import { type Say, useText } from './texts.ts'

export type Pair = Candidates['pairs'][number]
type Excluded = Candidates['excluded'][number]

type Props = {
  found: Candidates | undefined
  error: unknown
  retry: () => void
  busy: boolean
  onAssign: (pair: Pair) => void
}

export function Pairs({ found, error, retry, busy, onAssign }: Props) {
  const { t } = useText()
  if (error && !found) return <ErrorState error={error} retry={retry} />
  if (!found)
    return (
      <section className="panel-part" aria-label={t('pairs.asking')}>
        <Skeleton active title={false} paragraph={{ rows: 5 }} />
      </section>
    )
  return (
    <>
      <section className="panel-part" aria-label={t('pairs.title', { n: found.able })}>
        <h3>{t('pairs.title', { n: found.able })}</h3>
        {found.able === 0 && <p className="quiet">{t('pairs.none')}</p>}
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
                      {whyText(reason, t)} <b className="figure">{signed(reason.points)}</b>
                    </span>
                  ))}
                </span>
              </button>
            </li>
          ))}
        </ol>
      </section>
      {found.excludedTotal > 0 && (
        <section className="panel-part" aria-label={t('pairs.excluded', { n: found.excludedTotal })}>
          <details open={found.able === 0}>
            <summary>{t('pairs.excluded', { n: found.excludedTotal })}</summary>
            <ul className="excluded">
              {found.excluded.map(({ vehicle, reasons }) => (
                <li key={vehicle.vehicleId}>
                  <span className="figure">{plateAsPrinted(vehicle.plate)}</span>{' '}
                  <span className="quiet">{reasons.map((reason) => whyNotText(reason, t)).join(t('search.comma'))}</span>
                </li>
              ))}
            </ul>
            {found.excludedTotal > found.excluded.length && (
              <p className="quiet">{t('pairs.excludedFirst', { n: found.excluded.length })}</p>
            )}
          </details>
        </section>
      )}
    </>
  )
}

const signed = (points: number): string => (points > 0 ? `+${points}` : points < 0 ? `−${-points}` : '0')

function whyText({ code, detail }: Pair['why'][number], t: Say): string {
  return code === 'TIER' ? t(`tier.${detail.tier as 'own'}`) : t(`why.${code}`, detail)
}

const until = (instant: string, t: Say): string => (instant === '' ? t('kit.openEnd') : minuteOf(instant).slice(5))

function whyNotText({ code, detail }: Excluded['reasons'][number], t: Say): string {
  if (code === 'STATE') return t(`vehicleState.${detail.state as 'SEALED'}`)
  if (code === 'BUSY') return t('whyNot.BUSY', { from: minuteOf(String(detail.from)).slice(5), until: until(String(detail.until), t) })
  if (code === 'EXPIRES') return t('whyNot.EXPIRES', { what: t(`field.${detail.field as 'inspectionUntil'}`), day: String(detail.day) })
  return t(`whyNot.${code}`, detail)
}
