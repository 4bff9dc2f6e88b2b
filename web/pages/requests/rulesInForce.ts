// Which rules of approval hold for an organisation: those of the nearest one above it that has any, itself first.
import type { ApprovalRulesRow } from '../../../services/contracts/api/approvals.ts'

/**
 * @param rows as the server tells them: from above to below, of one organisation the latest first
 * @param path the organisation and what stands above it within the reader's own, from above to below
 * @param isOwn whether an organisation is within the reader's own; the others of `rows` stand above all of it
 */
export function rulesInForce(
  rows: readonly ApprovalRulesRow[],
  path: readonly number[],
  isOwn: (organisationId: number) => boolean,
  day: string,
): ApprovalRulesRow | undefined {
  const begun = rows.filter(({ effectiveFrom }) => effectiveFrom <= day)
  const idOf = ({ organisation }: ApprovalRulesRow) => organisation?.organisationId ?? null
  const above = begun.map(idOf).filter((id) => id !== null && !isOwn(id))
  const nearestFirst = [...path.toReversed(), ...above.toReversed(), null]
  for (const id of nearestFirst) {
    const found = begun.find((row) => idOf(row) === id)
    if (found) return found
  }
  return undefined
}
