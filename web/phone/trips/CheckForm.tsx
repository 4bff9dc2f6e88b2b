// 出车检查、收车检查: the reading, what is in the tank, the points of the list, and photos. Where all is sound it is one touch.
import { useId, useState } from 'react'
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import { refusalSentence } from '../../../services/contracts/refusals.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { findInspectionProblem, type InspectionItem, inspectionListOn, listUnsafe } from '../../../services/domain/inspection.ts'
import { findReadingProblem } from '../../../services/domain/orders.ts'
import { PictureField } from '../camera/PictureField.tsx'
import type { Ahead } from '../outbox/entries.ts'
import { putIn } from '../outbox/outbox.ts'
import { useText } from '../texts.ts'
import { Fault } from '../ui/Fault.tsx'
import { useInSight } from '../ui/useInSight.ts'
import { useDeed } from '../useDeed.ts'

type Props = { order: OrderDetail; ahead: Ahead; username: string; action: 'depart' | 'takeOver' | 'comeBack'; onLeave: () => void }
/** Undefined: not looked at yet. A string: what is wrong. */
type Answers = Partial<Record<InspectionItem, true | string>>

const numberIn = (text: string): number | null => {
  const value = Number(text.replace(/[,，%\s]/g, ''))
  return text.trim() === '' || !Number.isFinite(value) || value < 0 ? null : value
}

export function CheckForm({ order, ahead, username, action, onLeave }: Props) {
  const { t, locale } = useText()
  const id = useId()
  const deed = useDeed()
  const [reading, setReading] = useState('')
  const [energy, setEnergy] = useState('')
  const [answers, setAnswers] = useState<Answers>({})
  const [pictures, setPictures] = useState<Blob[]>([])
  const [problem, setProblem] = useState<string | null>(null)
  /** What may be true all the same, once whoever is there says so. */
  const [doubt, setDoubt] = useState<'reading' | 'unsafe' | null>(null)
  const [sure, setSure] = useState<{ sure?: true; unsafeSure?: true }>({})
  const { points } = inspectionListOn(dayAt(Date.now()))
  const departs = action !== 'comeBack'
  /** The button that says that it is right all the same stands below what was said. */
  const end = useInSight<HTMLDivElement>(problem, 'end')

  const say = (text: string | undefined, about: typeof doubt = null) => {
    setProblem(text ?? null)
    setDoubt(about)
  }
  const done = (confirmed: typeof sure) => {
    const now = Date.now()
    const km = numberIn(reading)
    if (km === null) return say(t('trip.readingMissing'))
    const energyPct = numberIn(energy)
    if (energy.trim() !== '' && (energyPct === null || energyPct > 100)) return say(t('check.energyWrong'))
    const far = departs || !ahead.out ? null : findReadingProblem(ahead.out, { km, atMs: now })
    if (far && !(confirmed.sure && far.reason === 'odometer.far'))
      return say(refusalSentence(far.reason, far.values, locale), far.reason === 'odometer.far' ? 'reading' : null)
    const results = points.flatMap(({ item }) => {
      const found = answers[item]
      return found === undefined ? [] : [{ item, ok: found === true, remark: found === true ? '' : found }]
    })
    // After the trip only what is wrong is told.
    const inspected = departs || results.some(({ ok }) => !ok)
    const whole = departs ? results : points.map(({ item }) => results.find((one) => one.item === item) ?? { item, ok: true, remark: '' })
    const wrong = inspected ? findInspectionProblem(whole, dayAt(now), !departs || confirmed.unsafeSure === true) : null
    if (wrong) return say(refusalSentence(wrong.reason, wrong.values, locale), wrong.reason === 'inspection.unsafe' ? 'unsafe' : null)
    const unsafe = departs && listUnsafe(whole, dayAt(now)).length > 0
    const data = {
      odometerKm: km,
      ...(confirmed.sure ? { sure: true } : {}),
      ...(energyPct === null ? {} : { energyPct }),
      ...(inspected ? { inspection: whole } : {}),
      ...(unsafe ? { unsafeSure: true } : {}),
    }
    void deed.run(() => putIn({ username, orderId: order.orderId, action, data, reason: '' }, pictures, departs ? 'departure' : 'return'))
  }

  const list = (
    <ul className="phone-points">
      {points.map(({ item, safety }) => (
        <li key={item}>
          <div className="phone-line">
            <span>
              {t(`inspectionItem.${item}`)} {safety && <small className="quiet">{t('check.safety')}</small>}
            </span>
            <span className="phone-chips">
              {departs && (
                <label className="phone-chip">
                  <input
                    type="radio"
                    name={`${id}-${item}`}
                    aria-label={t('check.soundOf', { item: t(`inspectionItem.${item}`) })}
                    checked={answers[item] === true}
                    onChange={() => setAnswers((all) => ({ ...all, [item]: true }))}
                  />
                  <span>{t('check.sound')}</span>
                </label>
              )}
              <label className="phone-chip phone-chip-bad">
                <input
                  type={departs ? 'radio' : 'checkbox'}
                  name={`${id}-${item}`}
                  aria-label={t('check.faultOf', { item: t(`inspectionItem.${item}`) })}
                  checked={typeof answers[item] === 'string'}
                  onChange={(event) => setAnswers((all) => ({ ...all, [item]: event.target.checked ? '' : true }))}
                />
                <span>{t('check.fault')}</span>
              </label>
            </span>
          </div>
          {typeof answers[item] === 'string' && (
            <input
              aria-label={t('check.remarkOf', { item: t(`inspectionItem.${item}`) })}
              placeholder={t('check.remark')}
              maxLength={100}
              value={answers[item]}
              onChange={(event) => setAnswers((all) => ({ ...all, [item]: event.target.value }))}
            />
          )}
        </li>
      ))}
    </ul>
  )

  return (
    <form
      className="phone-card phone-check"
      aria-labelledby={`${id}-title`}
      onSubmit={(event) => {
        event.preventDefault()
        done(sure)
      }}
    >
      <h2 id={`${id}-title`}>{t(departs ? 'check.out' : 'check.back')}</h2>
      <div className="phone-field">
        <label htmlFor={`${id}-km`}>{t(departs ? 'trip.readingOut' : 'trip.readingBack')}</label>
        <input
          id={`${id}-km`}
          className="phone-reading"
          inputMode="decimal"
          autoComplete="off"
          value={reading}
          aria-describedby={`${id}-hint`}
          // biome-ignore lint/a11y/noAutofocus: it appears by a touch that asks for it, and is the first thing to fill in.
          autoFocus
          onChange={(event) => {
            setReading(event.target.value)
            setSure(({ unsafeSure }) => (unsafeSure ? { unsafeSure } : {}))
            say(undefined)
          }}
        />
        <p id={`${id}-hint`} className="quiet">
          {!departs && ahead.out ? t('trip.readingWas', { km: ahead.out.km }) : t('trip.readingHint')}
        </p>
      </div>
      <div className="phone-field">
        <label htmlFor={`${id}-energy`}>{t('check.energy')}</label>
        <input
          id={`${id}-energy`}
          inputMode="numeric"
          autoComplete="off"
          value={energy}
          onChange={(event) => setEnergy(event.target.value)}
        />
      </div>
      {departs ? (
        <fieldset className="phone-field">
          <legend>{t('check.points')}</legend>
          <button
            type="button"
            className="phone-button"
            onClick={() => setAnswers((all) => Object.fromEntries(points.map(({ item }) => [item, all[item] ?? true])))}
          >
            {t('check.allSound')}
          </button>
          {list}
        </fieldset>
      ) : (
        // Seldom is anything wrong after a trip: one look at the reading, and back.
        <details className="phone-more">
          <summary>{t('check.pointsBack')}</summary>
          {list}
        </details>
      )}
      <PictureField label={t(departs ? 'check.photosOut' : 'check.photosBack')} pictures={pictures} onChange={setPictures} />
      <div role="alert">{problem && <p className="error-text">{problem}</p>}</div>
      <Fault error={deed.error} />
      <div ref={end} className="phone-buttons">
        <button type="button" className="phone-button" onClick={onLeave}>
          {t('kit.cancel')}
        </button>
        {doubt ? (
          <button
            type="button"
            className="phone-button phone-strong"
            disabled={deed.busy}
            onClick={() => {
              const confirmed = { ...sure, ...(doubt === 'reading' ? { sure: true as const } : { unsafeSure: true as const }) }
              setSure(confirmed)
              done(confirmed)
            }}
          >
            {t(doubt === 'reading' ? 'trip.sure' : 'check.unsafeSure')}
          </button>
        ) : (
          <button type="submit" className="phone-button phone-strong" disabled={deed.busy}>
            {t(`orderAction.${action}`)}
          </button>
        )}
      </div>
    </form>
  )
}
