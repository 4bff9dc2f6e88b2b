// The one thing that is to be done next, large and where the thumb is; what else may be done beside it, small.
import { useId, useState } from 'react'
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import { refusalSentence } from '../../../services/contracts/refusals.ts'
import { findReadingProblem, orderLifecycle } from '../../../services/domain/orders.ts'
import { formatFen } from '../../kit/format/money.ts'
import type { Ahead, PhoneAction, StepEntry } from '../outbox/entries.ts'
import { putIn } from '../outbox/outbox.ts'
import { useText } from '../texts.ts'
import { Fault } from '../ui/Fault.tsx'
import { ReasonForm } from '../ui/ReasonForm.tsx'
import { useDeed } from '../useDeed.ts'

type Props = { order: OrderDetail; ahead: Ahead; username: string; blocked: boolean }

const declineReasons = ['trip.why.ill', 'trip.why.vehicle', 'trip.why.hours', 'trip.why.other'] as const

export function NextStep({ order, ahead, username, blocked }: Props) {
  const { t, locale } = useText()
  const id = useId()
  const deed = useDeed()
  const [asked, setAsked] = useState<PhoneAction | null>(null)
  const [reading, setReading] = useState('')
  const [unusual, setUnusual] = useState<string | null>(null)
  const [next, ...others] = ahead.actions
  if (!next || blocked) return null
  const beside = others.filter((action) => action === 'decline' || action === 'comeBack')

  const put = (action: PhoneAction, data: StepEntry['data'] = {}, reason = '') =>
    deed.run(() => putIn({ username, orderId: order.orderId, action, data, reason }))
  const begin = (action: PhoneAction) => {
    if (action === 'decline' || needsReading(action)) setAsked(action)
    else void put(action)
  }
  const withReading = (action: PhoneAction, sure: boolean) => {
    const km = Number(reading.replace(/[,，\s]/g, ''))
    if (reading.trim() === '' || !Number.isFinite(km) || km < 0) return setUnusual(t('trip.readingMissing'))
    const problem = action === 'comeBack' && ahead.out ? findReadingProblem(ahead.out, { km, atMs: Date.now() }) : null
    if (problem && !(sure && problem.reason === 'odometer.far'))
      return setUnusual(refusalSentence(problem.reason, problem.values, locale) ?? null)
    // Sent together with a departure that still waits, the server would measure the way by the moment between the two.
    const judgedHere = action === 'comeBack' && ahead.outWaits
    void put(action, { odometerKm: km, ...(sure || judgedHere ? { sure: true } : {}) })
  }

  if (asked === 'decline')
    return (
      <div className="phone-bottom">
        <ReasonForm
          title={t('trip.declineWhy')}
          reasons={declineReasons.map((reason) => t(reason))}
          verb={t('orderAction.decline')}
          busy={deed.busy}
          error={deed.error}
          onDone={(reason) => void put('decline', {}, reason)}
          onLeave={() => setAsked(null)}
        />
      </div>
    )
  if (asked)
    return (
      <form
        className="phone-bottom"
        onSubmit={(event) => {
          event.preventDefault()
          withReading(asked, false)
        }}
      >
        <label htmlFor={id}>{t(asked === 'depart' ? 'trip.readingOut' : 'trip.readingBack')}</label>
        <input
          id={id}
          className="phone-reading"
          inputMode="decimal"
          autoComplete="off"
          value={reading}
          aria-describedby={`${id}-hint`}
          // biome-ignore lint/a11y/noAutofocus: it appears by a touch that asks for it, and is the one thing to fill in.
          autoFocus
          onChange={(event) => {
            setReading(event.target.value)
            setUnusual(null)
          }}
        />
        <p id={`${id}-hint`} className="quiet">
          {asked === 'comeBack' && ahead.out ? t('trip.readingWas', { km: ahead.out.km }) : t('trip.readingHint')}
        </p>
        <div role="alert">{unusual && <p className="error-text">{unusual}</p>}</div>
        <Fault error={deed.error} />
        <div className="phone-buttons">
          <button type="button" className="phone-button" onClick={() => setAsked(null)}>
            {t('kit.cancel')}
          </button>
          {unusual && asked === 'comeBack' && ahead.out && Number(reading) > ahead.out.km ? (
            <button type="button" className="phone-button phone-strong" disabled={deed.busy} onClick={() => withReading(asked, true)}>
              {t('trip.sure')}
            </button>
          ) : (
            <button type="submit" className="phone-button phone-strong" disabled={deed.busy}>
              {t(`orderAction.${asked}`)}
            </button>
          )}
        </div>
      </form>
    )
  return (
    <div className="phone-bottom">
      <Fault error={deed.error} />
      {next === 'settle' && <p className="quiet">{t('trip.settleText', { yuan: formatFen(order.totalFen) })}</p>}
      {beside.length > 0 && (
        <div className="phone-buttons">
          {beside.map((action) => (
            <button key={action} type="button" className="phone-button" disabled={deed.busy} onClick={() => begin(action)}>
              {t(`orderAction.${action}`)}
            </button>
          ))}
        </div>
      )}
      <button type="button" className="phone-button phone-strong phone-big" disabled={deed.busy} onClick={() => begin(next)}>
        {t(`orderAction.${next}`)}
      </button>
    </div>
  )
}

const needsReading = (action: PhoneAction): boolean => 'needs' in orderLifecycle[action]
