// The stored positions around the instant, as they are: when the terminal says, how much later they came, and what is not believed of them.
import { lastAt } from '../../../services/domain/replay.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { useStore } from '../../kit/store.ts'
import type { ReplayClock } from './clock.ts'
import { useText } from './texts.ts'
import type { ReplayedVehicle } from './useReplay.ts'

const AROUND = 8
const known = (value: number, by: number, digits: number): string => (Number.isNaN(value) ? '–' : (value / by).toFixed(digits))

export function RawPoints({ vehicle: { track, label }, clock }: { vehicle: ReplayedVehicle; clock: ReplayClock }) {
  const { t } = useText()
  const now = useStore(clock.slow)
  const at = lastAt(track.timeMs, now)
  const from = Math.max(0, Math.min(at - AROUND, track.count - 2 * AROUND - 1))
  const rows = Array.from({ length: Math.min(2 * AROUND + 1, track.count) }, (_, n) => from + n)
  const flagOf = new Map(track.flagged.map(({ index, reason }) => [index, reason]))
  return (
    <div className="replay-raw">
      <table>
        <caption>{label}</caption>
        <thead>
          <tr>
            {(['time', 'lag', 'speed', 'heading', 'altitude', 'odometer', 'satellites', 'flag'] as const).map((name) => (
              <th key={name} scope="col">
                {t(`replay.raw.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="figure">
          {rows.map((i) => {
            const reason = flagOf.get(i)
            return (
              <tr key={i} aria-current={i === at ? 'true' : undefined} className={reason ? 'stale' : undefined}>
                <td>
                  <button type="button" className="bare" onClick={() => clock.set(track.timeMs[i]!)}>
                    {formatInstant(track.timeMs[i]!)}
                  </button>
                </td>
                <td>{t('replay.raw.seconds', { n: known(track.lagMs[i]!, 1000, 1) })}</td>
                <td>{known(track.speedDkph[i]!, 10, 0)}</td>
                <td>{known(track.headingDeg[i]!, 1, 0)}</td>
                <td>{known(track.altitudeM[i]!, 1, 0)}</td>
                <td>{known(track.odometerM[i]!, 1000, 1)}</td>
                <td>{known(track.satellites[i]!, 1, 0)}</td>
                <td>{reason ? t(`replay.flag.${reason}`) : ''}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
