// What the server refused, with its reason: to be put right and sent again in its old place, or thrown away.
import { useId, useState } from 'react'
import type { ErrorCode } from '../../../services/contracts/errors.ts'
import { ApiError } from '../../kit/api/client.ts'
import { type Entry, isStep } from '../outbox/entries.ts'
import { discard, putRight } from '../outbox/outbox.ts'
import { useText } from '../texts.ts'
import { Fault } from '../ui/Fault.tsx'
import { useDeed } from '../useDeed.ts'
import { nameOf } from './nameOf.ts'

export function AsideEntry({ entry }: { entry: Entry }) {
  const { t } = useText()
  const id = useId()
  const deed = useDeed()
  const before = isStep(entry) ? entry.data.odometerKm : undefined
  const hasReading = before !== undefined
  const [reading, setReading] = useState(hasReading ? String(before) : '')
  if (!entry.aside) return null
  const why = new ApiError(entry.aside.code as ErrorCode, '', { issues: entry.aside.issues })
  const isFar = entry.aside.issues[0]?.reason === 'odometer.far'
  const km = Number(reading)
  const same = hasReading && km === before
  const what = nameOf(entry, t)
  return (
    <section className="phone-card phone-aside" aria-label={t('outbox.aside', { what })}>
      <strong>{t('outbox.aside', { what })}</strong>
      <Fault error={why} />
      {hasReading && (
        <div className="phone-field">
          <label htmlFor={id}>{t('trip.reading')}</label>
          <input
            id={id}
            className="phone-reading"
            inputMode="decimal"
            value={reading}
            onChange={(event) => setReading(event.target.value)}
          />
        </div>
      )}
      <Fault error={deed.error} />
      <div className="phone-buttons">
        <button type="button" className="phone-button" disabled={deed.busy} onClick={() => void deed.run(() => discard(entry.id))}>
          {t('kit.discard')}
        </button>
        <button
          type="button"
          className="phone-button phone-strong"
          disabled={deed.busy || (hasReading && (reading.trim() === '' || !Number.isFinite(km)))}
          onClick={() => void deed.run(() => putRight(entry.id, hasReading ? { odometerKm: km, sure: isFar && same } : {}))}
        >
          {t(isFar && same ? 'trip.sure' : 'outbox.again')}
        </button>
      </div>
    </section>
  )
}
