// What happened on the way: what was told already, and telling of more. Where the phone knows where it is, the place goes with it.
import { useId, useState } from 'react'
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import type { Stop } from '../../../services/contracts/api/tripFields.ts'
import { type IncidentKind, incidentKinds } from '../../../services/domain/incidents.ts'
import { toldStates } from '../../../services/domain/orders.ts'
import { instantInWords } from '../../parts/trip/when.ts'
import { PictureField } from '../camera/PictureField.tsx'
import type { Ahead, Entry } from '../outbox/entries.ts'
import { putIn } from '../outbox/outbox.ts'
import { useText } from '../texts.ts'
import { Chips } from '../ui/Chips.tsx'
import { PhoneForm } from '../ui/PhoneForm.tsx'
import { useDeed } from '../useDeed.ts'

type Props = { order: OrderDetail; ahead: Ahead; entries: readonly Entry[]; username: string }

export function Incidents({ order, ahead, entries, username }: Props) {
  const { t, locale } = useText()
  const [open, setOpen] = useState(false)
  const may = toldStates.includes(ahead.state)
  if (!may && order.incidents.length === 0) return null
  return (
    <section className="phone-card" aria-labelledby="trip-incidents">
      <h2 id="trip-incidents">{t('incident.title')}</h2>
      {order.incidents.length > 0 && (
        <ul className="rows">
          {order.incidents.map(({ incidentId, kind, state, text, at, heldUntil }) => (
            <li key={incidentId}>
              <span>
                <strong>{t(`incidentKind.${kind}`)}</strong> {text}
                <br />
                <span className="quiet">{instantInWords(at, locale)}</span>
                {heldUntil && <span className="warn-text"> {t('incident.held', { until: instantInWords(heldUntil, locale) })}</span>}
              </span>
              <span className="quiet phone-whole">{t(`incidentState.${state}`)}</span>
            </li>
          ))}
        </ul>
      )}
      {entries.some(({ action, aside }) => action === 'incident' && !aside) && <p className="warn-text">{t('incident.waits')}</p>}
      {may && !open && (
        <button type="button" className="phone-button phone-danger" onClick={() => setOpen(true)}>
          {t('incident.tell')}
        </button>
      )}
      {may && open && <IncidentForm orderId={order.orderId} username={username} onDone={() => setOpen(false)} />}
    </section>
  )
}

function IncidentForm({ orderId, username, onDone }: { orderId: number; username: string; onDone: () => void }) {
  const { t } = useText()
  const id = useId()
  const deed = useDeed()
  const [kind, setKind] = useState<IncidentKind | null>(null)
  const [text, setText] = useState('')
  const [place, setPlace] = useState('')
  const [here, setHere] = useState<{ lon: number; lat: number } | null>(null)
  const [pictures, setPictures] = useState<Blob[]>([])
  const stop = (): Stop | null => {
    const name = place.trim()
    return name || here ? { name: name || t('incident.here'), lon: here?.lon ?? null, lat: here?.lat ?? null } : null
  }
  return (
    <PhoneForm
      verb={t('incident.send')}
      problem={kind === null || text.trim().length < 2 ? t('incident.missing') : null}
      deed={deed}
      onLeave={onDone}
      onSend={async () => {
        const data = { kind: kind!, text: text.trim(), place: stop() }
        if (await deed.run(() => putIn({ username, orderId, action: 'incident', data }, pictures, 'incident'))) onDone()
      }}
    >
      <Chips
        legend={t('incident.kind')}
        options={incidentKinds.map((value) => ({ value, text: t(`incidentKind.${value}`) }))}
        value={kind}
        onChange={setKind}
      />
      <div className="phone-field">
        <label htmlFor={`${id}-text`}>{t('incident.text')}</label>
        <textarea id={`${id}-text`} rows={3} maxLength={500} value={text} onChange={(event) => setText(event.target.value)} />
      </div>
      <div className="phone-field">
        <label htmlFor={`${id}-place`}>{t('incident.place')}</label>
        <input id={`${id}-place`} maxLength={80} value={place} onChange={(event) => setPlace(event.target.value)} />
        {'geolocation' in navigator && (
          <button
            type="button"
            className="phone-button"
            aria-pressed={here !== null}
            onClick={() =>
              navigator.geolocation.getCurrentPosition(
                ({ coords }) => setHere({ lon: coords.longitude, lat: coords.latitude }),
                () => setHere(null),
                { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 },
              )
            }
          >
            {here ? t('incident.hereIs', { lon: here.lon.toFixed(4), lat: here.lat.toFixed(4) }) : t('incident.here')}
          </button>
        )}
      </div>
      <PictureField label={t('incident.photos')} pictures={pictures} onChange={setPictures} />
    </PhoneForm>
  )
}
