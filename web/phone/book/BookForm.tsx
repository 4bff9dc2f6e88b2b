// The form of a request. What is seldom needed is folded; what was asked the last time is there already.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useId, useRef, useState } from 'react'
import type { RequestDetail, RequestRow } from '../../../services/contracts/api/requests.ts'
import type { Account } from '../../../services/contracts/api.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { dispatchLawOn } from '../../../services/domain/dispatchLaw.ts'
import { tripPurposes } from '../../../services/domain/requests.ts'
import { ApiError } from '../../kit/api/client.ts'
import { call } from '../../kit/api/session.ts'
import { TripPreview } from '../../parts/chain/Preview.tsx'
import { whenChoices } from '../../parts/trip/when.ts'
import { newId } from '../outbox/outbox.ts'
import { useText } from '../texts.ts'
import { Chips } from '../ui/Chips.tsx'
import { Fault } from '../ui/Fault.tsx'
import { useDeed } from '../useDeed.ts'
import { emptyForm, type BookForm as Form, favourites, fieldsOf, findMissing, formOf, knowing, previewOf, usualOrigin } from './bookForm.ts'
import { clearDraft, readDraft, writeDraft } from './draft.ts'
import { FavouriteTrips } from './FavouriteTrips.tsx'
import { favouritesQuery } from './favourites.ts'
import { MoreFields } from './MoreFields.tsx'
import { StopInput } from './StopInput.tsx'
import { WhenField } from './WhenField.tsx'

type Props = {
  account: Account
  mode: 'new' | 'copy' | 'back' | 'change'
  rows: readonly RequestRow[]
  model: RequestDetail | null
  onDone: (said: string) => void
}

const FAVOURITES = 6

export function BookForm({ account, mode, rows, model, onDone }: Props) {
  const { t } = useText()
  const cache = useQueryClient()
  const id = useId()
  const deed = useDeed()
  const fresh = (): Form => ({
    ...emptyForm(newId()),
    from: usualOrigin(rows) ?? account.organisation.name,
    contactName: model?.contactName ?? account.displayName,
    contactPhone: model?.contactPhone ?? '',
  })
  const [form, setForm] = useState<Form>(() => (mode === 'new' ? (readDraft(account.username) ?? fresh()) : formOf(model!, newId(), mode)))
  const [asked, setAsked] = useState(false)
  const [shareWith, setShareWith] = useState<number | null>(null)
  /** Of the request that is being changed: it was changed already where only the second step failed. */
  const version = useRef(model?.version ?? 0)
  const set = (changes: Partial<Form>) => setForm((now) => ({ ...now, ...changes }))
  useEffect(() => {
    if (mode === 'new') writeDraft(account.username, form)
  }, [mode, account.username, form])
  const missing = asked ? findMissing(form) : null
  const hint = (field: typeof missing) =>
    missing === field && (
      <p id={`${id}-missing`} className="error-text">
        {t(`book.missing.${field!}`)}
      </p>
    )
  const kept = useQuery(favouritesQuery(account.username)).data?.rows ?? []
  const keptPlaces = kept.flatMap(({ place, trip }) => (place ? [place] : [trip!.to, trip!.from, ...trip!.via]))
  const places = [...(form.pointed ?? []), ...keptPlaces, ...rows.flatMap((row) => [row.to, row.from, ...row.via])]
  const offered = favourites(rows)
    .filter(({ to }) => to.name !== form.to && (form.to.trim() === '' || to.name.includes(form.to.trim())))
    .slice(0, FAVOURITES)
  const offeredPlaces = kept.filter(
    ({ place }) => place && place.name !== form.to && (form.to.trim() === '' || place.name.includes(form.to.trim())),
  )

  async function ask(draft = false): Promise<void> {
    const nowMs = Date.now()
    const timely = form.when === 'now' && !form.sent ? whenChoices(nowMs)[0]! : null
    const sent: Form = {
      ...form,
      ...(timely ? { startsAt: new Date(timely.startsAtMs).toISOString(), endsAt: new Date(timely.endsAtMs).toISOString() } : {}),
      sent: true,
    }
    setForm(sent)
    try {
      const { kind, ...trip } = fieldsOf(sent, places)
      if (sent.repeats && kind === 'pool' && !draft)
        await call('createSeries', { body: { ...trip, key: sent.key, recurrence: { every: sent.repeats, times: sent.times } } })
      else
        await call('createRequest', {
          body: { ...trip, kind, key: sent.key, draft, ...(shareWith !== null && kind === 'pool' && !draft ? { shareWith } : {}) },
        })
    } catch (error) {
      // Refused for certain, it may be put right. Where an earlier sending of this form has arrived after all, another one has another key.
      if (error instanceof ApiError && !['OFFLINE', 'UNAVAILABLE', 'OUTCOME_UNKNOWN', 'INTERNAL'].includes(error.code))
        set({ sent: false, ...(error.issues[0]?.reason === 'request.key' ? { key: newId() } : {}) })
      throw error
    }
    clearDraft()
    setForm({ ...fresh(), from: sent.from, contactName: sent.contactName, contactPhone: sent.contactPhone })
    setAsked(false)
    setShareWith(null)
    onDone(t(draft ? 'book.doneDraft' : sent.emergency ? 'book.doneEmergency' : 'book.done'))
  }

  /** No vehicle is needed: the form is for another trip. */
  function green(text: string) {
    clearDraft()
    setForm(fresh())
    setAsked(false)
    onDone(text)
  }

  async function change(): Promise<void> {
    const { requestId } = model!
    const changed = await call('changeRequest', { params: { requestId }, body: { ...fieldsOf(form, places), version: version.current } })
    version.current = changed.version
    if (changed.mayAct.includes('submit'))
      await call('actOnRequest', { params: { requestId }, body: { action: 'submit', version: changed.version } })
    cache.removeQueries({ queryKey: ['phone', 'request', requestId] })
    onDone(t('book.changed'))
  }

  return (
    <form
      className="phone-form"
      aria-label={t(mode === 'change' ? 'book.change' : 'book.title')}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setAsked(true)
        if (findMissing(form) === null) void deed.run(mode === 'change' ? change : () => ask())
      }}
    >
      <fieldset className="phone-fields" disabled={deed.busy}>
        {mode === 'new' && <FavouriteTrips kept={kept} onChoose={set} />}
        <StopInput
          label={t('phone.to')}
          name={form.to}
          known={places}
          invalid={missing === 'to'}
          hint={hint('to')}
          onName={(to) => set({ to })}
          onStop={(stop) => set({ to: stop.name, ...knowing(form, stop) })}
        >
          {(offered.length > 0 || offeredPlaces.length > 0) && (
            <div className="phone-chips">
              {offeredPlaces.map(({ favouriteId, name, place }) => (
                <button key={favouriteId} type="button" className="phone-chip" onClick={() => set({ to: place!.name })}>
                  ☆ {name}
                </button>
              ))}
              {offered.map((row) => (
                <button
                  key={row.requestId}
                  type="button"
                  className="phone-chip"
                  onClick={() =>
                    set({
                      to: row.to.name,
                      ...(form.purpose.trim() === '' ? { purpose: row.purpose, purposeKind: form.purposeKind ?? row.purposeKind } : {}),
                    })
                  }
                >
                  {row.to.name}
                </button>
              ))}
            </div>
          )}
        </StopInput>
        <StopInput
          label={t('phone.from')}
          name={form.from}
          known={places}
          invalid={missing === 'from'}
          hint={hint('from')}
          onName={(from) => set({ from })}
          onStop={(stop) => set({ from: stop.name, ...knowing(form, stop) })}
        />
        <WhenField form={form} set={set} />
        {hint('when')}
        <div className="phone-field phone-beside">
          <span id={`${id}-people`}>{t('book.people')}</span>
          {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in a line by every browser. */}
          <div className="phone-stepper" role="group" aria-labelledby={`${id}-people`}>
            <button
              type="button"
              aria-label={t('book.fewer')}
              disabled={form.passengers <= 1}
              onClick={() => set({ passengers: form.passengers - 1 })}
            >
              −
            </button>
            <output aria-live="polite">{form.passengers}</output>
            <button
              type="button"
              aria-label={t('book.morePeople')}
              disabled={form.passengers >= 60}
              onClick={() => set({ passengers: form.passengers + 1 })}
            >
              +
            </button>
          </div>
        </div>
        <Chips
          legend={t('book.purposeKind')}
          options={tripPurposes.map((value) => ({ value, text: t(`tripPurpose.${value}`) }))}
          value={form.purposeKind}
          onChange={(purposeKind) => set({ purposeKind })}
        />
        {hint('purposeKind')}
        <div className="phone-field">
          <label htmlFor={`${id}-purpose`}>{t('book.purpose')}</label>
          <input
            id={`${id}-purpose`}
            value={form.purpose}
            maxLength={200}
            autoComplete="off"
            aria-invalid={missing === 'purpose'}
            onChange={(event) => set({ purpose: event.target.value })}
          />
          {hint('purpose')}
        </div>
        <MoreFields
          form={form}
          set={set}
          places={places}
          ratifyWithinH={dispatchLawOn(dayAt(Date.now())).ratifyWithinH}
          contactMissing={missing === 'contactName' || missing === 'contactPhone' ? t(`book.missing.${missing}`) : null}
          kindIsFixed={mode === 'change'}
          mayRepeat={mode !== 'change'}
        />
      </fieldset>
      {form.sent && !deed.busy ? (
        <p role="alert" className="warn-box">
          {t('book.lost')}
        </p>
      ) : (
        <Fault error={deed.error} />
      )}
      <div className="phone-buttons">
        {mode !== 'new' && (
          <a className="phone-button" href="#book">
            {t('kit.cancel')}
          </a>
        )}
        {mode !== 'change' && !form.emergency && !form.sent && (
          <button
            type="button"
            className="phone-button"
            disabled={deed.busy}
            onClick={() => {
              setAsked(true)
              if (findMissing(form) === null) void deed.run(() => ask(true))
            }}
          >
            {t('book.saveDraft')}
          </button>
        )}
        <button type="submit" className="phone-button phone-strong" disabled={deed.busy}>
          {t(
            mode === 'change'
              ? 'book.submitChange'
              : form.emergency
                ? 'book.submitEmergency'
                : form.lease
                  ? 'book.submitLease'
                  : 'book.submit',
          )}
        </button>
      </div>
      {!form.emergency && mode !== 'change' && (
        <TripPreview
          trip={previewOf(form, places)}
          kind={form.lease ? 'lease' : 'pool'}
          onLease={() => set({ lease: true, repeats: null })}
          onGreen={green}
          {...(form.repeats || form.lease ? {} : { share: { chosen: shareWith, choose: setShareWith } })}
        />
      )}
    </form>
  )
}
