// Each day as a strip of 24 hours with its trips as bars; now as a line. The list below says the same in words.
import { DAY_MS } from '../../../services/domain/days.ts'
import { formatClock, formatDay } from '../../kit/format/time.ts'
import { useText } from '../texts.ts'
import type { Range } from './liveUrl.ts'
import { stripDays } from './stripDays.ts'

const MAX_DAYS = 14
const HOURS = [0, 6, 12, 18, 24]

export function DayStrip({ range, trips }: { range: Range; trips: { startedAt: string; endedAt: string; ended: boolean }[] }) {
  const { locale } = useText()
  const days = stripDays(range, trips, MAX_DAYS)
  const now = Date.now()
  return (
    <div className={days.length > 1 ? 'strips strips-several' : 'strips'} aria-hidden="true">
      {days.map(({ dayMs, bars }) => (
        <div key={dayMs} className="strip-row">
          {days.length > 1 && <span className="quiet">{formatDay(dayMs, locale)}</span>}
          <svg viewBox="0 0 240 20" preserveAspectRatio="none" className="strip" aria-hidden="true">
            {HOURS.slice(1, -1).map((hour) => (
              <line key={hour} x1={hour * 10} x2={hour * 10} y1="0" y2="20" className="strip-hour" />
            ))}
            {bars.map((bar) => (
              <rect
                key={bar.trip}
                x={bar.start * 240}
                width={Math.max(0.7, (bar.end - bar.start) * 240)}
                y="4"
                height="12"
                className={bar.ended ? 'strip-trip' : 'strip-trip strip-going'}
              >
                <title>{`${formatClock(dayMs + bar.start * DAY_MS)}–${formatClock(dayMs + bar.end * DAY_MS)}`}</title>
              </rect>
            ))}
            {now > dayMs && now < dayMs + DAY_MS && (
              <line x1={((now - dayMs) / DAY_MS) * 240} x2={((now - dayMs) / DAY_MS) * 240} y1="0" y2="20" className="strip-now" />
            )}
          </svg>
        </div>
      ))}
      <div className="strip-scale quiet figure">
        {HOURS.map((hour) => (
          <span key={hour} style={{ left: `${(hour / 24) * 100}%` }}>
            {String(hour).padStart(2, '0')}
          </span>
        ))}
      </div>
    </div>
  )
}
