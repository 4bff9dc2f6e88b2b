// What the server refused, with its reason: to be put right and sent again in its old place, or thrown away.
import { useId, useState } from 'react'
import type { ErrorCode } from '../../../services/contracts/errors.ts'
import { ApiError } from '../../kit/api/client.ts'
import { formatFen } from '../../kit/format/money.ts'
import type { Entry } from '../outbox/entries.ts'
import { discard, putRight } from '../outbox/outbox.ts'
import { useText } from '../texts.ts'
import { Fault } from '../ui/Fault.tsx'
import { useDeed } from '../useDeed.ts'

export function AsideEntry({ entry }: { entry: Entry }) {
  const { t } = useText()
  const id = useId()
  const deed = useDeed()
  const hasReading = entry.action !== 'cost' && entry.data.odometerKm !== undefined
  const [reading, setReading] = useState(hasReading ? String((entry.data as { odometerKm?: number }).odometerKm) : '')
  if (!entry.aside) return null
  const why = new ApiError(entry.aside.code as ErrorCode, '', { issues: entry.aside.issues })
  const isFar = entry.aside.issues[0]?.reason === 'odometer.far'
  const km = Number(reading)
  const same = hasReading && km === (entry.data as { odometerKm?: number }).odometerKm
  const what =
    entry.action === 'cost' ? `${t(`costKind.${entry.data.kind}`)} ${formatFen(entry.data.fen)}` : t(`orderAction.${entry.action}`)
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
