// Which day, or from when to when, in the wall clock of the region. Browsers write dates in their own language, so the day is
// said by us over a native input that still opens the native calendar, and exact times are typed as all times are shown here.
import { CalendarOutlined, LeftOutlined, RightOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { DAY_MS } from '../../../services/domain/days.ts'
import { formatDay, fromWallClock, startOfDay, toWallClock } from '../../kit/format/time.ts'
import { useText } from '../texts.ts'
import { MAX_RANGE_MS, type Range } from './liveUrl.ts'
import { dayRange } from './queries.ts'
import './vehicle.css'

type Props = { range: Range | null; onRange: (range: Range | null) => void }

export function RangePicker({ range, onRange }: Props) {
  const { t, locale } = useText()
  const today = dayRange(Date.now())
  const chosen = range ?? today
  const wholeDay = chosen.toMs - chosen.fromMs === DAY_MS && startOfDay(chosen.fromMs) === chosen.fromMs
  const [exact, setExact] = useState(!wholeDay)
  const choose = (next: Range) => onRange(next.fromMs === today.fromMs && next.toMs === today.toMs ? null : next)
  const shift = (days: number) => {
    const fromMs = startOfDay(chosen.fromMs) + days * DAY_MS
    choose({ fromMs, toMs: fromMs + DAY_MS })
  }
  return (
    <div className="range">
      <div className="range-day">
        <Button icon={<LeftOutlined />} aria-label={t('range.previous')} onClick={() => shift(-1)} />
        <div className="range-date">
          <span className="figure" aria-hidden="true">
            {formatDay(chosen.fromMs, locale)}
          </span>
          <CalendarOutlined className="quiet" />
          <input
            type="date"
            lang={locale}
            aria-label={t('range.day')}
            value={toWallClock(chosen.fromMs).slice(0, 10)}
            max={toWallClock(today.fromMs).slice(0, 10)}
            onClick={(event) => event.currentTarget.showPicker()}
            onChange={(event) => {
              const fromMs = fromWallClock(`${event.target.value}T00:00`)
              if (fromMs !== undefined) choose({ fromMs, toMs: fromMs + DAY_MS })
            }}
          />
        </div>
        <Button
          icon={<RightOutlined />}
          aria-label={t('range.next')}
          disabled={startOfDay(chosen.fromMs) >= today.fromMs}
          onClick={() => shift(1)}
        />
        <Button type={range === null ? 'primary' : 'default'} aria-pressed={range === null} onClick={() => onRange(null)}>
          {t('range.today')}
        </Button>
        <Button type="text" aria-expanded={exact} onClick={() => setExact(!exact)}>
          {t('range.exact')}
        </Button>
      </div>
      {exact && <ExactRange key={`${chosen.fromMs} ${chosen.toMs}`} chosen={chosen} onChoose={choose} />}
    </div>
  )
}

const asTyped = (ms: number) => toWallClock(ms).replace('T', ' ')
const readTyped = (text: string) => fromWallClock(text.trim().replace(/\s+/, 'T'))

function ExactRange({ chosen, onChoose }: { chosen: Range; onChoose: (range: Range) => void }) {
  const { t } = useText()
  const [from, setFrom] = useState(asTyped(chosen.fromMs))
  const [to, setTo] = useState(asTyped(chosen.toMs))
  const [fromMs, toMs] = [readTyped(from), readTyped(to)]
  const range = fromMs !== undefined && toMs !== undefined && toMs > fromMs ? { fromMs, toMs } : null
  const tooLong = range !== null && range.toMs - range.fromMs > MAX_RANGE_MS
  const wrong =
    fromMs === undefined || toMs === undefined ? 'range.unreadable' : !range ? 'range.backwards' : tooLong ? 'range.tooLong' : null
  return (
    <form
      className="range-exact"
      onSubmit={(event) => {
        event.preventDefault()
        if (range && !tooLong) onChoose(range)
      }}
    >
      <Input
        aria-label={t('range.from')}
        title={t('range.from')}
        value={from}
        maxLength={19}
        onChange={(event) => setFrom(event.target.value)}
      />
      <Input aria-label={t('range.to')} title={t('range.to')} value={to} maxLength={19} onChange={(event) => setTo(event.target.value)} />
      <Button htmlType="submit" disabled={wrong !== null}>
        {t('range.apply')}
      </Button>
      {wrong && <p className="stale">{t(wrong)}</p>}
    </form>
  )
}
