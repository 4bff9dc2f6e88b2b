// The lines of an invoice: parts, labour and the rest, which add up to it.
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Input, InputNumber, Select } from 'antd'
import { type PartKind, type PartLine, partKinds } from '../../../services/domain/workOrders.ts'
import { fenOf, formatFen } from '../../kit/format/money.ts'
import { useText } from './texts.ts'

export type TypedLine = { kind: PartKind; name: string; quantity: number | null; yuan: number | null }
const MOST = 60

export const typedSum = (lines: readonly TypedLine[]): number => lines.reduce((sum, { yuan }) => sum + fenOf(yuan ?? 0), 0)
/** null while one of them is not whole. */
export function linesOf(lines: readonly TypedLine[]): PartLine[] | null {
  const whole = lines.every(({ name, quantity, yuan }) => name.trim() !== '' && quantity !== null && quantity > 0 && yuan !== null)
  if (!whole || typedSum(lines) <= 0) return null
  return lines.map(({ kind, name, quantity, yuan }) => ({
    kind,
    name: name.trim(),
    quantity: Math.round(quantity! * 1000),
    fen: fenOf(yuan!),
  }))
}

export function InvoiceLines({
  lines,
  onChange,
  approvedFen,
}: {
  lines: TypedLine[]
  onChange: (lines: TypedLine[]) => void
  approvedFen: number
}) {
  const { t } = useText()
  const set = (n: number, changes: Partial<TypedLine>) => onChange(lines.map((line, at) => (at === n ? { ...line, ...changes } : line)))
  const sum = typedSum(lines)
  return (
    <fieldset className="upkeep-lines form-whole">
      <legend>{t('work.parts')}</legend>
      {lines.map((line, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line has no name of its own until it is typed
        <div className="upkeep-line" key={n}>
          <Select
            aria-label={t('work.partKind')}
            value={line.kind}
            options={partKinds.map((value) => ({ value, label: t(`partKind.${value}`) }))}
            onChange={(kind) => set(n, { kind })}
          />
          <Input
            aria-label={t('work.partName')}
            placeholder={t('work.partName')}
            maxLength={60}
            value={line.name}
            onChange={({ target }) => set(n, { name: target.value })}
          />
          <InputNumber
            aria-label={t('work.quantity')}
            placeholder={t('work.quantity')}
            min={0.001}
            max={1_000_000}
            controls={false}
            value={line.quantity}
            onChange={(quantity) => set(n, { quantity })}
          />
          <InputNumber
            aria-label={t('work.yuan')}
            placeholder={t('work.yuan')}
            precision={2}
            min={0}
            max={1_000_000_000}
            controls={false}
            value={line.yuan}
            onChange={(yuan) => set(n, { yuan })}
          />
          <Button
            type="text"
            aria-label={t('work.removeLine')}
            icon={<DeleteOutlined />}
            disabled={lines.length === 1}
            onClick={() => onChange(lines.filter((_, at) => at !== n))}
          />
        </div>
      ))}
      <div>
        <Button
          size="small"
          icon={<PlusOutlined />}
          disabled={lines.length >= MOST}
          onClick={() => onChange([...lines, { kind: 'part', name: '', quantity: 1, yuan: null }])}
        >
          {t('work.addLine')}
        </Button>
      </div>
      <p className={sum > approvedFen ? 'error-text' : 'quiet'}>
        {t('work.sumOf', { sum: formatFen(sum), approved: formatFen(approvedFen) })}
      </p>
    </fieldset>
  )
}
