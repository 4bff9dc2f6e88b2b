// The stored positions around the instant, as they are: when the terminal says, how much later they came, and what is not believed of them.
import { lastAt } from '../../../services/domain/replay.ts'
import { FLAG_IGNITION, FLAG_IGNITION_UNKNOWN, FLAG_PHONE } from '../../../services/domain/status.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { useStore } from '../../kit/store.ts'
import type { ReplayClock } from './clock.ts'
import { useText } from './texts.ts'
import type { ReplayedVehicle } from './useReplay.ts'

/** So many before and after the instant. */
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
            {(['time', 'received', 'lag', 'place', 'speed', 'heading', 'altitude', 'odometer', 'satellites', 'said', 'flag'] as const).map(
              (name) => (
                <th key={name} scope="col">
                  {t(`replay.raw.${name}`)}
                </th>
              ),
            )}
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
                <td>{formatInstant(track.timeMs[i]! + track.lagMs[i]!)}</td>
                <td>{t('replay.raw.seconds', { n: known(track.lagMs[i]!, 1000, 1) })}</td>
                <td>
                  {known(track.lonE7[i]!, 1e7, 5)}, {known(track.latE7[i]!, 1e7, 5)}
                </td>
                <td>{known(track.speedDkph[i]!, 10, 0)}</td>
                <td>{known(track.headingDeg[i]!, 1, 0)}</td>
                <td>{known(track.altitudeM[i]!, 1, 0)}</td>
                <td>{known(track.odometerM[i]!, 1000, 1)}</td>
                <td>{known(track.satellites[i]!, 1, 0)}</td>
                <td>{saidBy(track.flags[i]!, track.alarms[i]!, t)}</td>
                <td>{reason ? t(`replay.flag.${reason}`) : ''}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

/** What the terminal says of itself with a position: ignition where it is wired, and alarms. Or that it was not the terminal. */
function saidBy(flags: number, alarms: number, t: ReturnType<typeof useText>['t']): string {
  if ((flags & FLAG_PHONE) !== 0) return t('replay.raw.phone')
  const ignition = (flags & FLAG_IGNITION_UNKNOWN) !== 0 ? 'unwired' : (flags & FLAG_IGNITION) !== 0 ? 'on' : 'off'
  return [t(`replay.ignition.${ignition}`), ...(alarms > 0 ? [t('replay.raw.alarms', { n: `0x${alarms.toString(16)}` })] : [])].join(' · ')
}
