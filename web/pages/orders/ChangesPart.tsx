// Changes on the road: what was asked for and where it stands, what may be done about it, and asking for one; and what whoever travelled thought of it.
import { Button, Input, Select } from 'antd'
import { useState } from 'react'
import type { OrderDetail, RoadChange } from '../../../services/contracts/api/orders.ts'
import type { changeActions } from '../../../services/domain/roadChanges.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { fromWallClock, toWallClock } from '../../kit/format/time.ts'
import { ChangeText } from '../../parts/trip/ChangeText.tsx'
import { tripsChanged } from '../../parts/trip/queries.ts'
import { minuteOf } from '../../parts/trip/when.ts'
import { useText } from './texts.ts'

type Action = (typeof changeActions)[number]
type Asked = { change: RoadChange; action: Action }
const sendStep = async ({ changeId, version }: RoadChange, action: Action, more: object = {}) => {
  await call('actOnOrderChange', { params: { changeId }, body: { action, version, ...more } })
  await tripsChanged()
}
const inWords: readonly Action[] = ['reject', 'decline']

export function ChangesPart({ order }: { order: OrderDetail }) {
  const { t, locale } = useText()
  const { changes, mayAskChange, rating } = order
  const [asked, setAsked] = useState<Asked | 'ask' | null>(null)
  const [refused, setRefused] = useState<unknown>(null)
  if (changes.length === 0 && !mayAskChange && !rating) return null
  const close = () => setAsked(null)
  async function take(change: RoadChange, action: Action) {
    if (inWords.includes(action) || action === 'approveByPhone') return setAsked({ change, action })
    setRefused(null)
    await sendStep(change, action).catch(async (failure: unknown) => {
      setRefused(failure)
      await tripsChanged()
    })
  }
  return (
    <section className="panel-part" aria-label={t('orders.changes')}>
      {(changes.length > 0 || mayAskChange) && <h3>{t('orders.changes')}</h3>}
      {changes.map((change) => (
        <div key={change.changeId} className="order-change">
          <ChangeText change={change} />
          {change.mayAct.length > 0 && (
            <p className="button-row">
              {change.mayAct.map((action) => (
                <Button
                  key={action}
                  size="small"
                  type={action === 'approve' || action === 'make' ? 'primary' : 'default'}
                  onClick={() => void take(change, action)}
                >
                  {t(`changeAction.${action}`)}
                </Button>
              ))}
            </p>
          )}
        </div>
      ))}
      {refused !== null && (
        <p role="alert" className="error-text">
          {errorText(refused, t, locale)}
        </p>
      )}
      {mayAskChange && <Button onClick={() => setAsked('ask')}>{t('orders.askChange')}</Button>}
      {rating && (
        <>
          <h3>{t('orders.rating')}</h3>
          <p>
            <span role="img" aria-label={t('orders.stars', { n: rating.stars })}>
              {'★'.repeat(rating.stars)}
              {'☆'.repeat(5 - rating.stars)}
            </span>{' '}
            {rating.text} <span className="quiet figure">{minuteOf(rating.changedAt ?? rating.at)}</span>
          </p>
        </>
      )}
      {asked === 'ask' && <AskDialog order={order} onClose={close} />}
      {asked !== null && asked !== 'ask' && asked.action === 'approveByPhone' && <PhoneDialog change={asked.change} onClose={close} />}
      {asked !== null && asked !== 'ask' && asked.action !== 'approveByPhone' && (
        <ReasonDialog
          title={t(`changeAction.${asked.action}`)}
          onSubmit={(reason) => sendStep(asked.change, asked.action, { reason })}
          onClose={close}
        />
      )}
    </section>
  )
}

/** Who said yes on the telephone: kept with the change, and told to him. */
function PhoneDialog({ change, onClose }: { change: RoadChange; onClose: () => void }) {
  const { t } = useText()
  const [approverId, setApproverId] = useState<number | undefined>(change.deciders[0]?.accountId)
  const [reason, setReason] = useState('')
  return (
    <FormDialog
      title={t('changeAction.approveByPhone')}
      submitText={t('changeAction.approveByPhone')}
      ready={approverId !== undefined}
      onSubmit={() => sendStep(change, 'approveByPhone', { reason: reason.trim(), data: { approverId } })}
      onClose={onClose}
    >
      <Field name="approver" label={t('orders.rungUp')} whole required>
        <Select
          value={approverId}
          onChange={setApproverId}
          options={change.deciders.map(({ accountId, name }) => ({ value: accountId, label: name }))}
          notFoundContent={t('orders.nobodyDecides')}
        />
      </Field>
      <Field name="reason" label={t('orders.phoneNote')} whole>
        <Input value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </FormDialog>
  )
}

const HOUR_MS = 3_600_000
function AskDialog({ order, onClose }: { order: OrderDetail; onClose: () => void }) {
  const { t } = useText()
  const [end, setEnd] = useState(() => toWallClock(Math.max(Date.parse(order.endsAt), Date.now()) + HOUR_MS))
  const [to, setTo] = useState(order.to.name)
  const [via, setVia] = useState(order.via.map(({ name }) => name).join('、'))
  const [reason, setReason] = useState('')
  const endMs = fromWallClock(end)
  const stop = (name: string) =>
    [order.to, order.from, ...order.via].find((place) => place.name === name.trim()) ?? { name: name.trim(), lon: null, lat: null }
  const vias = via.split(/[、，,;；]/).filter((name) => name.trim() !== '')
  return (
    <FormDialog
      title={t('orders.askChange')}
      submitText={t('orders.askChange')}
      ready={endMs !== undefined && to.trim() !== '' && reason.trim().length >= 2}
      onSubmit={async () => {
        const body = { endsAt: new Date(endMs!).toISOString(), to: stop(to), via: vias.map(stop), reason: reason.trim() }
        await call('askOrderChange', { params: { orderId: order.orderId }, body })
        await tripsChanged()
      }}
      onClose={onClose}
    >
      <Field name="endsAt" label={t('trip.endsAt')} whole>
        <Input type="datetime-local" value={end} onChange={(event) => setEnd(event.target.value)} />
      </Field>
      <Field name="to" label={t('trip.to')} whole>
        <Input value={to} maxLength={80} onChange={(event) => setTo(event.target.value)} />
      </Field>
      <Field name="via" label={t('trip.via')} whole>
        <Input value={via} maxLength={400} onChange={(event) => setVia(event.target.value)} />
      </Field>
      <Field name="reason" label={t('orders.changeWhy')} whole required>
        <Input value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </FormDialog>
  )
}
