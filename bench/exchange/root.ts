// A dispatch service over a ledger, and an administrator of the whole region signed in to it. An empty ledger gets the top of the tree.
import { hash as argon2 } from '@node-rs/argon2'
import type { Database } from '../../services/platform/db.ts'
import { pinyinOf } from '../../services/platform/pinyin.ts'
import { PASSWORD } from '../../test/dispatch/region.ts'
import type { startWorld } from '../../test/dispatch/world.ts'

export async function startRoot(test: { teardown(work: () => unknown): void }, db: Database, start: typeof startWorld, model?: Database) {
  if (model) {
    const { rows } = await model.query<{ code: string; name: string; adcode: string }>(
      `SELECT code, name, adcode FROM organisations WHERE kind = 'region'`,
    )
    await db.query(
      `INSERT INTO organisations (organisation_id, kind, adcode, name, name_pinyin, code, lft, rgt) VALUES (1, 'region', $1, $2, $3, $4, 1, 2)`,
      [rows[0]!.adcode, rows[0]!.name, pinyinOf(rows[0]!.name), rows[0]!.code],
    )
  }
  await db.query(
    `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, demo)
     SELECT 'root', '自治区管理员', $1, 'bureau_admin', organisation_id, true FROM organisations WHERE kind = 'region'`,
    [await argon2(PASSWORD, { memoryCost: 64, timeCost: 1, parallelism: 1 })],
  )
  const world = await start(test, db)
  return { world, signed: await world.signIn('root') }
}
