// The last report and how old it is. A stale report looks stale: its figures are history, not the present.

import type { AnswerOf } from '../../../services/contracts/api.ts'
import { MOVING_STALE_S, STANDING_STALE_S, type VehicleStatus } from '../../../services/domain/status.ts'
import { formatCount, formatHeading, formatPlace, MISSING } from '../../kit/format/number.ts'
import { formatAge, formatDuration, formatInstant } from '../../kit/format/time.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { EmptyState } from '../../kit/State.tsx'
import { useNow } from '../../kit/useNow.ts'
import { StatusWord } from '../marks/Marks.tsx'
import { useText } from '../texts.ts'
import { LevelBar } from './LevelBar.tsx'
import type { LiveReport } from './liveReport.ts'

type Vehicle = AnswerOf<'getVehicle'>

export function LastReport({ vehicle, report }: { vehicle: Vehicle; report: LiveReport | null }) {
  const { t, locale } = useText()
  const nowMs = useNow()
  const { last } = vehicle
  if (!last && !report) return <EmptyState title={t('report.neverTitle')} text={t('report.neverText')} />
  // By a sane clock: a report is never newer than its arrival.
  const lastMs = last && Math.min(Date.parse(last.time), Date.parse(last.receivedAt))
  const newer = report && (lastMs === null || report.timeMs > lastMs) ? report : null
  const timeMs = newer?.timeMs ?? lastMs!
  const ageS = (nowMs - timeMs) / 1000
  const status = ageStatus(newer?.status ?? vehicle.status, ageS)
  const stale = status === 'offline'
  const speed = newer ? newer.speedKph : (last?.speedKph ?? null)
  const [lon, lat] = newer ? [newer.lon, newer.lat] : [last!.lon, last!.lat]
  return (
    <section className={stale ? 'panel-part report-stale' : 'panel-part'} aria-label={t('report.title')}>
      <div className="report-head">
        <span className={`report-status report-${status}`}>
          <StatusWord status={status} />
        </span>
        <span className={stale ? 'stale' : 'quiet'} title={formatInstant(timeMs)}>
          {formatAge(ageS, locale)}
        </span>
      </div>
      <div className="report-figures">
        <div>
          <strong className="figure">{speed === null ? MISSING : formatCount(speed)}</strong>
          <span className="quiet">km/h</span>
        </div>
        <div>
          <strong className="figure">{last?.odometerM == null ? MISSING : formatCount(last.odometerM / 1000)}</strong>
          <span className="quiet">{t('report.odometerKm')}</span>
        </div>
        <LevelBar energy={vehicle.energy} fuelPct={last?.fuelPct ?? null} socPct={last?.socPct ?? null} />
      </div>
      {stale && <p className="report-note">{t('report.stale', { age: formatAge(ageS, locale) })}</p>}
      <Facts>
        <Fact name={t('report.time')}>{formatInstant(timeMs)}</Fact>
        <Fact name={t('report.place')}>{formatPlace(lon, lat)}</Fact>
        <Fact name={t('report.heading')}>{formatHeading(newer ? newer.headingDeg : (last?.headingDeg ?? null), locale)}</Fact>
        <Fact name={t('report.ignition')}>{last && last.ignition !== null ? t(last.ignition ? 'report.on' : 'report.off') : MISSING}</Fact>
        <Fact name={t('report.satellites')}>{last?.satellites == null ? MISSING : String(last.satellites)}</Fact>
        <Fact name={t('report.altitude')}>{last?.altitudeM == null ? MISSING : `${formatCount(last.altitudeM)} m`}</Fact>
        {last?.clockAheadS != null && <Fact name={t('report.clockAhead')}>{formatDuration(last.clockAheadS * 1000, locale)}</Fact>}
        {last && Date.parse(last.receivedAt) - Date.parse(last.time) > 60_000 && (
          <Fact name={t('report.receivedAt')}>{formatInstant(Date.parse(last.receivedAt))}</Fact>
        )}
      </Facts>
    </section>
  )
}

/** A status said some time ago ages on while the page stands open. */
const ageStatus = (status: VehicleStatus, ageS: number): VehicleStatus =>
  ageS > (status === 'moving' ? MOVING_STALE_S : STANDING_STALE_S) ? 'offline' : status
