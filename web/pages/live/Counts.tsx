// Counts by status and class of all vehicles in scope that pass the filter; a tap filters by it, a second tap clears.

import type { LiveCounts, LiveFilter } from '../../../services/contracts/liveSocket.ts'
import { type VehicleStatus, vehicleStatuses } from '../../../services/domain/status.ts'
import { type VehicleClass, vehicleClasses } from '../../../services/domain/vehicle.ts'
import { formatCount, MISSING } from '../../kit/format/number.ts'
import { ClassMark, StatusMark } from '../../parts/marks/Marks.tsx'
import { useText } from './texts.ts'
import { useSpoken } from './useSpoken.ts'

type Props = { counts: LiveCounts | null; filter: LiveFilter; onFilter: (filter: LiveFilter) => void }

export function Counts({ counts, filter, onFilter }: Props) {
  const { t } = useText()
  const spoken = useSpoken(
    counts &&
      t('counts.spoken', {
        total: counts.all.total,
        moving: counts.all.moving,
        idle: counts.all.idle,
        parked: counts.all.parked,
        offline: counts.all.offline,
      }),
  )
  const statusCount = (status: VehicleStatus) => (filter.status && filter.status !== status ? null : (counts?.all[status] ?? null))
  const classCount = (kind: VehicleClass) => (filter.class && filter.class !== kind ? null : (counts?.byClass[kind]?.total ?? null))
  return (
    <section aria-label={t('counts.title')} className="counts">
      <div className="counts-status">
        {vehicleStatuses.map((status) => (
          <button
            key={status}
            type="button"
            className={`count count-${status}`}
            aria-pressed={filter.status === status}
            onClick={() => onFilter({ ...filter, status: filter.status === status ? undefined : status })}
          >
            <span className="count-name">
              <StatusMark status={status} />
              {t(`status.${status}`)}
            </span>
            <strong className="figure">{count(statusCount(status))}</strong>
          </button>
        ))}
      </div>
      <div className="counts-class">
        {vehicleClasses.map((kind) => (
          <button
            key={kind}
            type="button"
            className="count-class"
            aria-pressed={filter.class === kind}
            onClick={() => onFilter({ ...filter, class: filter.class === kind ? undefined : kind })}
          >
            <ClassMark vehicleClass={kind} />
            <span>{t(`class.${kind}`)}</span>
            <span className="figure">{count(classCount(kind))}</span>
          </button>
        ))}
      </div>
      {counts && counts.neverReported > 0 && (
        <p className="quiet counts-never">{t('counts.never', { n: formatCount(counts.neverReported) })}</p>
      )}
      <p className="visually-hidden" aria-live="polite">
        {spoken}
      </p>
    </section>
  )
}

const count = (n: number | null) => (n === null ? MISSING : formatCount(n))
