// What the trip has cost, and one cost more while that may be entered.
import { useId, useState } from 'react'
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import { type EnteredKind, enteredKinds } from '../../../services/domain/orders.ts'
import { formatFen } from '../../kit/format/money.ts'
import { PictureField } from '../camera/PictureField.tsx'
import type { Entry } from '../outbox/entries.ts'
import { putIn } from '../outbox/outbox.ts'
import { useText } from '../texts.ts'
import { Chips } from '../ui/Chips.tsx'
import { PhoneForm } from '../ui/PhoneForm.tsx'
import { useDeed } from '../useDeed.ts'
import { fenTyped } from './yuan.ts'

type Props = { order: OrderDetail; entries: readonly Entry[]; username: string; may: boolean }

export function Costs({ order, entries, username, may }: Props) {
  const { t } = useText()
  const [open, setOpen] = useState(false)
  const waiting = entries.filter((entry) => entry.action === 'cost' && !entry.aside)
  if (!may && order.costs.length === 0 && waiting.length === 0) return null
  const total = order.totalFen + waiting.reduce((sum, { data }) => sum + ('fen' in data ? data.fen : 0), 0)
  return (
    <section className="phone-card" aria-labelledby="trip-costs">
      <header className="phone-line">
        <h2 id="trip-costs">{t('trip.costs')}</h2>
        <strong className="figure">{formatFen(total)}</strong>
      </header>
      <ul className="rows">
        {order.costs.map((cost) => (
          <li key={cost.costId}>
            <span>
              {t(`costKind.${cost.kind}`)} {cost.note && <span className="quiet">{cost.note}</span>}
            </span>
            <span className="figure">{formatFen(cost.fen)}</span>
          </li>
        ))}
      </ul>
      {may && !open && (
        <button type="button" className="phone-button" onClick={() => setOpen(true)}>
          {t('trip.addCost')}
        </button>
      )}
      {may && open && <CostForm orderId={order.orderId} username={username} onDone={() => setOpen(false)} />}
    </section>
  )
}

function CostForm({ orderId, username, onDone }: { orderId: number; username: string; onDone: () => void }) {
  const { t } = useText()
  const id = useId()
  const deed = useDeed()
  const [kind, setKind] = useState<EnteredKind | null>(null)
  const [amount, setAmount] = useState('')
  const [note, setNote] = useState('')
  const [pictures, setPictures] = useState<Blob[]>([])
  const fen = fenTyped(amount)
  return (
    <PhoneForm
      verb={t('kit.save')}
      problem={kind === null ? t('trip.kindMissing') : fen === null ? t('trip.yuanMissing') : null}
      deed={deed}
      onLeave={onDone}
      onSend={async () => {
        const data = { kind: kind!, fen: fen!, note: note.trim() || null }
        if (await deed.run(() => putIn({ username, orderId, action: 'cost', data }, pictures, 'receipt'))) onDone()
      }}
    >
      <Chips
        legend={t('trip.costKind')}
        options={enteredKinds.map((value) => ({ value, text: t(`costKind.${value}`) }))}
        value={kind}
        onChange={setKind}
      />
      <div className="phone-field">
        <label htmlFor={`${id}-yuan`}>{t('trip.yuan')}</label>
        <input
          id={`${id}-yuan`}
          inputMode="decimal"
          autoComplete="off"
          value={amount}
          onChange={(event) => setAmount(event.target.value)}
        />
      </div>
      <div className="phone-field">
        <label htmlFor={`${id}-note`}>{t('book.note')}</label>
        <input id={`${id}-note`} maxLength={200} autoComplete="off" value={note} onChange={(event) => setNote(event.target.value)} />
      </div>
      <PictureField label={t('trip.receipt')} pictures={pictures} onChange={setPictures} />
    </PhoneForm>
  )
}
