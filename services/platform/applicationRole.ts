// The role that ingest and dispatch connect as: one for each database, so that what opens one database opens no other.

import { grantApplicationRights, quoteName } from './applicationRights.ts'
import { StartupError } from './config.ts'
import type { Queryable } from './db.ts'
import { scramVerifier } from './scram.ts'

/** The role of a database, unless another is named: `morin` has `morin_app`. */
export const applicationRoleOf = (database: string): string => `${database}_app`

export type ApplicationRole = {
  /** Its name; without it that of the database. A role that is named may exist already, whoever made it. */
  name?: string | undefined
  /** Lets it log in with this password, of which the server is told only the verifier. Printable ASCII. */
  password?: string | undefined
}

/**
 * Makes the role if need be, gives it exactly the rights of applicationRights.ts, and lets nobody else connect to this database.
 * Runs in the transaction of `client`, who owns the schema. Returns its name.
 * @throws StartupError when the role is somebody else's or may do more
 */
export async function openToApplication(client: Queryable, { name, password }: ApplicationRole): Promise<string> {
  const { rows } = await client.query<{ database: string; mine: boolean }>(
    `SELECT datname::text AS database, pg_has_role(current_user, datdba, 'USAGE') AS mine FROM pg_database WHERE datname = current_database()`,
  )
  const { database, mine } = rows[0]!
  const role = name ?? applicationRoleOf(database)
  const purpose = `Morin: its services, on the database ${database} alone`
  if (Buffer.byteLength(role) > 63) throw new StartupError(`The role ${role} would have too long a name; name another with --app-role.`)
  await makeRole(client, role, purpose, name !== undefined)
  if (mine) {
    await client.query(`REVOKE CONNECT, TEMPORARY, CREATE ON DATABASE ${quoteName(database)} FROM PUBLIC`)
    await client.query(`GRANT CONNECT ON DATABASE ${quoteName(database)} TO ${quoteName(role)}`)
  }
  await grantApplicationRights(client, role)
  if (password !== undefined) await client.query(`ALTER ROLE ${quoteName(role)} LOGIN PASSWORD '${scramVerifier(password)}'`)
  return role
}

type Found = { powerful: boolean; purpose: string | null; owns: boolean }

async function makeRole(client: Queryable, role: string, purpose: string, named: boolean): Promise<void> {
  const { rows } = await client.query<Found>(
    `SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid)
         AS powerful, shobj_description(r.oid, 'pg_authid') AS purpose,
       EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relnamespace = 'public'::regnamespace) AS owns
     FROM pg_roles r WHERE rolname = $1`,
    [role],
  )
  const found = rows[0]
  if (!found) {
    await client.query(`CREATE ROLE ${quoteName(role)} NOLOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS`)
    await client.query(`COMMENT ON ROLE ${quoteName(role)} IS '${purpose.replaceAll("'", "''")}'`)
    return
  }
  if (found.powerful || found.owns)
    throw new StartupError(`The role ${role} may do more than the services may be allowed to; name another with --app-role.`)
  // morin_app was made by the migration that began the audit log, without a word about whose it is.
  if (!named && found.purpose !== purpose && role !== 'morin_app')
    throw new StartupError(
      `There is a role ${role} already that was not made for this database; name another with --app-role, or this one to use it.`,
    )
}
