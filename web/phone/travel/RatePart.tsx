// 评价: stars by a touch, and a word; changed for a while.
import { useId, useState } from 'react'
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import { call } from '../../kit/api/session.ts'
import { formatClock, formatDay } from '../../kit/format/time.ts'
import { useText } from '../texts.ts'
import { Fault } from '../ui/Fault.tsx'
import { useDeed } from '../useDeed.ts'

const all = [1, 2, 3, 4, 5] as const

export function RatePart({ order }: { order: OrderDetail }) {
  const { t, locale } = useText()
  const id = useId()
  const deed = useDeed()
  const { rating, mayRateUntil } = order
  const [open, setOpen] = useState(rating === null)
  const [stars, setStars] = useState(rating?.stars ?? 0)
  const [text, setText] = useState(rating?.text ?? '')
  if (rating === null && mayRateUntil === null) return null
  /** What was just given, until it is read again. */
  const given = rating ?? (open ? null : { stars, text: text.trim() })
  const until = mayRateUntil && `${formatDay(Date.parse(mayRateUntil), locale)} ${formatClock(Date.parse(mayRateUntil))}`
  return (
    <section className="phone-card" aria-labelledby={`${id}-rate`}>
      <h2 id={`${id}-rate`}>{t('rate.title')}</h2>
      {given && !open && (
        <p>
          <span role="img" aria-label={t('rate.stars', { n: given.stars })}>
            {'★'.repeat(given.stars)}
            {'☆'.repeat(5 - given.stars)}
          </span>{' '}
          {given.text}
        </p>
      )}
      {open && mayRateUntil !== null ? (
        <form
          className="phone-inset"
          onSubmit={async (event) => {
            event.preventDefault()
            const body = { stars, text: text.trim() || null, version: rating?.version ?? null }
            if (stars > 0 && (await deed.run(() => call('rateOrder', { params: { orderId: order.orderId }, body })))) setOpen(false)
          }}
        >
          <fieldset className="phone-stars">
            <legend className="visually-hidden">{t('rate.title')}</legend>
            {all.map((n) => (
              <label key={n}>
                <input type="radio" name={id} checked={stars === n} onChange={() => setStars(n)} />
                <span aria-hidden="true">{n <= stars ? '★' : '☆'}</span>
                <span className="visually-hidden">{t('rate.stars', { n })}</span>
              </label>
            ))}
          </fieldset>
          <div className="phone-field">
            <label htmlFor={`${id}-text`}>{t('rate.text')}</label>
            <textarea id={`${id}-text`} rows={2} maxLength={300} value={text} onChange={(event) => setText(event.target.value)} />
          </div>
          <p className="quiet">{t('rate.who')}</p>
          <Fault error={deed.error} />
          <button type="submit" className="phone-button phone-strong" disabled={deed.busy || stars === 0}>
            {t(rating ? 'rate.change' : 'rate.send')}
          </button>
        </form>
      ) : (
        mayRateUntil !== null && (
          <>
            <p className="quiet">{t('rate.until', { time: until! })}</p>
            <button type="button" className="phone-button" onClick={() => setOpen(true)}>
              {t('rate.change')}
            </button>
          </>
        )
      )}
    </section>
  )
}
