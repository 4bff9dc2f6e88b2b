// Which day, or from when to when, in the wall clock of the region. Native inputs: known to every keyboard and phone.
import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { DAY_MS, fromWallClock, startOfDay, toWallClock } from '../format/time.ts'
import { useText } from '../i18n/i18n.ts'
import { MAX_RANGE_MS, type Range } from '../live/liveUrl.ts'
import { dayRange } from './queries.ts'

type Props = { range: Range | null; onRange: (range: Range | null) => void }

export function RangePicker({ range, onRange }: Props) {
  const { t } = useText()
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
        <Input
          type="date"
          aria-label={t('range.day')}
          value={toWallClock(chosen.fromMs).slice(0, 10)}
          max={toWallClock(today.fromMs).slice(0, 10)}
          onChange={(event) => {
            const fromMs = fromWallClock(`${event.target.value}T00:00`)
            if (fromMs !== undefined) choose({ fromMs, toMs: fromMs + DAY_MS })
          }}
        />
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

function ExactRange({ chosen, onChoose }: { chosen: Range; onChoose: (range: Range) => void }) {
  const { t } = useText()
  const [from, setFrom] = useState(toWallClock(chosen.fromMs))
  const [to, setTo] = useState(toWallClock(chosen.toMs))
  const [fromMs, toMs] = [fromWallClock(from), fromWallClock(to)]
  const range = fromMs !== undefined && toMs !== undefined && toMs > fromMs ? { fromMs, toMs } : null
  const tooLong = range !== null && range.toMs - range.fromMs > MAX_RANGE_MS
  return (
    <form
      className="range-exact"
      onSubmit={(event) => {
        event.preventDefault()
        if (range && !tooLong) onChoose(range)
      }}
    >
      <Input type="datetime-local" aria-label={t('range.from')} value={from} onChange={(event) => setFrom(event.target.value)} />
      <Input type="datetime-local" aria-label={t('range.to')} value={to} onChange={(event) => setTo(event.target.value)} />
      <Button htmlType="submit" disabled={!range || tooLong}>
        {t('range.apply')}
      </Button>
      {(!range || tooLong) && <p className="stale">{tooLong ? t('range.tooLong') : t('range.backwards')}</p>}
    </form>
  )
}
