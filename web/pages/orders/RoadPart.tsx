// What was told from the road: incidents and what is done about them, how the vehicle was found, and photos.
import { Button, Input } from 'antd'
import { useState } from 'react'
import type { Incident, OrderDetail } from '../../../services/contracts/api/orders.ts'
import type { IncidentAction } from '../../../services/domain/incidents.ts'
import { urlOf } from '../../kit/api/client.ts'
import { endpoints } from '../../kit/api/endpoints.ts'
import { call } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { fromWallClock, toWallClock } from '../../kit/format/time.ts'
import { tripsChanged } from '../../parts/trip/queries.ts'
import { minuteOf } from '../../parts/trip/when.ts'
import { useText } from './texts.ts'

const HOUR_MS = 3_600_000
type Asked = { incident: Incident; action: IncidentAction }
const sendStep = async (orderId: number, { incident: { incidentId, version }, action }: Asked, more: object = {}) => {
  await call('actOnIncident', { params: { orderId, incidentId }, body: { action, version, ...more } })
  await tripsChanged()
}

export function RoadPart({ order }: { order: OrderDetail }) {
  const { t } = useText()
  const { orderId, incidents, inspections, photos } = order
  const [asked, setAsked] = useState<Asked | null>(null)
  if (incidents.length + inspections.length + photos.length === 0) return null
  const close = () => setAsked(null)
  return (
    <section className="panel-part" aria-label={t('orders.road')}>
      <h3>{t('orders.road')}</h3>
      <ul className="rows">
        {incidents.map((incident) => (
          <IncidentRow key={incident.incidentId} incident={incident} onAsk={(action) => setAsked({ incident, action })} />
        ))}
        {inspections.map((inspection) => (
          <InspectionRow key={inspection.action} inspection={inspection} />
        ))}
        {photos.map(({ photoId, shows, takenAt, by }) => (
          <li key={photoId}>
            {/* Who looks at a photo is put on record: it is fetched when it is opened, and not before. */}
            <a href={urlOf(endpoints.readOrderPhoto.path, { orderId, photoId })} target="_blank" rel="noreferrer">
              {t('orders.photo', { of: t(`photoSubject.${shows}`) })}
            </a>
            <span className="quiet figure">
              {minuteOf(takenAt)} {by}
            </span>
          </li>
        ))}
      </ul>
      {asked?.action === 'hold' && <HoldDialog onSend={(until) => sendStep(orderId, asked, { data: { until } })} onClose={close} />}
      {(asked?.action === 'close' || asked?.action === 'see') && (
        <ReasonDialog
          title={t(`incidentAction.${asked.action}`)}
          onSubmit={(reason) => sendStep(orderId, asked, { reason })}
          onClose={close}
        />
      )}
    </section>
  )
}

function IncidentRow({ incident, onAsk }: { incident: Incident; onAsk: (action: IncidentAction) => void }) {
  const { t } = useText()
  const { kind, state, text, place, at, by, heldUntil, mayAct, steps } = incident
  return (
    <li>
      <span>
        <strong>{t(`incidentKind.${kind}`)}</strong>{' '}
        <span className={state === 'OPEN' ? 'warn-text' : 'quiet'}>{t(`incidentState.${state}`)}</span>
        <br />
        {text}
        {place && <span className="quiet"> {place.name}</span>}
        <br />
        <span className="quiet figure">
          {minuteOf(at)} {by}
        </span>
        {heldUntil !== null && (
          <>
            <br />
            {t('orders.heldUntil', { time: minuteOf(heldUntil) })}
          </>
        )}
        {steps
          .filter(({ reason }) => reason !== '')
          .map(({ at: since, reason, by: who }) => (
            <span key={since} className="quiet">
              <br />
              {who}: {reason}
            </span>
          ))}
      </span>
      <span>
        {mayAct.map((action) => (
          <Button key={action} size="small" type="link" onClick={() => onAsk(action)}>
            {t(`incidentAction.${action}`)}
          </Button>
        ))}
      </span>
    </li>
  )
}

function InspectionRow({ inspection: { action, at, energyPct, results } }: { inspection: OrderDetail['inspections'][number] }) {
  const { t } = useText()
  const faults = results.filter(({ ok }) => !ok)
  return (
    <li>
      <span>
        {t(action === 'comeBack' ? 'orders.checkBack' : 'orders.checkOut')}
        {faults.length === 0 ? (
          <span className="quiet"> {t('orders.allSound')}</span>
        ) : (
          faults.map(({ item, remark }) => (
            <span key={item} className="warn-text">
              <br />
              {t('orders.fault', { item: t(`inspectionItem.${item}`), remark })}
            </span>
          ))
        )}
        <br />
        <span className="quiet figure">{minuteOf(at)}</span>
      </span>
      {energyPct !== null && <span className="figure">{t('orders.energy', { n: energyPct })}</span>}
    </li>
  )
}

/** Until when the vehicle is kept back, from the end of its trip. */
function HoldDialog({ onSend, onClose }: { onSend: (until: string) => Promise<unknown>; onClose: () => void }) {
  const { t } = useText()
  const [until, setUntil] = useState(() => toWallClock(Date.now() + 24 * HOUR_MS))
  const untilMs = fromWallClock(until)
  return (
    <FormDialog
      title={t('incidentAction.hold')}
      submitText={t('incidentAction.hold')}
      ready={untilMs !== undefined}
      onSubmit={() => onSend(new Date(untilMs!).toISOString())}
      onClose={onClose}
    >
      <Field name="until" label={t('orders.keepUntil')} whole required>
        <Input type="datetime-local" value={until} onChange={(event) => setUntil(event.target.value)} />
      </Field>
    </FormDialog>
  )
}
