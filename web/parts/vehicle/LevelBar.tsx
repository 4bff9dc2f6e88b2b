// Fuel or charge as a bar with its figure; both for a plug-in hybrid. Low is said by word, not only by colour.
import type { EnergyType } from '../../../services/domain/vehicle.ts'
import { formatPercent } from '../../kit/format/number.ts'
import { useText } from '../texts.ts'

const LOW_PCT = 15

export function LevelBar({ energy, fuelPct, socPct }: { energy: EnergyType; fuelPct: number | null; socPct: number | null }) {
  const { t } = useText()
  return (
    <div className="levels">
      {energy !== 'electric' && <Level name={t('report.fuel')} percent={fuelPct} />}
      {(energy === 'electric' || energy === 'plug_in_hybrid') && <Level name={t('report.charge')} percent={socPct} />}
    </div>
  )
}

function Level({ name, percent }: { name: string; percent: number | null }) {
  const { t } = useText()
  const low = percent !== null && percent < LOW_PCT
  return (
    <div className="level">
      <span>
        <strong className="figure">{formatPercent(percent)}</strong>{' '}
        <span className={low ? 'stale' : 'quiet'}>{low ? t('report.low', { name }) : name}</span>
      </span>
      <div className="level-bar" aria-hidden="true">
        <div className={low ? 'level-fill level-low' : 'level-fill'} style={{ width: `${percent ?? 0}%` }} />
      </div>
    </div>
  )
}
