// Rows that an organisation sets hold for everything below it. Whoever reads sees the rows of their subtree and those from above that
// hold for all of it; whoever writes, those of their subtree.
import type { Scope } from '../kernel/caller.ts'

/** SQL: the organisation `o` of a row is inside the scope or above it. */
export const holdsFor = (o: string, lft: string, rgt: string): string =>
  `(${o}.lft BETWEEN ${lft} AND ${rgt} OR (${o}.lft < ${lft} AND ${o}.rgt > ${rgt}))`

/** Is a row of the organisation with this lft the caller's own to change? */
export const isOwn = (scope: Scope, lft: number): boolean => lft >= scope.lft && lft <= scope.rgt
