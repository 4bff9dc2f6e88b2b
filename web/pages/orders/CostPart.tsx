// What a trip cost: entered in yuan, kept in fen; what was entered wrongly is taken back by a negative amount.
import { Button, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import { type EnteredKind, enteredKinds } from '../../../services/domain/orders.ts'
import { counts } from '../../../services/domain/settlement.ts'
import { call } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { fenOf, formatFen } from '../../kit/format/money.ts'
import { MISSING } from '../../kit/format/number.ts'
import { fromWallClock, toWallClock } from '../../kit/format/time.ts'
import { tripsChanged } from '../../parts/trip/queries.ts'
import { minuteOf } from '../../parts/trip/when.ts'
import { type Text, useText } from './texts.ts'

type Line = OrderDetail['costs'][number]
/** What is asked of a line: to be decided, or to be corrected. */
export type AskedOfLine = { decide: Line; stands: boolean } | { correct: Line }

export function CostPart({ order, onAsk }: { order: OrderDetail; onAsk: (asked: AskedOfLine) => void }) {
  const { t } = useText()
  const { costs, totalFen, settlement, mayCorrectCosts } = order
  return (
    <section className="panel-part" aria-label={t('orders.costs')}>
      <h3>{t('orders.costs')}</h3>
      {costs.length === 0 ? (
        <p className="quiet">{t(order.sharing ? 'orders.costsShared' : 'orders.noCosts')}</p>
      ) : (
        <ul className="rows">
          {costs.map((line) => (
            <li key={line.costId}>
              <span>
                {t(`costKind.${line.kind}`)} <span className="quiet">{basisText(line, t)}</span>
                {line.note && <span className="quiet"> · {line.note}</span>}
                <br />
                <span className="quiet figure">
                  {minuteOf(line.at)} {line.by}
                </span>
                <LineQuestion line={line} onAsk={onAsk} />
                {mayCorrectCosts && line.question !== 'correction' && line.source === 'entered' && (
                  <Button size="small" type="link" onClick={() => onAsk({ correct: line })}>
                    {t('orders.correctCost')}
                  </Button>
                )}
              </span>
              <span className={counts(line) ? 'figure' : 'figure quiet'}>{formatFen(line.fen)}</span>
            </li>
          ))}
          <li>
            <strong>{t('orders.costTotal')}</strong>
            <strong className="figure">{formatFen(totalFen)}</strong>
          </li>
        </ul>
      )}
      {settlement && <SettlementPart settlement={settlement} />}
    </section>
  )
}

/** From what a line follows: so many kilometres, days; what an invoice claims beside the track. */
function basisText({ source, basis: { part, quantity, claimedM, trackM } }: Line, t: Text): string {
  if (claimedM !== undefined)
    return t('orders.claim', {
      claimed: claimedM / 1000,
      track: trackM == null ? t('orders.noTrack') : t('orders.km', { n: trackM / 1000 }),
    })
  if (source !== 'tariff' || !part) return ''
  return [t(`pricePart.${part}`), quantity ? `× ${quantity}` : ''].filter(Boolean).join(' ')
}

/** A line that another person decides, or has decided. */
function LineQuestion({ line, onAsk }: { line: Line; onAsk: (asked: AskedOfLine) => void }) {
  const { t } = useText()
  if (line.question === null) return null
  const why = line.basis.dispute ? `${t('kit.colon')}${t(`dispute.${line.basis.dispute}`)}` : ''
  const decided =
    line.decision &&
    t('kit.stop') +
      t('kit.aside', { what: t(`costDecision.${line.decision}`), aside: line.decidedBy ?? MISSING }) +
      (line.decidedReason ? t('kit.colon') + line.decidedReason : '')
  return (
    <>
      <br />
      <span className={line.decision === null ? 'warn-text' : 'quiet'}>
        {t(line.question === 'dispute' ? 'orders.disputed' : 'orders.correction')}
        {why}
        {decided}
      </span>
      {line.mayDecide &&
        ([true, false] as const).map((stands) => (
          <Button key={String(stands)} size="small" type="link" onClick={() => onAsk({ decide: line, stands })}>
            {t(`orders.decide.${stands ? 'stands' : 'refused'}`)}
          </Button>
        ))}
    </>
  )
}

/** The odometer beside the track, what the prices of the day ask for, and who owes what to the one whose vehicle it is. */
function SettlementPart({ settlement: { distanceM, trackM, proposed, charged } }: { settlement: NonNullable<OrderDetail['settlement']> }) {
  const { t } = useText()
  const km = (metres: number | null) => (metres === null ? MISSING : t('orders.km', { n: Math.round(metres / 100) / 10 }))
  return (
    <>
      <p className="quiet">
        {t('orders.distances', { odometer: km(distanceM), track: trackM === null ? t('orders.noTrack') : km(trackM) })}
      </p>
      {proposed.length > 0 && (
        <>
          <h4>{t('orders.proposed')}</h4>
          <ul className="rows">
            {proposed.map(({ kind, part, quantity, fen }) => (
              <li key={`${kind} ${part} ${quantity}`}>
                <span>
                  {t(`costKind.${kind}`)}{' '}
                  <span className="quiet">
                    {t(`pricePart.${part}`)} {quantity > 0 && `× ${quantity}`}
                  </span>
                </span>
                <span className="figure">{formatFen(fen)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {charged.map(({ unit, fen }) => (
        <p key={unit.organisationId} className="quiet">
          {t('orders.charged', { name: unit.name })} <span className="figure">{formatFen(fen)}</span>
        </p>
      ))}
    </>
  )
}

export function DecideDialog({ order, line, stands, onClose }: { order: OrderDetail; line: Line; stands: boolean; onClose: () => void }) {
  const { t } = useText()
  const decision = stands ? 'stands' : 'refused'
  const verb = t(`orders.decide.${decision}`)
  return (
    <ReasonDialog
      title={`${verb}${t('kit.colon')}${t(`costKind.${line.kind}`)} ${formatFen(line.fen)}`}
      submitText={verb}
      text={t(`orders.decideText.${line.question ?? 'dispute'}.${decision}`)}
      danger={!stands}
      onSubmit={async (reason) => {
        const { orderId, version } = order
        await call('decideOrderCost', { params: { orderId, costId: line.costId }, body: { stands, version, reason } })
        await tripsChanged()
      }}
      onClose={onClose}
    />
  )
}

/** `corrects`: the line of a closed order that it takes back or adds to. */
export function CostDialog({ order, corrects, onClose }: { order: OrderDetail; corrects?: Line; onClose: () => void }) {
  const { t } = useText()
  const { orderId, version } = order
  const [kind, setKind] = useState<EnteredKind>(enteredKinds.find((each) => each === corrects?.kind) ?? (order.lease ? 'lease' : 'fuel'))
  const [claimedKm, setClaimedKm] = useState<number | null>(null)
  const [yuan, setYuan] = useState<number | null>(null)
  const [at, setAt] = useState(() => toWallClock(Math.floor(Date.now() / 60_000) * 60_000))
  const [note, setNote] = useState('')
  const atMs = fromWallClock(at)
  return (
    <FormDialog
      title={t(corrects ? 'orders.correctCost' : 'orders.addCost')}
      ready={yuan !== null && fenOf(yuan) !== 0 && atMs !== undefined}
      onSubmit={async () => {
        const claimed = order.lease && kind === 'lease' && claimedKm !== null ? { claimedKm } : {}
        const more = { ...claimed, ...(corrects ? { corrects: corrects.costId } : {}) }
        await call('addOrderCost', {
          params: { orderId },
          body: { kind, fen: fenOf(yuan!), at: new Date(atMs!).toISOString(), note: note.trim() || null, version, ...more },
        })
        await tripsChanged()
      }}
      onClose={onClose}
    >
      <Field name="kind" label={t('orders.costKind')} required>
        <Select
          aria-label={t('orders.costKind')}
          disabled={corrects !== undefined}
          value={kind}
          options={enteredKinds.map((value) => ({ value, label: t(`costKind.${value}`) }))}
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
      {order.lease && kind === 'lease' && (
        <Field name="claimedKm" label={t('orders.claimedKm')}>
          <InputNumber min={0} max={100_000} controls={false} value={claimedKm} onChange={setClaimedKm} />
        </Field>
      )}
      <Field name="at" label={t('orders.costAt')} required>
        <Input type="datetime-local" value={at} onChange={(event) => setAt(event.target.value)} />
      </Field>
      <Field name="note" label={t('trip.note')}>
        <Input value={note} maxLength={200} onChange={(event) => setNote(event.target.value)} />
      </Field>
    </FormDialog>
  )
}
