// The demo accounts, shown at sign-in while the demo runs and at no other time.
import type { AnswerOf } from '../../contracts/api.ts'
import type { Role } from '../../domain/permissions.ts'
import type { Database } from '../../platform/db.ts'

export async function listDemoAccounts(db: Database, demo: boolean, password: string | undefined): Promise<AnswerOf<'listDemoAccounts'>> {
  if (!demo) return { password: null, accounts: [] }
  const { rows } = await db.query<{ username: string; role: Role; organisation: string }>(
    `SELECT a.username, a.role, o.name AS organisation FROM accounts a JOIN organisations o USING (organisation_id)
     WHERE a.demo ORDER BY a.account_id`,
  )
  return { password: password ?? null, accounts: rows }
}
