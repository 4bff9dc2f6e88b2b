// Two filings, line by line: which figures differ, by how much, and which vehicles, orders, entries, or filings from below, make the difference. Pure.
import { type Sums, type TableCode, tableCodes } from '../statistics/table.ts'
import { statisticsTables } from '../statistics/tables.ts'
import type { FiledFact, FiledFacts, FiledTables } from './snapshot.ts'

/** One side: what was filed, the rows of the organisation's own, and the tables of those that were added up in it. */
export type Side = { tables: FiledTables; facts: FiledFacts; below: ReadonlyMap<number, FiledTables> }

export type Line = {
  table: TableCode
  keys: (string | null)[]
  /** Key of the measure. */
  measure: string
  before: number
  after: number
  /** Of the organisation's own rows. */
  facts: { what: string; id: number | null; vehicleId: number | null; before: number; after: number }[]
  /** Of organisations below. */
  below: { organisationId: number; before: number; after: number }[]
}

const close = (one: number, other: number): boolean => Math.abs(one - other) < 1e-6
const keyOf = (keys: readonly (string | null)[]): string => JSON.stringify(keys)
const sumsOf = (tables: FiledTables, code: TableCode): Map<string, Sums> =>
  new Map(tables[code].rows.map(({ keys, sums }) => [keyOf(keys), sums]))

/** Lines whose figure differs, in the order of the tables; what follows from others by a formula is no line of its own. */
export function compareFilings(before: Side, after: Side): Line[] {
  const lines: Line[] = []
  for (const code of tableCodes) {
    const [was, is] = [sumsOf(before.tables, code), sumsOf(after.tables, code)]
    const all = [...new Map([...before.tables[code].rows, ...after.tables[code].rows].map(({ keys }) => [keyOf(keys), keys]))]
    for (const [name, keys] of all.sort(([a], [b]) => (a < b ? -1 : 1)))
      for (const { key, of, atLeaf } of statisticsTables[code].measures) {
        if (of && !atLeaf) continue
        const [one, other] = [was.get(name)?.[key] ?? 0, is.get(name)?.[key] ?? 0]
        if (close(one, other)) continue
        const facts = of ? [] : factsOf(before.facts[code], after.facts[code], name, key)
        lines.push({ table: code, keys, measure: key, before: one, after: other, facts, below: belowOf(before, after, code, name, key) })
      }
  }
  return lines
}

function factsOf(before: readonly FiledFact[], after: readonly FiledFact[], name: string, measure: string): Line['facts'] {
  const found = new Map<string, Line['facts'][number]>()
  const add = (facts: readonly FiledFact[], side: 'before' | 'after') => {
    for (const { what, id, vehicleId, keys, adds } of facts) {
      const value = adds[measure]
      if (!value || keyOf(keys) !== name) continue
      const known = found.get(`${what} ${id}`) ?? { what, id, vehicleId, before: 0, after: 0 }
      found.set(`${what} ${id}`, { ...known, [side]: known[side] + value })
    }
  }
  add(before, 'before')
  add(after, 'after')
  return [...found.values()].filter((each) => !close(each.before, each.after))
}

function belowOf(before: Side, after: Side, code: TableCode, name: string, measure: string): Line['below'] {
  const ids = [...new Set([...before.below.keys(), ...after.below.keys()])].sort((a, b) => a - b)
  const of = (side: Side, id: number): number => {
    const tables = side.below.get(id)
    return (tables && sumsOf(tables, code).get(name)?.[measure]) ?? 0
  }
  return ids
    .map((organisationId) => ({ organisationId, before: of(before, organisationId), after: of(after, organisationId) }))
    .filter((each) => !close(each.before, each.after))
}

/** Do all lines' causes add up to their differences? What does not is said with the comparison. */
export const isExplained = ({ before, after, facts, below }: Line): boolean =>
  close(
    after - before,
    [...facts, ...below].reduce((sum, each) => sum + each.after - each.before, 0),
  )
