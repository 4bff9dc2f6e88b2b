// What someone types to find something, as LIKE patterns and tests: a piece of a name, of a plate, of pinyin.
import { plateAsStored } from '../../domain/vehicle.ts'

/** Anything that holds `text`, whatever letters of a pattern are in it. */
export const contains = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

/** Search texts are stored without the marks that stand within plates and numbers. */
export const withoutMarks = (text: string): string => text.toLowerCase().replace(/[·•・‧.-]/gu, '')

/** For plates, read as the ledger stores them: 蒙a·d12 finds 蒙AD1234. Null when nothing is left. */
export function platePattern(q: string): string | null {
  const plain = plateAsStored(q)
  return plain === '' ? null : contains(plain)
}

/** For search texts, which hold pinyin and numbers in small letters. */
export const latinPattern = (q: string): string => contains(withoutMarks(q).replace(/\s/gu, ''))

/** SQL: does the name hold what was typed, in capitals or not? What has no capitals is compared as it is, at a third of the cost. */
export const isCalled = ($: (value: unknown) => string, name: string, q: string): string =>
  `${name} ${q.toLowerCase() === q.toUpperCase() ? 'LIKE' : 'ILIKE'} ${$(contains(q))}`

/** SQL: is the row, which has a `name` and its pinyin, meant by what was typed: a piece of the name, or in letters of its pinyin? */
export function isNamed($: (value: unknown) => string, row: string, q: string): string {
  const called = isCalled($, `${row}.name`, q)
  return /[a-z]/i.test(q) ? `(${called} OR ${row}.name_pinyin LIKE ${$(latinPattern(q))})` : called
}

/** SQL: accounts `a` whose user name or display name holds what was typed (`contains`). */
export const namedLike = (a: string, typed: string): string => `(${a}.username ILIKE ${typed} OR ${a}.display_name ILIKE ${typed})`
