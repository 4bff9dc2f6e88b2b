// Favourite places and trips, each account's own; and colleagues who may be named as travelling.
import type { z } from 'zod'
import type { Favourite } from '../../contracts/api/favourites.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import type { Queryable } from '../../platform/db.ts'
import { type Act, requireVersion } from '../kernel/act.ts'
import type { Who } from '../kernel/caller.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { ofAccount } from '../kernel/persons.ts'
import { isCalled } from '../kernel/searchText.ts'
import type { Sent } from './own.ts'
import { colleagues, unitFor } from './requests.ts'

/** Of each kind: more than a thumb scrolls through are none. */
const MOST = 30
const TABLE = { table: 'favourites', key: 'favourite_id' } as const

export async function listFavourites(db: Queryable, accountId: number): Promise<AnswerOf<'listFavourites'>> {
  const { rows } = await db.query<Pick<Favourite, 'favouriteId' | 'kind' | 'name' | 'version'> & { data: never }>(
    'SELECT favourite_id AS "favouriteId", kind, name, data, version FROM favourites WHERE account_id = $1 ORDER BY kind, favourite_id',
    [accountId],
  )
  return {
    rows: rows.map(({ data, ...row }) => ({ ...row, place: row.kind === 'place' ? data : null, trip: row.kind === 'trip' ? data : null })),
  }
}

/** Kept under its name: what was kept under it is replaced. @throws Refusal CONFLICT for one more than anybody keeps */
export async function addFavourite(act: Act, { favourite }: Sent<'addFavourite'>): Promise<AnswerOf<'listFavourites'>> {
  const { client, caller } = act
  const { kind, name } = favourite
  const data = favourite.kind === 'place' ? favourite.place : favourite.trip
  const { rows } = await client.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM favourites WHERE account_id = $1 AND kind = $2 AND name <> $3',
    [caller.accountId, kind, name],
  )
  if (rows[0]!.n >= MOST) throw refusal('CONFLICT', 'body.favourite', 'favourite.many', { most: MOST })
  await client.query(
    `INSERT INTO favourites (account_id, kind, name, data) VALUES ($1, $2, $3, $4)
     ON CONFLICT (account_id, kind, name) DO UPDATE SET data = excluded.data, version = favourites.version + 1`,
    [caller.accountId, kind, name, JSON.stringify(data)],
  )
  act.record('favourite.add', ofAccount(caller.accountId), { after: { favourite: name } })
  return listFavourites(client, caller.accountId)
}

async function lockOwn({ client, caller }: Act, favouriteId: number): Promise<{ name: string; version: number }> {
  const { rows } = await client.query<{ name: string; version: number }>(
    'SELECT name, version FROM favourites WHERE favourite_id = $1 AND account_id = $2 FOR UPDATE',
    [favouriteId, caller.accountId],
  )
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return rows[0]
}

export async function renameFavourite(act: Act, favouriteId: number, body: Sent<'renameFavourite'>): Promise<AnswerOf<'listFavourites'>> {
  const { client, caller } = act
  const old = await lockOwn(act, favouriteId)
  requireVersion(old, body.version)
  const { rowCount } = await client.query(
    `SELECT FROM favourites f JOIN favourites g USING (account_id, kind) WHERE f.favourite_id = $1 AND g.favourite_id <> $1 AND g.name = $2`,
    [favouriteId, body.name],
  )
  if (rowCount > 0) throw refusal('CONFLICT', 'body.name', 'value.taken')
  await changeRow(client, { ...TABLE, id: favouriteId }, { name: body.name })
  act.record('favourite.rename', ofAccount(caller.accountId), { before: { favourite: old.name }, after: { favourite: body.name } })
  return listFavourites(client, caller.accountId)
}

export async function removeFavourite(act: Act, favouriteId: number): Promise<AnswerOf<'listFavourites'>> {
  const { client, caller } = act
  const { name } = await lockOwn(act, favouriteId)
  await client.query('DELETE FROM favourites WHERE favourite_id = $1', [favouriteId])
  act.record('favourite.remove', ofAccount(caller.accountId), { before: { favourite: name } })
  return listFavourites(client, caller.accountId)
}

/** @throws Refusal VALIDATION_FAILED for a unit out of reach */
export async function listColleagues(
  db: Queryable,
  { caller, reach }: Who,
  { q, organisationId, most }: z.output<Api['listColleagues']['query']>,
): Promise<AnswerOf<'listColleagues'>> {
  const unit = await unitFor({ client: db, caller, scope: reach }, organisationId)
  const values: unknown[] = [unit.organisationId, caller.accountId, most]
  const called = q ? ` AND ${isCalled((value) => `$${values.push(value)}`, 'a.display_name', q)}` : ''
  const { rows } = await db.query<AnswerOf<'listColleagues'>['rows'][number]>(
    `SELECT a.account_id AS "accountId", a.display_name AS name FROM ${colleagues} AND a.account_id <> $2${called}
     ORDER BY a.display_name, a.account_id LIMIT $3`,
    values,
  )
  return { rows }
}
