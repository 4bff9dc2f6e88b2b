// `npm run account:first`: makes the first system, security or audit administrator of an installation, which nobody could sign in to
// make. Refused as soon as an active account of that role exists: from then on accounts are two people's work.
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { personNoSchema } from '../../contracts/api/identity.ts'
import { faultsOf } from '../../domain/passwords.ts'
import { type Role, separatedRoles } from '../../domain/permissions.ts'
import { securityLimitsSchema } from '../../domain/securityPolicy.ts'
import { newUsernameSchema } from '../../domain/username.ts'
import { readConfig, runMain, StartupError } from '../../platform/config.ts'
import { type Database, openDatabase, type Queryable } from '../../platform/db.ts'
import { embeddedApplicationUrl } from '../../platform/embeddedUrl.ts'
import { FIRST_ACCOUNT_LOCK, takeLock } from '../../platform/locks.ts'
import { pinyinOf } from '../../platform/pinyin.ts'
import { ofAccount } from '../kernel/persons.ts'
import { recordAuditMany } from '../kernel/record.ts'
import { hashPassword, newOneTimePassword, rememberPassword } from './passwords.ts'

const configSchema = z.object({
  'database-url': z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'a postgresql:// address')
    .optional()
    .describe('The database of the installation'),
  data: z.string().min(1).optional().describe('Instead of an address: the data directory of a running npm start'),
  username: z.string('give a user name').pipe(newUsernameSchema).describe('Name to sign in with'),
  role: z
    .enum(['system_admin', 'security_admin', 'audit_admin'], 'one of system_admin, security_admin, audit_admin')
    .describe('system_admin, security_admin or audit_admin'),
  'person-no': z.string('give the staff number of this person').pipe(personNoSchema).describe('Staff number: it tells people apart'),
  'display-name': z.string().trim().min(1).max(40).optional().describe('Name that others read; without it the user name'),
  'password-stdin': z
    .enum(['true', 'false'])
    .default('false')
    .describe('Reads the password from standard input (one line) instead of making one. It must be changed at first use all the same.'),
  'region-name': z
    .string()
    .trim()
    .min(2)
    .max(100)
    .optional()
    .describe('In an empty database: the region itself, on which everything else will hang.'),
  adcode: z
    .string()
    .regex(/^\d{6}$/, 'six digits')
    .default('150000')
    .describe('Code of the region (GB/T 2260)'),
})
type Config = z.infer<typeof configSchema>

runMain(async () => {
  const config = readConfig(configSchema, process.argv.slice(2), process.env, {
    command: 'npm run account:first --',
    does: 'Makes the first system, security or audit administrator of an installation. Refused as soon as an active account of that role exists.',
    example:
      'npm run account:first -- --database-url postgresql://morin@db/morin --username zhang.sys --role system_admin --person-no 1001 --region-name 内蒙古自治区',
  })
  const db = openDatabase({ url: await urlOf(config), applicationName: 'account:first', maxConnections: 1 })
  try {
    const given = config['password-stdin'] === 'true'
    const password = given ? await readLine() : newOneTimePassword()
    if (given) await refuseWeak(db, config.username, password)
    await createFirst(db, config, password)
    process.stdout.write(`account ${config.username} (${config.role}) was made; the password must be changed at the first sign-in\n`)
    if (!given) process.stdout.write(`one-time password: ${password}\n`)
  } finally {
    await db.close()
  }
})

async function urlOf({ data, 'database-url': url }: Config): Promise<string> {
  if (data !== undefined) return embeddedApplicationUrl(data)
  if (url === undefined) throw new StartupError('Give the database: --data of a running npm start, or --database-url (DATABASE_URL).')
  return url
}

async function createFirst(db: Database, config: Config, password: string): Promise<void> {
  const { username, role } = config
  const passwordHash = await hashPassword(password)
  const now = new Date()
  try {
    await db.transaction(async (client) => {
      await takeLock(client, FIRST_ACCOUNT_LOCK)
      const { rows: present } = await client.query<{ username: string }>(
        `SELECT username FROM accounts WHERE role = $1 AND status = 'active' AND NOT demo LIMIT 1`,
        [role],
      )
      if (present[0])
        throw new StartupError(`There is an active ${role} already (${present[0].username}); further accounts are made in the system.`)
      const { rows: demo } = await client.query('SELECT 1 FROM accounts WHERE demo LIMIT 1')
      if (demo[0]) throw new StartupError('This database holds the demo, whose passwords everybody knows; use a database of your own.')
      const { organisationId, made } = await rootOrganisation(client, config)
      const { rows } = await client.query<{ account_id: number }>(
        `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, status, person_no, created_at, password_set_at,
           must_change_password)
         VALUES ($1, $2, $3, $4, $5, 'active', $6, $7, $7, true) RETURNING account_id`,
        [username, config['display-name'] ?? username, passwordHash, role, organisationId, config['person-no'], now],
      )
      const accountId = rows[0]!.account_id
      await rememberPassword(client, accountId, passwordHash, now.getTime())
      await client.query('INSERT INTO role_grants (account_id, role, organisation_id, granted_at, reason) VALUES ($1, $2, $3, $4, $5)', [
        accountId,
        role,
        organisationId,
        now,
        'account:first',
      ])
      const common = { atMs: now.getTime(), actor: { accountId: null, username: 'account:first', role: null } }
      const after = { username, role, organisationId, personNo: config['person-no'] }
      await recordAuditMany(client, [
        ...(made ? [{ ...common, action: 'organisation.create' as const, subject: { type: 'organisation', id: 1 }, after: made }] : []),
        { ...common, action: 'account.create', subject: ofAccount(accountId), after },
      ])
    })
  } catch (error) {
    throw sentenceOf(error, config)
  }
}

/** The region, made first where the database holds nothing yet and a name was given. */
async function rootOrganisation(client: Queryable, config: Config): Promise<{ organisationId: number; made?: object }> {
  const { rows } = await client.query<{ organisation_id: number }>(
    'SELECT organisation_id FROM organisations WHERE parent_id IS NULL LIMIT 1',
  )
  if (rows[0]) return { organisationId: rows[0].organisation_id }
  const name = config['region-name']
  if (!name) throw new StartupError('The database holds no organisation yet; name the region with --region-name (and --adcode).')
  await client.query(
    `INSERT INTO organisations (organisation_id, parent_id, kind, adcode, name, name_pinyin, lft, rgt) VALUES (1, NULL, 'region', $1, $2, $3, 1, 2)`,
    [config.adcode, name, pinyinOf(name)],
  )
  return { organisationId: 1, made: { kind: 'region', name, adcode: config.adcode } }
}

async function refuseWeak(db: Queryable, username: string, password: string): Promise<void> {
  const { rows } = await db.query(
    'SELECT limits FROM security_policies WHERE effective_from <= now() ORDER BY effective_from DESC, policy_id DESC LIMIT 1',
  )
  const faults = faultsOf(password, username, securityLimitsSchema.parse(rows[0]!.limits))
  if (faults.length > 0) throw new StartupError(`The password will not do: ${faults.join(', ')}.`)
}

async function readLine(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('password: ')
  for await (const line of createInterface({ input: process.stdin })) return line
  throw new StartupError('No password came on standard input.')
}

function sentenceOf(error: unknown, { username }: Config): unknown {
  const { code, constraint } = error as { code?: string; constraint?: string }
  if (code !== '23505') return error
  if (constraint === 'accounts_one_separated_role')
    return new StartupError(`This person holds one of ${(separatedRoles as Role[]).join(', ')} already; no person holds two.`)
  return new StartupError(`The user name ${username} is taken.`)
}
