// Asking for a vehicle, or changing what was asked for. What is wrong is said at its field, with the nearest that would be taken.
import { Checkbox, Input, InputNumber, Radio, Select } from 'antd'
import { useState } from 'react'
import type { RequestDetail } from '../../../services/contracts/api/requests.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { dispatchLawOn } from '../../../services/domain/dispatchLaw.ts'
import { type Equipment, equipments } from '../../../services/domain/equipment.ts'
import { requestKinds, tripPurposes } from '../../../services/domain/requests.ts'
import type { Recurrence } from '../../../services/domain/series.ts'
import { call, useAccount } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { fromWallClock, toWallClock } from '../../kit/format/time.ts'
import { TripPreview } from '../../parts/chain/Preview.tsx'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { tripsChanged } from '../../parts/trip/queries.ts'
import { StopField } from '../../parts/trip/StopField.tsx'
import { CompanionField } from './CompanionField.tsx'
import { RecurrenceFields } from './RecurrenceFields.tsx'
import { useText } from './texts.ts'

/** `model`: asks for the same again at another time, or for its way back; of what is being changed it is `request`. */
type Props = {
  request?: RequestDetail
  model?: { of: RequestDetail; as: 'again' | 'back' }
  /** All later trips of this series are changed with it. */
  later?: number
  onClose: () => void
  onSaved?: (requestId: number) => void
  onGreen?: (said: string) => void
}

type Stop = RequestDetail['from']
const HOUR_MS = 3_600_000
const nextHour = () => Math.ceil(Date.now() / HOUR_MS) * HOUR_MS + HOUR_MS
const splitPlaces = (text: string) =>
  text
    .split(/[、,，]/)
    .map((name) => name.trim())
    .filter(Boolean)
/** A place whose name stays keeps where it is. */
const stopOf = (name: string, old: Stop | undefined): Stop =>
  old?.name === name.trim() ? old : { name: name.trim(), lon: null, lat: null }

/** What a new request begins with: the way back begins where and when the other one ends. */
function startOf({ of, as }: NonNullable<Props['model']>): RequestDetail {
  const length = Date.parse(of.endsAt) - Date.parse(of.startsAt)
  const startsAtMs = as === 'back' ? Math.max(Date.parse(of.endsAt), nextHour()) : nextHour()
  return {
    ...of,
    kind: 'pool',
    ...(as === 'back' ? { from: of.to, to: of.from, via: [...of.via].reverse() } : {}),
    startsAt: new Date(startsAtMs).toISOString(),
    endsAt: new Date(startsAtMs + length).toISOString(),
  }
}

export function RequestDialog({ request, model, later, onClose, onSaved, onGreen }: Props) {
  const { t } = useText()
  const account = useAccount()
  const [shown] = useState(() => request ?? (model && startOf(model)))
  // Once for each opened form: sent twice it is one request.
  const [key] = useState(() => crypto.randomUUID())
  // As it was when the form was opened: who was overtaken is told so, although the page reads on.
  const [version] = useState(request?.version)
  const [kind, setKind] = useState<RequestDetail['kind']>(shown?.kind ?? 'pool')
  const [purposeKind, setPurposeKind] = useState<RequestDetail['purposeKind']>(shown?.purposeKind ?? 'meeting')
  const [purpose, setPurpose] = useState(shown?.purpose ?? '')
  const [from, setFrom] = useState<Stop>(shown?.from ?? { name: account.organisation.name, lon: null, lat: null })
  const [to, setTo] = useState<Stop>(shown?.to ?? { name: '', lon: null, lat: null })
  const [via, setVia] = useState(shown?.via.map(({ name }) => name).join('、') ?? '')
  const [startsAt, setStartsAt] = useState(() => toWallClock(shown ? Date.parse(shown.startsAt) : nextHour()))
  const [endsAt, setEndsAt] = useState(() => toWallClock(shown ? Date.parse(shown.endsAt) : nextHour() + 3 * HOUR_MS))
  const [passengers, setPassengers] = useState<number | null>(shown?.passengers ?? 1)
  const [selfDrive, setSelfDrive] = useState(shown ? !shown.withDriver : false)
  const [travellers, setTravellers] = useState(shown?.travellers ?? '')
  const [companions, setCompanions] = useState(shown?.companions ?? [])
  const [contactName, setContactName] = useState(shown?.contactName ?? account.displayName)
  const masked = shown?.contactPhone.includes('*') ?? false
  const [contactPhone, setContactPhone] = useState(shown && !masked ? shown.contactPhone : '')
  const [note, setNote] = useState(shown?.note ?? '')
  const [draft, setDraft] = useState(false)
  const [shareWith, setShareWith] = useState<number | null>(null)
  const [recurrence, setRecurrence] = useState<Recurrence | null>(null)
  const [equipment, setEquipment] = useState<readonly Equipment[]>(shown?.equipment ?? [])
  const recurs = recurrence !== null && kind === 'pool'
  const own = account.permissions['request.create']?.reach === 'self'
  const [organisationId, setOrganisationId] = useState<number | undefined>(account.organisation.organisationId)
  const starts = fromWallClock(startsAt)
  const ends = fromWallClock(endsAt)
  const ready =
    [purpose, from.name, to.name, contactName, contactPhone].every((text) => text.trim() !== '') &&
    starts !== undefined &&
    ends !== undefined &&
    passengers !== null

  /** Who leaves later comes back later. */
  function depart(text: string) {
    setStartsAt(text)
    const [before, after, back] = [starts, fromWallClock(text), ends]
    if (before !== undefined && after !== undefined && back !== undefined && back > before) setEndsAt(toWallClock(back + after - before))
  }

  /** Read when it is ready. */
  const fieldsOf = () => {
    return {
      kind,
      purposeKind,
      purpose: purpose.trim(),
      from: { ...from, name: from.name.trim() },
      to: { ...to, name: to.name.trim() },
      via: splitPlaces(via).map((name) =>
        stopOf(
          name,
          shown?.via.find((stop) => stop.name === name),
        ),
      ),
      startsAt: new Date(starts!).toISOString(),
      endsAt: new Date(ends!).toISOString(),
      passengers: passengers!,
      withDriver: !selfDrive,
      equipment: [...equipment],
      travellers: travellers.trim() || null,
      travellerIds: companions.map(({ accountId }) => accountId),
      contactName: contactName.trim(),
      contactPhone: contactPhone.trim(),
      note: note.trim() || null,
    }
  }
  const unit = own ? {} : { organisationId }

  async function save() {
    const fields = fieldsOf()
    if (request && later !== undefined) {
      const { kind: _kind, ...trip } = fields
      await call('changeSeries', { params: { seriesId: later }, body: { ...trip, requestId: request.requestId, version: version! } })
      await tripsChanged()
      return
    }
    if (request) {
      await call('changeRequest', { params: { requestId: request.requestId }, body: { ...fields, version: version! } })
      await tripsChanged()
      return
    }
    if (recurs) {
      const { kind: _kind, ...trip } = fields
      const { requests } = await call('createSeries', { body: { ...trip, ...unit, recurrence, key } })
      await tripsChanged()
      onSaved?.(requests[0]!.requestId)
      return
    }
    const { requestId } = await call('createRequest', {
      body: {
        ...fields,
        key,
        draft: draft && kind !== 'emergency',
        ...unit,
        ...(shareWith !== null && kind === 'pool' && !draft ? { shareWith } : {}),
      },
    })
    await tripsChanged()
    onSaved?.(requestId)
  }

  return (
    <FormDialog
      title={t(
        later !== undefined
          ? 'series.change'
          : request
            ? 'requests.changeTitle'
            : model?.as === 'back'
              ? 'requests.backTitle'
              : 'requests.add',
      )}
      submitText={request ? undefined : t(recurs ? 'series.send' : draft && kind !== 'emergency' ? 'requests.saveDraft' : 'requests.send')}
      width={680}
      ready={ready}
      onSubmit={save}
      onClose={onClose}
    >
      {request?.state === 'APPROVED' && request.kind !== 'emergency' && <p className="quiet form-whole">{t('requests.changeText')}</p>}
      {!request && (
        <div className="form-whole form-field">
          <span>{t('trip.kind')}</span>
          <Radio.Group
            aria-label={t('trip.kind')}
            value={kind}
            options={requestKinds.map((value) => ({ value, label: t(`requestKind.${value}`) }))}
            onChange={({ target }) => setKind(target.value as RequestDetail['kind'])}
          />
          {kind === 'lease' && <p className="quiet">{t('requests.leaseText')}</p>}
          {kind === 'emergency' && (
            <p className="warn-box" role="status">
              {t('requests.emergencyText', { hours: dispatchLawOn(dayAt(Date.now())).ratifyWithinH })}
            </p>
          )}
        </div>
      )}
      {!request && !own && (
        <Field name="organisationId" label={t('trip.unit')} whole required>
          <UnitChoice label={t('trip.unit')} value={organisationId} onChange={setOrganisationId} required />
        </Field>
      )}
      <Field name="purposeKind" label={t('requests.purposeKind')} required>
        <Select
          aria-label={t('requests.purposeKind')}
          value={purposeKind}
          options={tripPurposes.map((value) => ({ value, label: t(`tripPurpose.${value}`) }))}
          onChange={setPurposeKind}
        />
      </Field>
      <Field name="passengers" label={t('trip.passengers')} required>
        <InputNumber min={1} max={60} precision={0} value={passengers} onChange={setPassengers} />
      </Field>
      <Field name="purpose" label={t('trip.purpose')} whole required>
        <Input
          value={purpose}
          maxLength={200}
          placeholder={t('requests.purposeHint')}
          onChange={(event) => setPurpose(event.target.value)}
        />
      </Field>
      <Field name="from" label={t('trip.from')} required>
        <StopField label={t('trip.from')} placeholder={t('requests.placeHint')} value={from} onChange={setFrom} />
      </Field>
      <Field name="to" label={t('trip.to')} required>
        <StopField label={t('trip.to')} placeholder={t('requests.placeHint')} value={to} onChange={setTo} />
      </Field>
      <Field name="via" label={t('trip.via')} whole>
        <Input value={via} maxLength={300} placeholder={t('requests.viaHint')} onChange={(event) => setVia(event.target.value)} />
      </Field>
      <Field name="startsAt" label={t('trip.startsAt')} required>
        <Input type="datetime-local" value={startsAt} onChange={(event) => depart(event.target.value)} />
      </Field>
      <Field name="endsAt" label={t('trip.endsAt')} required>
        <Input type="datetime-local" value={endsAt} onChange={(event) => setEndsAt(event.target.value)} />
      </Field>
      {!request && kind === 'pool' && <RecurrenceFields value={recurrence} startsAtMs={starts} onChange={setRecurrence} />}
      <Field name="contactName" label={t('trip.contact')} required>
        <Input value={contactName} maxLength={40} onChange={(event) => setContactName(event.target.value)} />
      </Field>
      <Field name="contactPhone" label={t('requests.contactPhone')} required>
        <Input value={contactPhone} maxLength={20} inputMode="tel" onChange={(event) => setContactPhone(event.target.value)} />
      </Field>
      <Field name="equipment" label={t('field.equipment')} whole>
        <Select
          mode="multiple"
          allowClear
          aria-label={t('field.equipment')}
          placeholder={t('requests.equipmentHint')}
          value={[...equipment]}
          options={equipments.map((value) => ({ value, label: t(`equipment.${value}`) }))}
          onChange={setEquipment}
        />
      </Field>
      <Field name="travellers" label={t('trip.travellers')} whole>
        <Input
          value={travellers}
          maxLength={200}
          placeholder={t('requests.travellersHint')}
          onChange={(event) => setTravellers(event.target.value)}
        />
      </Field>
      <Field name="travellerIds" label={t('trip.companions')} whole>
        <CompanionField value={companions} organisationId={organisationId} onChange={setCompanions} />
      </Field>
      <Field name="note" label={t('trip.note')} whole>
        <Input value={note} maxLength={200} onChange={(event) => setNote(event.target.value)} />
      </Field>
      <div className="form-whole button-row">
        <Checkbox checked={selfDrive} onChange={({ target }) => setSelfDrive(target.checked)}>
          {t('requests.selfDrive')}
        </Checkbox>
        {!request && kind !== 'emergency' && !recurs && (
          <Checkbox checked={draft} onChange={({ target }) => setDraft(target.checked)}>
            {t('requests.draft')}
          </Checkbox>
        )}
      </div>
      {kind !== 'emergency' && <div className="form-whole">{preview()}</div>}
    </FormDialog>
  )

  /** No vehicle is needed: what was typed is asked for no more. */
  function green(said: string) {
    onGreen?.(said)
    onClose()
  }

  function preview() {
    if (!ready || ends! <= starts!) return <TripPreview trip={null} kind={kind} onGreen={green} />
    const {
      from: origin,
      to: destination,
      via: between,
      startsAt: start,
      endsAt: end,
      passengers: people,
      withDriver,
      equipment: aboard,
    } = fieldsOf()
    return (
      <TripPreview
        kind={kind}
        onLease={request ? undefined : () => setKind('lease')}
        onGreen={green}
        {...(request || recurs || kind !== 'pool' || draft ? {} : { share: { chosen: shareWith, choose: setShareWith } })}
        trip={{
          from: origin,
          to: destination,
          via: between,
          startsAt: start,
          endsAt: end,
          passengers: people,
          withDriver,
          equipment: aboard,
          ...unit,
        }}
      />
    )
  }
}
