// Which rules of approval a dialog begins with: what is left out of them would hold no more.
import t from 'tap'
import type { ApprovalRulesRow } from '../../services/contracts/api/approvals.ts'
import { rulesInForce } from '../../web/pages/requests/rulesInForce.ts'

const row = (organisationId: number | null, effectiveFrom: string): ApprovalRulesRow => ({
  organisation: organisationId === null ? null : { organisationId, name: `示例 ${organisationId}` },
  effectiveFrom,
  rules: { rules: [], remindAfterH: 4, escalateAfterH: 24, bothForH: 24 },
  version: 1,
})
/** A league 10 below the region 1, its unit 20 and the section 21 of that; the reader is the league's. */
const isOwn = (id: number) => id >= 10
const held = (rows: ApprovalRulesRow[], path: number[]) => {
  const found = rulesInForce(rows, path, isOwn, '2026-12-01')
  return found && [found.organisation?.organisationId ?? null, found.effectiveFrom]
}

t.test('the nearest organisation’s rules hold, of it the latest that have begun', (t) => {
  const rows = [row(null, '2000-01-01'), row(1, '2027-01-01'), row(1, '2025-01-01'), row(1, '2024-01-01'), row(20, '2027-01-01')]
  t.same(held(rows, [10, 20]), [1, '2025-01-01'], 'the unit’s own have not begun')
  t.same(held([...rows, row(20, '2026-12-01')], [10, 20, 21]), [20, '2026-12-01'])
  t.same(held([...rows, row(21, '2020-01-01')], [10, 20]), [1, '2025-01-01'], 'what is below holds for what is below')
  t.same(held([...rows, row(10, '2020-01-01'), row(30, '2020-01-01')], [10, 20]), [10, '2020-01-01'])
  t.same(held([row(null, '2000-01-01')], [10]), [null, '2000-01-01'])
  t.equal(held([], [10]), undefined)
  t.end()
})
