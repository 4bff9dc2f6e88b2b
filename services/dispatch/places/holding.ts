// Rows that an organisation sets hold for everything below it. Whoever reads sees the rows of the own subtree and those from above that
// hold for all of it; whoever writes, those of the own subtree.
import { refusal } from '../../contracts/refusals.ts'
import type { Scope } from '../audit/caller.ts'

/** SQL: the organisation `o` of a row is inside the scope or above it. */
export const holdsFor = (o: string, lft: string, rgt: string): string =>
  `(${o}.lft BETWEEN ${lft} AND ${rgt} OR (${o}.lft < ${lft} AND ${o}.rgt > ${rgt}))`

/** Is a row of the organisation with this lft the caller's own to change? */
export const isOwn = (scope: Scope, lft: number): boolean => lft >= scope.lft && lft <= scope.rgt

/** For a name that its organisation has already. @throws */
export const nameTaken = (error: unknown): never => {
  throw (error as { code?: string }).code === '23505' ? refusal('CONFLICT', 'body.name', 'name.taken') : error
}

/** For names in LIKE patterns: wildcards as themselves. */
export const contains = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`
