// The promise in figures: whatever terminals sent was stored, known already, or put aside. Over a window or in total.
import { useQuery } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useState } from 'react'
import type { AnswerOf, Conservation } from '../../../services/contracts/api.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call } from '../../kit/api/session.ts'
import { formatCount, MISSING } from '../../kit/format/number.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { useText } from './texts.ts'

const MINUTE_MS = 60_000
const windows = { total: null, hour: 60, day: 1440, week: 10_080 } as const
type Window = keyof typeof windows
type RowCheck = AnswerOf<'getHealth'>['rows']

export function ConservationPart({ total, rows }: { total: Conservation | undefined; rows: RowCheck | undefined }) {
  const { t, locale } = useText()
  const [window, setWindow] = useState<Window>('total')
  const minutes = windows[window]
  const { data, error } = useQuery({
    queryKey: ['conservation', window],
    enabled: minutes !== null,
    refetchInterval: 10_000,
    queryFn: ({ signal }) => {
      const to = Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS
      const from = new Date(to - (minutes ?? 0) * MINUTE_MS).toISOString()
      return call('getConservation', { query: { from, to: new Date(to).toISOString() }, signal })
    },
  })
  const figures = minutes === null ? total : data
  const sentence = figures && (figures.difference === 0 ? 'conservation.balanced' : 'conservation.unbalanced')
  return (
    <section className="card" aria-labelledby="conservation-title">
      <div className="card-head">
        <h2 id="conservation-title">{t('conservation.title')}</h2>
        <Segmented
          aria-label={t('conservation.window')}
          value={window}
          onChange={(value) => setWindow(value)}
          options={(Object.keys(windows) as Window[]).map((value) => ({ value, label: t(`conservation.${value}`) }))}
        />
      </div>
      <div className="balance">
        <Figure name={t('conservation.received')} value={figures?.received} />
        <span aria-hidden="true">=</span>
        <Figure name={t('conservation.stored')} value={figures?.stored} />
        <span aria-hidden="true">+</span>
        <Figure name={t('conservation.duplicate')} value={figures?.duplicate} />
        <span aria-hidden="true">+</span>
        <Figure name={t('conservation.quarantined')} value={figures?.quarantined} />
        <Figure name={t('conservation.difference')} value={figures?.difference} wrong={figures !== undefined && figures.difference !== 0} />
      </div>
      {sentence && <p className={figures.difference === 0 ? 'quiet' : 'alarm'}>{t(sentence, { n: formatCount(figures.difference) })}</p>}
      {figures?.messages && <MessagesLine messages={figures.messages} />}
      {rows && <RowsLine rows={rows} />}
      {error && minutes !== null && <p className="alarm">{errorText(error, t, locale)}</p>}
    </section>
  )
}

function MessagesLine({ messages }: { messages: NonNullable<Conservation['messages']> }) {
  const { t } = useText()
  const { received, stored, duplicate, quarantined, difference } = messages
  return (
    <p className={difference === 0 ? 'quiet' : 'alarm'}>
      {t('conservation.messages', {
        received: formatCount(received),
        stored: formatCount(stored),
        duplicate: formatCount(duplicate),
        quarantined: formatCount(quarantined),
        difference: formatCount(difference),
      })}
    </p>
  )
}

/** Counters held against rows: whatever the window shows, this is of everything that has been compared. */
function RowsLine({ rows }: { rows: RowCheck }) {
  const { t } = useText()
  const { positionsMissing, messagesMissing, checkedAt, roundEndedAt } = rows
  const lost = positionsMissing > 0 || messagesMissing > 0
  const time = (instant: string | null) => (instant ? formatInstant(Date.parse(instant)) : MISSING)
  return (
    <p className={lost ? 'alarm' : 'quiet'} role={lost ? 'alert' : undefined}>
      {lost
        ? t('conservation.rowsMissing', { positions: formatCount(positionsMissing), messages: formatCount(messagesMissing) })
        : t(checkedAt ? 'conservation.rowsThere' : 'conservation.rowsNotYet')}{' '}
      {t('conservation.rowsAt', { checked: time(checkedAt), round: time(roundEndedAt) })}
    </p>
  )
}

function Figure({ name, value, wrong = false }: { name: string; value: number | undefined; wrong?: boolean }) {
  return (
    <div className={wrong ? 'balance-figure alarm' : 'balance-figure'}>
      <span>{name}</span>
      <strong className="figure">{value === undefined ? MISSING : formatCount(value)}</strong>
    </div>
  )
}
