// Records as a table; a row opens the record beside the list.
import type { AuditListRow } from '../../../services/contracts/api/audit.ts'
import { MISSING } from '../../kit/format/number.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { actionText, subjectText } from '../../parts/history/words.ts'
import { type TextKey, useText } from './texts.ts'

const columns: TextKey[] = [
  'audit.columnTime',
  'audit.columnActor',
  'audit.columnAction',
  'audit.columnSubject',
  'audit.columnPurpose',
  'audit.columnSeq',
]

type Props = { rows: AuditListRow[] | undefined; selected: number | null; onOpen: (seq: number) => void }

/** `rows` undefined while the first ones are on their way. */
export function AuditTable({ rows, selected, onOpen }: Props) {
  const { t } = useText()
  return (
    <table className="audit-table cards-on-phone">
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {t(column)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows
          ? rows.map((row) => <Row key={row.seq} row={row} selected={row.seq === selected} onOpen={onOpen} />)
          : Array.from({ length: 14 }, (_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: equal bars that never change
              <tr key={index}>
                <td colSpan={columns.length}>
                  <div className="bone" />
                </td>
              </tr>
            ))}
      </tbody>
    </table>
  )
}

function Row({ row, selected, onOpen }: { row: AuditListRow; selected: boolean; onOpen: (seq: number) => void }) {
  const { t } = useText()
  return (
    <tr className={selected ? 'audit-row audit-chosen' : 'audit-row'} onClick={() => onOpen(row.seq)}>
      <td className="figure">{formatInstant(Date.parse(row.at))}</td>
      <td data-label={t('audit.columnActor')}>
        {row.username} <small className="quiet">{row.organisation}</small>
      </td>
      <td data-label={t('audit.columnAction')}>
        <button type="button" className="bare" aria-pressed={selected}>
          {actionText(t, row.action)}
        </button>
      </td>
      <td data-label={t('audit.columnSubject')}>{row.subject ? subjectText(t, row.subject, row.names) : MISSING}</td>
      <td data-label={t('audit.columnPurpose')} className="audit-purpose">
        {row.purpose ?? MISSING}
      </td>
      <td data-label={t('audit.columnSeq')} className="figure quiet">
        {row.seq}
      </td>
    </tr>
  )
}
