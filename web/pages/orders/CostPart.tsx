// What a trip cost: entered in yuan, kept in fen; what was entered wrongly is taken back by a negative amount.
import { Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import { costKinds } from '../../../services/domain/orders.ts'
import { call } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { fenOf, formatFen } from '../../kit/format/money.ts'
import { fromWallClock, toWallClock } from '../../kit/format/time.ts'
import { tripsChanged } from '../../parts/trip/queries.ts'
import { minuteOf } from '../../parts/trip/when.ts'
import { useText } from './texts.ts'

export function CostPart({ order: { costs, totalFen } }: { order: OrderDetail }) {
  const { t } = useText()
  return (
    <section className="panel-part" aria-label={t('orders.costs')}>
      <h3>{t('orders.costs')}</h3>
      {costs.length === 0 ? (
        <p className="quiet">{t('orders.noCosts')}</p>
      ) : (
        <ul className="rows">
          {costs.map(({ costId, kind, fen, at, note, by }) => (
            <li key={costId}>
              <span>
                {t(`costKind.${kind}`)}
                {note && <span className="quiet"> {note}</span>}
                <br />
                <span className="quiet figure">
                  {minuteOf(at)} {by}
                </span>
              </span>
              <span className="figure">{formatFen(fen)}</span>
            </li>
          ))}
          <li>
            <strong>{t('orders.costTotal')}</strong>
            <strong className="figure">{formatFen(totalFen)}</strong>
          </li>
        </ul>
      )}
    </section>
  )
}

export function CostDialog({ order: { orderId, version }, onClose }: { order: OrderDetail; onClose: () => void }) {
  const { t } = useText()
  const [kind, setKind] = useState<OrderDetail['costs'][number]['kind']>('fuel')
  const [yuan, setYuan] = useState<number | null>(null)
  const [at, setAt] = useState(() => toWallClock(Math.floor(Date.now() / 60_000) * 60_000))
  const [note, setNote] = useState('')
  const atMs = fromWallClock(at)
  return (
    <FormDialog
      title={t('orders.addCost')}
      ready={yuan !== null && fenOf(yuan) !== 0 && atMs !== undefined}
      onSubmit={async () => {
        await call('addOrderCost', {
          params: { orderId },
          body: { kind, fen: fenOf(yuan!), at: new Date(atMs!).toISOString(), note: note.trim() || null, version },
        })
        await tripsChanged()
      }}
      onClose={onClose}
    >
      <Field name="kind" label={t('orders.costKind')} required>
        <Select
          aria-label={t('orders.costKind')}
          value={kind}
          options={costKinds.map((value) => ({ value, label: t(`costKind.${value}`) }))}
          onChange={setKind}
        />
      </Field>
      <Field name="fen" label={t('orders.yuan')} required>
        <InputNumber
          precision={2}
          min={-1_000_000}
          max={1_000_000}
          controls={false}
          placeholder={t('orders.yuanHint')}
          value={yuan}
          onChange={setYuan}
        />
      </Field>
      <Field name="at" label={t('orders.costAt')} required>
        <Input type="datetime-local" value={at} onChange={(event) => setAt(event.target.value)} />
      </Field>
      <Field name="note" label={t('trip.note')}>
        <Input value={note} maxLength={200} onChange={(event) => setNote(event.target.value)} />
      </Field>
    </FormDialog>
  )
}
