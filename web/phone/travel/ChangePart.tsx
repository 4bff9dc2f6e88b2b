// 途中变更: what was asked for on the way and where it stands, and asking for more: a later end by a touch, another destination, another way.
import { useId, useState } from 'react'
import type { OrderDetail, RoadChange } from '../../../services/contracts/api/orders.ts'
import type { Stop } from '../../../services/contracts/api/tripFields.ts'
import { call } from '../../kit/api/session.ts'
import { fromWallClock, toWallClock } from '../../kit/format/time.ts'
import { ChangeText } from '../../parts/trip/ChangeText.tsx'
import { useText } from '../texts.ts'
import { Chips } from '../ui/Chips.tsx'
import { Fault } from '../ui/Fault.tsx'
import { useDeed } from '../useDeed.ts'

/** What is asked for, as the server takes it. */
export type AskedChange = { endsAt?: string; to?: Stop; via?: Stop[]; reason: string }
type Props = {
  order: OrderDetail
  /** Sends it, or puts it into the outbox. */
  send: (asked: AskedChange) => Promise<unknown>
  /** It waits on this phone. */
  waits?: boolean
  places?: readonly Stop[]
}

export function ChangePart({ order, send, waits = false, places = [] }: Props) {
  const { t } = useText()
  const [open, setOpen] = useState(false)
  const { changes, mayAskChange } = order
  if (changes.length === 0 && !mayAskChange) return null
  return (
    <section className="phone-card" aria-label={t('change.title')}>
      <h2>{t('change.title')}</h2>
      {changes.map((change) => (
        <OneChange key={change.changeId} change={change} />
      ))}
      {waits && <p className="warn-text">{t('change.waits')}</p>}
      {mayAskChange && !open && !waits && (
        <button type="button" className="phone-button" onClick={() => setOpen(true)}>
          {t('change.ask')}
        </button>
      )}
      {mayAskChange && open && <AskForm order={order} send={send} places={places} onDone={() => setOpen(false)} />}
    </section>
  )
}

function OneChange({ change }: { change: RoadChange }) {
  const { t } = useText()
  const deed = useDeed()
  const { changeId, version, mayAct } = change
  return (
    <div className="phone-change">
      <ChangeText change={change} />
      <Fault error={deed.error} />
      {mayAct.includes('withdraw') && (
        <button
          type="button"
          className="phone-button"
          disabled={deed.busy}
          onClick={() => void deed.run(() => call('actOnOrderChange', { params: { changeId }, body: { action: 'withdraw', version } }))}
        >
          {t('changeAction.withdraw')}
        </button>
      )}
    </div>
  )
}

const HOUR_MS = 3_600_000
const later = ['0', '0.5', '1', '2', '4', 'pick'] as const
const VIA = '、'

function AskForm({ order, send, places, onDone }: Omit<Props, 'waits'> & { places: readonly Stop[]; onDone: () => void }) {
  const { t } = useText()
  const id = useId()
  const deed = useDeed()
  const [by, setBy] = useState<(typeof later)[number]>('1')
  const [picked, setPicked] = useState(order.endsAt)
  const [to, setTo] = useState(order.to.name)
  const [via, setVia] = useState(order.via.map(({ name }) => name).join(VIA))
  const [reason, setReason] = useState('')
  // From the planned end on, or from now where that is over.
  const base = Math.max(Date.parse(order.endsAt), Date.now())
  const endsAt = by === 'pick' ? picked : by === '0' ? order.endsAt : new Date(base + Number(by) * HOUR_MS).toISOString()
  const stop = (name: string): Stop =>
    [order.to, order.from, ...order.via, ...places].find((place) => place.name === name.trim()) ?? {
      name: name.trim(),
      lon: null,
      lat: null,
    }
  const vias = via.split(/[、，,;；\n]/).filter((name) => name.trim() !== '')
  const sameVia = vias.map((name) => name.trim()).join(VIA) === order.via.map(({ name }) => name).join(VIA)
  const asked: AskedChange = {
    ...(endsAt === order.endsAt ? {} : { endsAt }),
    ...(to.trim() === order.to.name ? {} : { to: stop(to) }),
    ...(sameVia ? {} : { via: vias.map(stop) }),
    reason: reason.trim(),
  }
  const ready = Object.keys(asked).length > 1 && reason.trim().length >= 2 && to.trim() !== ''
  return (
    <form
      className="phone-inset"
      onSubmit={async (event) => {
        event.preventDefault()
        if (ready && (await deed.run(() => send(asked)))) onDone()
      }}
    >
      <Chips
        legend={t('change.later')}
        options={later.map((value) => ({ value, text: t(`change.by.${value}`) }))}
        value={by}
        onChange={setBy}
      />
      {by === 'pick' ? (
        <div className="phone-field">
          <label htmlFor={`${id}-end`}>{t('change.end')}</label>
          <input
            id={`${id}-end`}
            type="datetime-local"
            value={toWallClock(Date.parse(picked)).slice(0, 16)}
            onChange={(event) => {
              const ms = fromWallClock(event.target.value)
              if (ms !== undefined) setPicked(new Date(ms).toISOString())
            }}
          />
        </div>
      ) : (
        by !== '0' && <p className="quiet">{t('change.until', { time: toWallClock(Date.parse(endsAt)).slice(5, 16).replace('T', ' ') })}</p>
      )}
      <div className="phone-field">
        <label htmlFor={`${id}-to`}>{t('phone.to')}</label>
        <input id={`${id}-to`} maxLength={80} autoComplete="off" value={to} onChange={(event) => setTo(event.target.value)} />
      </div>
      <div className="phone-field">
        <label htmlFor={`${id}-via`}>{t('book.via')}</label>
        <input id={`${id}-via`} maxLength={400} autoComplete="off" value={via} onChange={(event) => setVia(event.target.value)} />
      </div>
      <div className="phone-field">
        <label htmlFor={`${id}-why`}>{t('change.why')}</label>
        <div className="phone-chips">
          {(['change.why.long', 'change.why.place', 'change.why.more'] as const).map((each) => (
            <button key={each} type="button" className="phone-chip" aria-pressed={reason === t(each)} onClick={() => setReason(t(each))}>
              {t(each)}
            </button>
          ))}
        </div>
        <input id={`${id}-why`} maxLength={200} autoComplete="off" value={reason} onChange={(event) => setReason(event.target.value)} />
      </div>
      <p className="quiet">{t('change.how')}</p>
      <Fault error={deed.error} />
      <div className="phone-buttons">
        <button type="button" className="phone-button" onClick={onDone}>
          {t('kit.cancel')}
        </button>
        <button type="submit" className="phone-button phone-strong" disabled={deed.busy || !ready}>
          {t('change.send')}
        </button>
      </div>
    </form>
  )
}
