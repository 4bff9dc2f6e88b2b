// The role that ingest and dispatch connect as, on the embedded database. The migrations make it and say what it may do; here it is
// let in (the directory of the application's socket is the password), and the one way out of it that a shared session would leave is shut: set_config
// can name a role in ways that the door cannot read. Blocks (DO) are refused at the door for the same reason.
import type { Queryable } from '../../platform/db.ts'
import { applicationRole } from '../../platform/migrate.ts'

/** Call it as the owner, after the migrations. */
export async function openApplicationRole(client: Queryable): Promise<void> {
  await client.query(`ALTER ROLE ${applicationRole} LOGIN`)
  await client.query('REVOKE EXECUTE ON FUNCTION pg_catalog.set_config FROM PUBLIC')
}
