// Nothing new hangs on an organisation that is closed, by file as on the page (kernel/within.ts). What is over may have hung there, and so may
// what stays with an organisation when it is closed: a ledger that comes back holds it, and comes back by who keeps the whole region.
import type { Scope } from '../kernel/caller.ts'
import type { Candidate, CheckContext, Complaint, Sheet } from './sheet.ts'
import { refused } from './words.ts'

/** May files of this scope be a whole ledger that comes back? */
export const bringsLedger = ({ lft }: Scope): boolean => lft === 1

export function judgeOpenUnits(
  sheet: Sheet,
  { row, values, existing }: Candidate,
  { references, scope, today }: Pick<CheckContext, 'references' | 'scope' | 'today'>,
): Complaint[] {
  if (sheet.isOver?.(values, today) || (sheet.stays && !existing && bringsLedger(scope))) return []
  return sheet.columns.flatMap(({ key, refers }): Complaint[] => {
    if ((refers !== 'unit' && refers !== 'domain') || values[key] == null || existing?.values[key] === values[key]) return []
    const unit = references.findUnit(values[key] as number)
    return unit && !unit.open ? [{ row, column: key, message: refused('unit.closed', { name: unit.name }) }] : []
  })
}
