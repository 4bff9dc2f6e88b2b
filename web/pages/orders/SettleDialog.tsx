// Costs are submitted: who bears them. One unit, or several – alike, by kilometres or by people –, with what each would bear before it is sent.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, InputNumber, Segmented } from 'antd'
import { useState } from 'react'
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { formatFen } from '../../kit/format/money.ts'
import { MISSING } from '../../kit/format/number.ts'
import { useSettled } from '../../kit/useSettled.ts'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { tripsChanged } from '../../parts/trip/queries.ts'
import { useText } from './texts.ts'

const ways = ['alone', 'even', 'km', 'people'] as const
type Way = (typeof ways)[number]
type Line = { key: number; organisationId: number | undefined; amount: number | null }
const MOST_UNITS = 20

/** Kilometres are shared by the metre. */
const weightOf = (way: Way, amount: number | null): number =>
  way === 'even' ? 1 : way === 'km' ? Math.round((amount ?? 0) * 1000) : (amount ?? 0)

/** What is entered, with what follows from the prices when it is submitted. */
const totalOf = ({ totalFen, settlement }: OrderDetail): number =>
  (settlement?.proposed ?? []).reduce((sum, { fen }) => sum + fen, totalFen)

export function SettleDialog({ order, onClose }: { order: OrderDetail; onClose: () => void }) {
  const { t, locale } = useText()
  const { orderId, version } = order
  const [way, setWay] = useState<Way>('alone')
  const [lines, setLines] = useState<Line[]>([
    { key: 0, organisationId: order.unit.organisationId, amount: null },
    { key: 1, organisationId: undefined, amount: null },
  ])
  const change = (key: number, set: Partial<Line>) => setLines((all) => all.map((line) => (line.key === key ? { ...line, ...set } : line)))
  const named = lines.every(({ organisationId }) => organisationId !== undefined)
  const shares = lines.map(({ organisationId, amount }) => ({ organisationId: organisationId ?? 0, weight: weightOf(way, amount) }))
  const whole = way === 'even' || shares.some(({ weight }) => weight > 0)
  const ready = way === 'alone' || (named && whole)
  const asked = useSettled(JSON.stringify(ready && way !== 'alone' ? shares : null), 250)
  const preview = useQuery({
    queryKey: ['order', orderId, 'shares', version, asked],
    enabled: asked !== 'null',
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: ({ signal }) => call('previewShares', { params: { orderId }, body: { shares: JSON.parse(asked) as typeof shares }, signal }),
  })
  const shown = asked === 'null' ? undefined : preview.data
  return (
    <FormDialog
      title={t('orderAction.settle')}
      submitText={t('orderAction.settle')}
      width={640}
      ready={ready}
      onSubmit={async () => {
        await call('actOnOrder', { params: { orderId }, body: { action: 'settle', version, data: way === 'alone' ? {} : { shares } } })
        await tripsChanged()
      }}
      onClose={onClose}
    >
      <Field name="shares" label={t('orders.bears')} whole>
        <Segmented value={way} options={ways.map((value) => ({ value, label: t(`orders.bears.${value}`) }))} onChange={setWay} />
      </Field>
      {way === 'alone' ? (
        <p className="form-whole quiet">{t('orders.bearsAlone', { name: order.unit.name, sum: formatFen(totalOf(order)) })}</p>
      ) : (
        <div className="form-whole">
          <ul className="rows settle-shares">
            {lines.map(({ key, organisationId, amount }, n) => (
              <li key={key}>
                <UnitChoice
                  label={t('orders.bearsUnit')}
                  value={organisationId}
                  onChange={(id) => change(key, { organisationId: id })}
                  required
                />
                {way !== 'even' && (
                  <InputNumber
                    aria-label={t(`orders.bears.${way}`)}
                    min={0}
                    max={way === 'km' ? 1_000 : 1_000_000}
                    precision={way === 'km' ? 3 : 0}
                    controls={false}
                    suffix={t(way === 'km' ? 'orders.unitKm' : 'orders.unitPeople')}
                    value={amount}
                    onChange={(value) => change(key, { amount: value })}
                  />
                )}
                <span className="figure">{shown?.shares[n] ? formatFen(shown.shares[n].fen) : MISSING}</span>
                {lines.length > 2 && (
                  <Button size="small" type="text" onClick={() => setLines((all) => all.filter((line) => line.key !== key))}>
                    {t('orders.bearsLess')}
                  </Button>
                )}
              </li>
            ))}
            <li>
              <strong>{t('orders.costTotal')}</strong>
              <strong className="figure">{shown ? formatFen(shown.totalFen) : MISSING}</strong>
            </li>
          </ul>
          {lines.length < MOST_UNITS && (
            <Button
              size="small"
              onClick={() =>
                setLines((all) => [...all, { key: Math.max(...all.map(({ key }) => key)) + 1, organisationId: undefined, amount: null }])
              }
            >
              {t('orders.bearsMore')}
            </Button>
          )}
          {preview.error && asked !== 'null' && (
            <p role="alert" className="error-text">
              {errorText(preview.error, t, locale)}
            </p>
          )}
        </div>
      )}
    </FormDialog>
  )
}
