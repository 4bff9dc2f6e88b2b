// A table of statistics: its rows in the order of the dimensions, each beside the period before and the same a year before, and what they add up to.
import type { z } from 'zod'
import type { StatisticsRow } from '../../contracts/api/statistics.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { bands } from '../../domain/statistics/bands.ts'
import { addSums, type Dimension, figuresOf, isPlace, type Sums, wordsOfDimension } from '../../domain/statistics/table.ts'
import { type WordList, wordLists } from '../../domain/words.ts'
import type { Database } from '../../platform/db.ts'
import type { Who } from '../kernel/caller.ts'
import { type Asked, readAsked } from './asked.ts'
import { listBroken } from './broken.ts'
import type { TreeOf } from './organisationTree.ts'
import { sumUp } from './sumUp.ts'

type Query = z.output<Api['readStatistics']['query']>

/** @throws Refusal as `readAsked` */
export async function readStatistics(
  db: Database,
  { caller, reach }: Who,
  code: Asked['code'],
  { limit, offset, organisationId, ...query }: Query,
  nowMs: number,
): Promise<AnswerOf<'readStatistics'>> {
  const asked = readAsked(caller, code, query, nowMs)
  const { table, by } = asked
  const within = { scope: reach, organisationId }
  const now = await sumUp(db, asked, within, asked.now)
  const before = await sumUp(db, asked, within, asked.before)
  // Of a year they are the same.
  const yearBefore = asked.yearBefore.period === asked.before.period ? before : await sumUp(db, asked, within, asked.yearBefore)
  const all = new Map([...yearBefore.groups, ...before.groups, ...now.groups].map(([name, { keys }]) => [name, keys]))
  const said = [...all].map(([name, keys]) => ({
    name,
    keys,
    places: keys.map((key, at) => placeOf(by[at]!, key, [now.tree, before.tree])),
  }))
  said.sort((a, b) => inOrder(by, a, b))
  const figures = (sums: Sums | undefined) => figuresOf(table, sums ?? {})
  const names = await namesOf(db, by, said)
  const rows = said.slice(offset, offset + limit).map(
    ({ name, keys, places }): StatisticsRow => ({
      keys,
      names: keys.map((key, at) => places[at]?.name ?? names(by[at]!, key)),
      now: figures(now.groups.get(name)?.sums),
      before: figures(before.groups.get(name)?.sums),
      yearBefore: figures(yearBefore.groups.get(name)?.sums),
    }),
  )
  const whole = ({ groups }: typeof now) => figures([...groups.values()].reduce<Sums>((sums, group) => addSums(sums, group.sums), {}))
  return {
    ...{ period: asked.now, before: asked.before, yearBefore: asked.yearBefore, open: asked.open, by },
    measures: table.measures.map(({ key, kind, words, formula }) => ({ key, kind, words: pair(words), formula: pair(formula) })),
    total: said.length,
    rows,
    sum: { now: whole(now), before: whole(before), yearBefore: whole(yearBefore) },
    broken: code === 'T6' ? await listBroken(db, reach, within, asked.now) : [],
  }
}

const pair = ([zh, en]: readonly [string, string, ...string[]]): [string, string] => [zh, en]

function placeOf(dimension: Dimension, key: string | null, trees: readonly TreeOf[]) {
  if (!isPlace(dimension) || key === null) return null
  for (const tree of trees) {
    // A banner or league is told by its own name then; `unit` is any organisation.
    const place = tree(Number(key)).unit
    if (place) return place
  }
  return null
}

/** Where a value stands among the words or the bands of its dimension; those that have names stand by their numbers. */
function orderOf(dimension: Dimension, key: string): number {
  const list = wordsOfDimension[dimension]
  if (list === null) return 0
  return list in bands
    ? bands[list as keyof typeof bands].findIndex((band) => band.key === key)
    : Object.keys(wordLists[list as WordList]).indexOf(key)
}

type Said = { keys: (string | null)[]; places: ({ name: string; order: number } | null)[] }

/** By the tree where it is a place, else in the order of its words or bands; what is not known comes last. */
function inOrder(by: readonly Dimension[], a: Said, b: Said): number {
  for (const [at, dimension] of by.entries()) {
    const [one, other] = [a.keys[at]!, b.keys[at]!]
    if (one === other) continue
    if (one === null || other === null) return one === null ? 1 : -1
    const rank = ({ places, keys }: Said) => places[at]?.order ?? orderOf(dimension, keys[at]!)
    return rank(a) - rank(b) || (one < other ? -1 : 1)
  }
  return 0
}

/** What compounds and pools are called. */
async function namesOf(db: Database, by: readonly Dimension[], said: readonly Said[]) {
  const found = new Map<string, string>()
  for (const [at, dimension] of by.entries()) {
    if (dimension !== 'compound' && dimension !== 'pool') continue
    const ids = said.map(({ keys }) => keys[at]).filter((key) => key != null)
    const [table, id] = dimension === 'compound' ? ['compounds', 'compound_id'] : ['motor_pools', 'pool_id']
    const { rows } = await db.query<{ id: number; name: string }>(
      `SELECT ${id} AS id, name FROM ${table} WHERE ${id} IN (SELECT unnest($1::text[])::int)`,
      [ids],
    )
    for (const row of rows) found.set(`${dimension} ${row.id}`, row.name)
  }
  return (dimension: Dimension, key: string | null): string | null => found.get(`${dimension} ${key}`) ?? null
}
