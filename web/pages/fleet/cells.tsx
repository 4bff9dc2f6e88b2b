// What a row of the fleet list says. A sensitive vehicle, to those who are not named for it, is what it is called and roughly where, nothing else.
import type { CoarseRow, VehicleRow } from '../../../services/contracts/api.ts'
import { formatAge, formatDuration, formatInstant } from '../../kit/format/time.ts'
import { useNow } from '../../kit/useNow.ts'
import { ClassMark } from '../../parts/marks/Marks.tsx'
import { useText } from './texts.ts'

type Row = VehicleRow | CoarseRow

export function Kind({ row }: { row: Row }) {
  const { t } = useText()
  const kind = t(`class.${row.class}`)
  const category = row.seen === 'whole' ? t(`category.${row.category}`) : kind
  return (
    <span>
      <ClassMark vehicleClass={row.class} /> {kind}
      {kind !== category && <small className="quiet"> {category}</small>}
    </span>
  )
}

export function LastReport({ row }: { row: Row }) {
  return row.seen === 'whole' ? <Exactly row={row} /> : <Roughly row={row} />
}

function Exactly({ row: { last, status } }: { row: VehicleRow }) {
  const { t, locale } = useText()
  const nowMs = useNow(10_000)
  if (!last) return <span className={status === 'offline' ? 'stale' : undefined}>{t('report.never')}</span>
  // By a sane clock: a report is never newer than its arrival.
  const lastMs = Math.min(Date.parse(last.time), Date.parse(last.receivedAt))
  return (
    <span className={status === 'offline' ? 'stale' : undefined} title={formatInstant(lastMs)}>
      {formatAge((nowMs - lastMs) / 1000, locale)}
      {last.clockAheadS !== null && (
        <small className="fleet-clock">{t('fleet.clockAhead', { time: formatDuration(last.clockAheadS * 1000, locale) })}</small>
      )}
    </span>
  )
}

function Roughly({ row: { last, status } }: { row: CoarseRow }) {
  const { t, locale } = useText()
  const nowMs = useNow(60_000)
  const look = status === 'offline' ? 'stale' : 'quiet'
  if (!last) return <span className={look}>{t('report.never')}</span>
  const lastMs = Date.parse(last.time)
  return (
    <span className={look} title={formatInstant(lastMs)}>
      {t('secret.about', { age: formatAge((nowMs - lastMs) / 1000, locale) })}
    </span>
  )
}
