// The dry run: typed rows against the ledger. Answers with everything that is wrong, or with exactly what would be written.
import { createHash } from 'node:crypto'
import type { Words } from '../../../contracts/exchange.ts'
import type { Value } from '../kinds.ts'
import { normaliseText } from '../normalise.ts'
import { judgeOpenUnits } from '../openUnits.ts'
import type { ReadFile } from '../read/readFile.ts'
import type { CellComplaint, CellNote, TypedRow } from '../read/rowTyper.ts'
import { loadReferences, type ReferenceKind, type References } from '../references.ts'
import type { Candidate, CheckContext, Column, Complaint, Existing, Sheet } from '../sheet.ts'
import { findExisting, findTaken, keyOf } from '../stored.ts'
import { words } from '../words.ts'

/** One row that would be written. `before`, `after`: only what changes, by column key. */
export type PlannedRow = Candidate & { before: Record<string, Value>; after: Record<string, Value> }
export type Plan = {
  rows: number
  created: PlannedRow[]
  changed: PlannedRow[]
  unchanged: number
  complaints: CellComplaint[]
  notes: CellNote[]
  noteCount: number
  /** Columns that the file has. */
  present: ReadonlySet<string>
  references: References
}

/** Rows between two breaths of the event loop. */
const SLICE = 500
const breathe = () => new Promise((resolve) => setImmediate(resolve))

export async function planImport(
  context: Omit<CheckContext, 'references'>,
  sheet: Sheet,
  file: Extract<ReadFile, { readable: true }>,
): Promise<Plan> {
  const kinds = new Set(sheet.columns.flatMap(({ refers }) => refers ?? []))
  const references = await loadReferences(context.db, context.scope, kinds as Set<ReferenceKind>)
  const plan: Plan = {
    rows: file.rows.length,
    created: [],
    changed: [],
    unchanged: 0,
    complaints: [],
    notes: file.notes,
    noteCount: file.noteCount,
    present: new Set(file.present),
    references,
  }
  const complain = (complaint: Complaint, value = '') => plan.complaints.push({ ...complaint, value })
  const wrongCells = new Map<number, CellComplaint[]>()
  for (const complaint of file.complaints) {
    const list = wrongCells.get(complaint.row)
    if (list) list.push(complaint)
    else wrongCells.set(complaint.row, [complaint])
  }
  const seen = new Map<string, number>()
  const candidates: Candidate[] = []
  for (let from = 0; from < file.rows.length; from += SLICE) {
    const slice = file.rows.slice(from, from + SLICE).map((typed) => ({ typed, values: valuesOf(sheet, typed) }))
    const keyed = slice.filter(({ values }) => sheet.key.every((key) => values[key] != null))
    for (const { typed, values } of keyed)
      resolveKey(sheet, references, values, (complaint, value) => {
        typed.sound = false
        complain({ row: typed.row, ...complaint }, value)
      })
    const found = await findExisting(
      context.db,
      sheet,
      context.scope,
      keyed.filter(({ typed, values }) => typed.sound || isKeyed(sheet, values)).map(({ values }) => values),
    )
    for (const { typed, values } of keyed) {
      const { row } = typed
      const key = keyOf(sheet, values)
      const first = seen.get(key)
      if (first !== undefined) {
        complain(
          { row, column: sheet.key[0]!, message: words(`与第 ${first} 行重复`, `The same as row ${first}`) },
          shownKey(sheet, values),
        )
        continue
      }
      seen.set(key, row)
      const existing = found.get(key)
      if (existing && !existing.inScope) {
        complain(
          {
            row,
            column: sheet.key[0]!,
            message: sheet.taken?.(values) ?? words('已有登记，但不在您可见的范围内', 'Registered already, outside of what you may see'),
            ...(sheet.taken && { foreign: true }),
          },
          shownKey(sheet, values),
        )
        continue
      }
      if (existing) forgive(sheet, references, typed, values, existing, wrongCells.get(row))
      for (const complaint of wrongCells.get(row) ?? []) plan.complaints.push(complaint)
      wrongCells.delete(row)
      const candidate = complete(sheet, references, typed, values, existing, complain)
      if (candidate) candidates.push(candidate)
    }
    await breathe()
  }
  // Rows without a usable key are wrong whatever the ledger holds.
  for (const complaints of wrongCells.values()) plan.complaints.push(...complaints)
  await judge(context, sheet, references, candidates, complain)
  plan.complaints.sort((a, b) => a.row - b.row)
  if (plan.complaints.length === 0) await sort(sheet, plan, candidates)
  return plan
}

const isKeyed = (sheet: Sheet, values: Record<string, Value>) => sheet.key.every((key) => values[key] != null)

const valuesOf = (sheet: Sheet, { values }: TypedRow): Record<string, Value> => {
  const found: Record<string, Value> = {}
  for (const [index, { key }] of sheet.columns.entries()) if (values[index] !== undefined) found[key] = values[index]!
  return found
}

type Say = (complaint: { column: string; message: Words }, value: string) => void

/** References inside the key are looked up first: without them the row is not known. */
function resolveKey(sheet: Sheet, references: References, values: Record<string, Value>, say: Say): void {
  for (const column of sheet.columns) {
    if (!column.refers || !sheet.key.includes(column.key)) continue
    const said = values[column.key]
    if (typeof said !== 'string') continue
    const resolved = references.resolve(column.refers, said)
    if ('id' in resolved) values[column.key] = resolved.id
    else {
      say({ column: column.key, message: resolved.problem }, said)
      delete values[column.key]
    }
  }
}

/** A cell that could not be read but says exactly what the ledger holds is none of this file's doing: it goes through unchanged. */
function forgive(
  sheet: Sheet,
  references: References,
  typed: TypedRow,
  given: Record<string, Value>,
  existing: Existing,
  complaints: CellComplaint[] = [],
): void {
  for (let k = complaints.length - 1; k >= 0; k--) {
    const { column: key, value } = complaints[k]!
    const column = sheet.columns.find((each) => each.key === key)
    if (!column || given[column.key] !== undefined) continue
    const old = existing.values[column.key]
    const said = column.kind.normalise(value)
    if (!(['zh-CN', 'en'] as const).some((locale) => column.kind.normalise(shown(column, references, old, locale)) === said)) continue
    given[column.key] = old!
    complaints.splice(k, 1)
  }
  if (complaints.length === 0) typed.sound = true
}

/** The whole row as it will be, with what the file leaves out taken from the ledger; undefined when a cell is wrong. */
function complete(
  sheet: Sheet,
  references: References,
  { row, sound }: TypedRow,
  given: Record<string, Value>,
  existing: Existing | undefined,
  complain: (complaint: Complaint, value?: string) => void,
): Candidate | undefined {
  let whole = sound
  const values: Record<string, Value> = {}
  for (const column of sheet.columns) {
    const { key } = column
    const said = given[key]
    const old = existing?.values[key]
    if (said === undefined) values[key] = existing ? old! : (column.whenAbsent ?? column.whenNew ?? null)
    // About what an import cannot change, a blank cell says nothing.
    else if (existing && column.fixed && said === null) values[key] = old!
    else if (existing && saysTheSame(column, references, said, old!)) values[key] = old!
    // A vehicle that the importer does not see stands blank in his files, and stays where it is.
    else if (said === null && old != null && column.refers === 'vehicle' && references.nameOf('vehicle', old as number) === '')
      values[key] = old
    else if (said === null) values[key] = existing && column.whenNew === undefined ? null : existing ? old! : (column.whenNew ?? null)
    else if (column.refers && typeof said === 'string') {
      const resolved = references.resolve(column.refers, said)
      if ('id' in resolved) values[key] = resolved.id
      else {
        complain({ row, column: key, message: resolved.problem }, said)
        whole = false
      }
    } else values[key] = said
    if (existing && column.fixed && values[key] !== undefined && values[key] !== old) {
      complain({ row, column: key, message: fixedMessage(column, references, old!) }, String(said ?? ''))
      whole = false
    }
  }
  if (!whole) return undefined
  sheet.settle?.(values, existing)
  return { row, values, existing }
}

const fixedMessage = (column: Column, references: References, old: Value): Words =>
  words(
    `台账中为“${shown(column, references, old, 'zh-CN')}”，不能用导入更改：${column.fixed!.zh}`,
    `The ledger says “${shown(column, references, old, 'en')}”; an import cannot change it: ${column.fixed!.en}`,
  )

/** A cell that says what the ledger holds is no change, however the ledger came to hold it. */
function saysTheSame(column: Column, references: References, said: Value, old: Value): boolean {
  if (said === old) return true
  if (said === null || old === null) return false
  if (column.refers) return typeof said === 'string' && normaliseText(references.nameOf(column.refers, old as number)) === said
  return typeof old === 'string' && column.kind.sql === 'text' && column.kind.normalise(old) === said
}

/** A stored value as a person reads it. */
export function shown(column: Column, references: References, value: Value | undefined, locale: 'zh-CN' | 'en'): string {
  if (value === null || value === undefined) return ''
  return column.refers ? references.nameOf(column.refers, value as number) : String(column.kind.write(value, locale))
}

const shownKey = (sheet: Sheet, values: Record<string, Value>): string => sheet.key.map((key) => String(values[key] ?? '')).join(' ')

async function judge(
  context: Omit<CheckContext, 'references'>,
  sheet: Sheet,
  references: References,
  candidates: Candidate[],
  complain: (complaint: Complaint, value?: string) => void,
): Promise<void> {
  const valueAt = ({ column, row }: Complaint): string => {
    const found = column === null ? undefined : byRow.get(row)
    return found && column ? shown(sheet.columns.find(({ key }) => key === column)!, references, found.values[column], 'zh-CN') : ''
  }
  const byRow = new Map(candidates.map((candidate) => [candidate.row, candidate]))
  const say = (complaint: Complaint) => complain(complaint, valueAt(complaint))
  // What stands in the ledger as the file has it is not judged again: rules may be younger than rows.
  const changing = candidates.filter(({ existing, values }) => sheet.columns.some(({ key }) => values[key] !== existing?.values[key]))
  for (const { key, heading } of sheet.columns.filter(({ unique }) => unique)) {
    const holders = new Map<Value, Candidate>()
    for (const candidate of candidates) {
      const value = candidate.values[key]
      if (value == null) continue
      const first = holders.get(value)
      if (first) say({ row: candidate.row, column: key, message: words(`与第 ${first.row} 行重复`, `The same as row ${first.row}`) })
      else holders.set(value, candidate)
    }
    await breathe()
    const inFile = new Set(candidates.flatMap(({ existing }) => existing?.id ?? []))
    const taken = await findTaken(context.db, sheet, key, [...holders.keys()])
    for (const [value, id] of taken) {
      const holder = holders.get(value)!
      // A holder that is in this file itself is judged by what the file gives it.
      if (holder.existing?.id === id || inFile.has(id)) continue
      say({
        row: holder.row,
        column: key,
        message: words(`${heading.zh}已登记在台账的另一条记录上`, `${heading.en} is on another row of the ledger already`),
      })
    }
  }
  for (const [k, candidate] of changing.entries()) {
    for (const complaint of judgeOpenUnits(sheet, candidate, { ...context, references })) say(complaint)
    for (const complaint of sheet.judge?.(candidate, references, context.today) ?? []) say(complaint)
    if (k % SLICE === SLICE - 1) await breathe()
  }
  for (const complaint of (await sheet.judgeAll?.(changing, { ...context, references })) ?? []) say(complaint)
}

async function sort(sheet: Sheet, plan: Plan, candidates: Candidate[]): Promise<void> {
  for (const [k, candidate] of candidates.entries()) {
    const { existing, values } = candidate
    const before: Record<string, Value> = {}
    const after: Record<string, Value> = {}
    for (const { key } of sheet.columns) {
      const old = existing ? existing.values[key]! : null
      if (values[key] === old) continue
      if (existing) before[key] = old
      after[key] = values[key]!
    }
    if (!existing) plan.created.push({ ...candidate, before, after })
    else if (Object.keys(after).length > 0) plan.changed.push({ ...candidate, before, after })
    else plan.unchanged++
    if (k % SLICE === SLICE - 1) await breathe()
  }
}

/** Names what would be written: the file, the rows with the versions they were seen in, and what they would become. */
export async function digestOf(plan: Plan, fileSha256: Buffer): Promise<string> {
  const hash = createHash('sha256').update(fileSha256)
  for (const [k, { existing, after }] of [...plan.created, ...plan.changed].entries()) {
    hash.update(JSON.stringify([existing?.id ?? null, existing?.version ?? null, after]))
    if (k % SLICE === SLICE - 1) await breathe()
  }
  return hash.update(String(plan.unchanged)).digest('hex')
}
