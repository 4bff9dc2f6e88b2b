// A step of a work order, with what it needs and why: an amount, a reading, another time, or the invoice with its lines.
import { Checkbox, Input, InputNumber } from 'antd'
import { useState } from 'react'
import type { WorkOrder } from '../../../services/contracts/api/upkeep.ts'
import { dayAt } from '../../../services/domain/days.ts'
import type { Step } from '../../../services/domain/lifecycle.ts'
import { type WorkOrderAction, workOrderLifecycle } from '../../../services/domain/workOrders.ts'
import { ApiError } from '../../kit/api/client.ts'
import { call, queryClient } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { fenOf, formatFen } from '../../kit/format/money.ts'
import { fromWallClock, toWallClock } from '../../kit/format/time.ts'
import { InvoiceLines, linesOf, type TypedLine, typedSum } from './InvoiceLines.tsx'
import { useText } from './texts.ts'

const isoOf = (typed: string): string | undefined => {
  const ms = fromWallClock(typed)
  return ms === undefined ? undefined : new Date(ms).toISOString()
}

export function WorkStepDialog({ order, action, onClose }: { order: WorkOrder; action: WorkOrderAction; onClose: () => void }) {
  const { t } = useText()
  const { needs = [] }: Step<string> = workOrderLifecycle[action]
  const [yuan, setYuan] = useState<number | null>(null)
  const [km, setKm] = useState<number | null>(null)
  const [far, setFar] = useState(false)
  const [sure, setSure] = useState(false)
  const [from, setFrom] = useState(toWallClock(Date.parse(order.from)).slice(0, 16))
  const [until, setUntil] = useState('')
  const [invoiceNo, setInvoiceNo] = useState('')
  const [invoiceDay, setInvoiceDay] = useState(dayAt(Date.now()))
  const [lines, setLines] = useState<TypedLine[]>([{ kind: 'part', name: '', quantity: 1, yuan: null }])
  const parts = linesOf(lines)
  const ready =
    (!needs.includes('estimateFen') || (yuan !== null && yuan > 0)) &&
    (!needs.includes('odometerKm') || km !== null) &&
    (!needs.includes('until') || isoOf(until) !== undefined) &&
    (!needs.includes('invoiceFen') || (parts !== null && invoiceNo.trim() !== ''))
  return (
    <ReasonDialog
      title={t(`workOrderAction.${action}`)}
      {...(action === 'accept' ? { text: t('work.acceptText', { sum: formatFen(order.invoiceFen ?? 0) }) } : {})}
      danger={action === 'decline' || action === 'cancel'}
      width={needs.includes('invoiceFen') ? 760 : undefined}
      ready={ready}
      onSubmit={async (reason) => {
        try {
          await call('actOnWorkOrder', {
            params: { workOrderId: order.workOrderId },
            body: {
              ...{ action, version: order.version, reason },
              data: {
                ...(needs.includes('estimateFen') ? { estimateFen: fenOf(yuan!) } : {}),
                ...(needs.includes('odometerKm') ? { odometerKm: km!, sure } : {}),
                ...(needs.includes('until') ? { until: isoOf(until)! } : {}),
                ...(action === 'postpone' ? { from: isoOf(from)! } : {}),
                ...(needs.includes('invoiceFen')
                  ? { invoiceFen: typedSum(lines), invoiceNo: invoiceNo.trim(), invoiceDay, parts: parts! }
                  : {}),
              },
            },
          })
        } catch (error) {
          if (error instanceof ApiError && error.issues.some((issue) => issue.reason === 'odometer.far')) setFar(true)
          throw error
        }
        const keys = ['work-orders', 'maintenance-due', ...(action === 'accept' ? ['bills', 'costs', 'months', 'budgets'] : [])]
        await Promise.all(keys.map((each) => queryClient.invalidateQueries({ queryKey: [each] })))
      }}
      onClose={onClose}
    >
      {needs.includes('estimateFen') && (
        <Field name="estimateFen" label={t(action === 'askMore' ? 'work.moreYuan' : 'work.estimateYuan')} required>
          <InputNumber precision={2} min={0.01} max={1_000_000_000} controls={false} value={yuan} onChange={setYuan} />
        </Field>
      )}
      {needs.includes('odometerKm') && (
        <Field name="odometerKm" label={t('work.odometer')} required>
          <InputNumber precision={1} min={0} max={2_000_000} controls={false} value={km} onChange={setKm} />
        </Field>
      )}
      {far && (
        <Checkbox className="form-whole" checked={sure} onChange={({ target }) => setSure(target.checked)}>
          {t('work.sure')}
        </Checkbox>
      )}
      {action === 'postpone' && (
        <Field name="from" label={t('work.from')} required>
          <Input type="datetime-local" value={from} onChange={({ target }) => setFrom(target.value)} />
        </Field>
      )}
      {needs.includes('until') && (
        <Field name="until" label={t('work.until')} required>
          <Input type="datetime-local" value={until} onChange={({ target }) => setUntil(target.value)} />
        </Field>
      )}
      {needs.includes('invoiceFen') && (
        <>
          <Field name="invoiceNo" label={t('work.invoiceNo')} required>
            <Input maxLength={60} value={invoiceNo} onChange={({ target }) => setInvoiceNo(target.value)} />
          </Field>
          <Field name="invoiceDay" label={t('work.invoiceDay')} required>
            <Input type="date" max={dayAt(Date.now())} value={invoiceDay} onChange={({ target }) => setInvoiceDay(target.value)} />
          </Field>
          <InvoiceLines lines={lines} onChange={setLines} approvedFen={order.approvedFen ?? 0} />
        </>
      )}
    </ReasonDialog>
  )
}
