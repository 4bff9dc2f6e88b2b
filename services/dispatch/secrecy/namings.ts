// Naming those who may see a sensitive vehicle, and ending it. Laws: nobody names himself; a naming reaches no further than the account's
// own scope; one account has at most one naming of a vehicle that runs.
import type { Naming } from '../../contracts/api/secrecy.ts'
import type { AnswerOf, BodyOf } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { grantOf, type Role, roles } from '../../domain/permissions.ts'
import type { Queryable } from '../../platform/db.ts'
import { wrote } from '../../platform/wrote.ts'
import type { Act } from '../kernel/act.ts'
import type { Sight } from '../kernel/caller.ts'
import { isSamePerson } from '../kernel/persons.ts'
import { contains, namedLike } from '../kernel/searchText.ts'
import { getNaming, getSecretVehicle } from './register.ts'

/** Roles that see vehicles at all: naming any other would say something that is not so. */
const sees = (role: Role): boolean =>
  (['live.view', 'ledger.view'] as const).some((capability) => grantOf(role, capability).reach !== 'none')
const seeing = roles.filter(sees)
const SHOWN = 20

type Nameable = AnswerOf<'listNameable'>['rows'][number] & { accountId: number }

/** Accounts that reach a unit: active, and of an organisation that is the unit or above it. */
async function findNameable(db: Queryable, unitLft: number, test: string, value: string): Promise<Nameable[]> {
  const { rows } = await db.query<Nameable>(
    `SELECT a.account_id AS "accountId", a.username, a.display_name AS "displayName", a.role, o.name AS organisation
     FROM accounts a JOIN organisations o USING (organisation_id)
     WHERE $1 BETWEEN o.lft AND o.rgt AND a.status = 'active' AND a.role = ANY($2) AND ${test}
     ORDER BY o.lft DESC, a.username LIMIT ${SHOWN}`,
    [unitLft, seeing, value],
  )
  return rows
}

export async function listNameable(db: Queryable, reach: Sight, secretNo: number, q = ''): Promise<AnswerOf<'listNameable'>> {
  const { unitLft } = await getSecretVehicle(db, reach, secretNo)
  const found = await findNameable(db, unitLft, namedLike('a', '$3'), contains(q))
  return { rows: found.map(({ accountId: _accountId, ...row }) => row) }
}

const ofSecret = (secretNo: number) => ({ type: 'secret-vehicle', id: secretNo })

/** @throws Refusal NOT_FOUND for a vehicle out of scope; VALIDATION_FAILED, CONFLICT */
export async function nameForSecret(
  { client, caller, scope, nowMs, record }: Act,
  secretNo: number,
  { username, until, reason }: BodyOf<'nameForSecret'>,
): Promise<Naming> {
  if (until !== null && Date.parse(until) <= nowMs) throw refusal('VALIDATION_FAILED', 'body.until', 'naming.until')
  const { unitLft } = await getSecretVehicle(client, scope, secretNo)
  const [account] = await findNameable(client, unitLft, 'lower(a.username) = $3', username)
  if (!account) throw refusal('VALIDATION_FAILED', 'body.username', 'naming.account')
  if (await isSamePerson(client, caller.accountId, account.accountId)) throw refusal('FORBIDDEN', 'body.username', 'naming.self')
  await client.query('SELECT FROM secret_vehicles WHERE secret_no = $1 FOR UPDATE', [secretNo])
  const { rowCount } = await client.query(
    'SELECT FROM secret_namings WHERE secret_no = $1 AND account_id = $2 AND ended_at IS NULL AND (until IS NULL OR until > $3)',
    [secretNo, account.accountId, new Date(nowMs)],
  )
  if (rowCount > 0) throw refusal('CONFLICT', 'body.username', 'naming.known')
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO secret_namings (secret_no, account_id, named_at, named_by, reason, until) VALUES ($1, $2, $3, $4, $5, $6)
     RETURNING naming_id AS id`,
    [secretNo, account.accountId, new Date(nowMs), caller.accountId, reason, until],
  )
  record('secrecy.name', ofSecret(secretNo), { after: { namingId: rows[0]!.id, username, until }, reason })
  return getNaming(client, rows[0]!.id, nowMs)
}

/** @throws Refusal NOT_FOUND, CONFLICT when it has ended */
export async function endNaming({ client, caller, scope, nowMs, record }: Act, namingId: number, reason: string): Promise<Naming> {
  const { rows } = await client.query<{ secret_no: number; username: string; ended_at: Date | null }>(
    `SELECT n.secret_no, a.username, n.ended_at FROM secret_namings n JOIN accounts a USING (account_id)
     WHERE n.naming_id = $1 FOR UPDATE OF n`,
    [namingId],
  )
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  const { secret_no: secretNo, username } = rows[0]
  await getSecretVehicle(client, scope, secretNo)
  if (rows[0].ended_at) throw refusal('CONFLICT', 'params.namingId', 'naming.ended')
  const ending = 'UPDATE secret_namings SET ended_at = $2, ended_by = $3, ended_reason = $4 WHERE naming_id = $1'
  wrote(await client.query(ending, [namingId, new Date(nowMs), caller.accountId, reason]), 1, 'the end of a naming')
  const ended = await getNaming(client, namingId, nowMs)
  record('secrecy.naming-end', ofSecret(secretNo), { before: { namingId, username, until: ended.until }, reason })
  return ended
}
