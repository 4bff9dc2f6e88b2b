// Writes approval rules, tariffs, budgets and agreements, in the transaction of the rest.
import type { Queryable } from '../../platform/db.ts'
import { insert } from './insert.ts'
import type { DemoRegion } from './region.ts'

const SINCE = '2024-01-01'

/** After accounts and suppliers. Budgets and agreements are of the year of `day`. */
export async function writeTerms(client: Queryable, { terms, organisations }: DemoRegion, day: string): Promise<void> {
  const year = Number(day.slice(0, 4))
  await client.query('INSERT INTO approval_rules (organisation_id, effective_from, rules) VALUES ($1, $2, $3)', [
    organisations[0]!.organisationId,
    SINCE,
    JSON.stringify(terms.rules),
  ])
  await insert(client, 'tariffs', terms.tariffs, {
    organisation_id: ['int', (t) => t.organisationId],
    kind: ['text', (t) => t.kind],
    supplier_id: ['int', (t) => t.supplierId],
    body_type: ['text', (t) => t.bodyType],
    effective_from: ['date', () => SINCE],
    base_fen: ['int', (t) => t.baseFen],
    included_m: ['int', (t) => t.includedM],
    included_min: ['int', (t) => t.includedMin],
    km_fen: ['int', (t) => t.kmFen],
    hour_fen: ['int', (t) => t.hourFen],
    driver_fen: ['int', (t) => t.driverFen],
    night_fen: ['int', (t) => t.nightFen],
    away_fen: ['int', (t) => t.awayFen],
    note: ['text', (t) => t.note],
  })
  const { rows } = await client.query<{ id: number }>(`SELECT account_id AS id FROM accounts WHERE username = 'finance'`)
  await insert(client, 'budgets', terms.budgets, {
    unit_id: ['int', (b) => b.unitId],
    year: ['int', () => year],
    revision: ['int', () => 1],
    fen: ['bigint', (b) => b.fen],
    set_at: ['timestamptz', () => `${year}-01-01T00:00:00+08:00`],
    set_by: ['int', () => rows[0]!.id],
    reason: ['text', () => `${year} 年度公务用车运行预算`],
  })
  await insert(client, 'loan_agreements', terms.agreements, {
    lender_id: ['int', (a) => a.lenderId],
    borrower_id: ['int', (a) => a.borrowerId],
    from_day: ['date', () => `${year}-01-01`],
    until_day: ['date', () => `${year}-12-31`],
    note: ['text', (a) => a.note],
  })
}
