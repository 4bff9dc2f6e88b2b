// What a dry run tells the person who uploaded the file: counts, the first problems with row and column, and samples of what would change.
import { MAX_LISTED_PROBLEMS, type Remark, type Sample, type Words } from '../../../contracts/exchange.ts'
import type { Findings } from '../imports.ts'
import type { CellComplaint, CellNote } from '../read/rowTyper.ts'
import type { Sheet } from '../sheet.ts'
import { type Plan, type PlannedRow, shown } from './plan.ts'

const MAX_SAMPLES = 20

const headingOf = (sheet: Sheet, column: string | null): Words | null => sheet.columns.find(({ key }) => key === column)?.heading ?? null

const remarkOf = (sheet: Sheet, { row, column, value, message }: CellComplaint | CellNote): Remark => ({
  row,
  column,
  heading: headingOf(sheet, column),
  value,
  message,
})

/** `token` is given where the file can be applied. */
export function findingsOf(sheet: Sheet, plan: Plan, token: string | null): Findings {
  const counts = new Map<string | null, number>()
  for (const { column } of plan.complaints) counts.set(column, (counts.get(column) ?? 0) + 1)
  const sample = (kind: Sample['kind'], planned: PlannedRow): Sample => ({
    row: planned.row,
    key: sheet.key.map((key) => shown(columnOf(sheet, key), plan.references, planned.values[key], 'zh-CN')).join(' '),
    kind,
    changes: Object.keys(planned.after).map((key) => ({
      heading: headingOf(sheet, key)!,
      before: shown(columnOf(sheet, key), plan.references, planned.before[key], 'zh-CN'),
      after: shown(columnOf(sheet, key), plan.references, planned.after[key], 'zh-CN'),
    })),
  })
  return {
    rows: plan.rows,
    created: plan.created.length,
    changed: plan.changed.length,
    unchanged: plan.unchanged,
    problemCount: plan.complaints.length,
    problemsByColumn: [...counts]
      .map(([column, count]) => ({ column, heading: headingOf(sheet, column), count }))
      .sort((a, b) => b.count - a.count),
    problems: plan.complaints.slice(0, MAX_LISTED_PROBLEMS).map((complaint) => remarkOf(sheet, complaint)),
    noteCount: plan.noteCount,
    notes: plan.notes.map((note) => remarkOf(sheet, note)),
    samples: [
      ...plan.changed.slice(0, MAX_SAMPLES).map((planned) => sample('change', planned)),
      ...plan.created.slice(0, MAX_SAMPLES).map((planned) => sample('create', planned)),
    ],
    token,
  }
}

/** A file that could not be read has one problem. */
export const unreadableFindings = (message: Words): Findings => ({
  rows: 0,
  created: 0,
  changed: 0,
  unchanged: 0,
  problemCount: 1,
  problemsByColumn: [{ column: null, heading: null, count: 1 }],
  problems: [{ row: 1, column: null, heading: null, value: '', message }],
  noteCount: 0,
  notes: [],
  samples: [],
  token: null,
})

const columnOf = (sheet: Sheet, key: string) => sheet.columns.find((column) => column.key === key)!
