// Creating, renaming, moving and closing organisations. What was called otherwise or stood elsewhere is kept with the instant until which.

import type { LedgerOrganisation } from '../../contracts/api/ledger.ts'
import type { BodyOf } from '../../contracts/api.ts'
import { refusal } from '../../contracts/refusals.ts'
import { adcodeNamed } from '../../domain/region/region.ts'
import type { Queryable } from '../../platform/db.ts'
import { pinyinOf } from '../../platform/pinyin.ts'
import { type Act, difference, requireVersion } from '../kernel/act.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { judgeClose, judgeMove, requireFreeName, requireShared, requireTier } from './organisationRules.ts'
import { renumber } from './tree.ts'
import { getOpenUnit, getUnit, type Unit } from './units.ts'

export const organisationAnswer = ({ lft: _lft, rgt: _rgt, ...unit }: Unit): LedgerOrganisation => unit

const subjectOf = (organisationId: number) => ({ type: 'organisation', id: organisationId })
const rowOf = (organisationId: number) => ({ table: 'organisations', key: 'organisation_id', id: organisationId })

/** Keeps what the organisation was until now. */
export async function keepPast(client: Queryable, nowMs: number, where: string, values: unknown[]): Promise<void> {
  await client.query(
    `INSERT INTO organisation_past (organisation_id, until, name, parent_id, adcode)
     SELECT organisation_id, $1, name, parent_id, adcode FROM organisations WHERE ${where}
     ON CONFLICT DO NOTHING`,
    [new Date(nowMs), ...values],
  )
}

export async function createOrganisation(change: Act, body: BodyOf<'createOrganisation'>): Promise<LedgerOrganisation> {
  const { client, scope, nowMs } = change
  const parent = await getOpenUnit(client, scope, body.parentId, 'body.parentId')
  requireTier(body.kind, parent)
  await requireFreeName(client, parent.organisationId, body.name)
  const adcode = body.kind === 'unit' ? parent.adcode : (body.adcode ?? adcodeNamed(body.name, body.kind, parent.adcode) ?? parent.adcode)
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO organisations (parent_id, kind, adcode, name, name_pinyin, cost_centre, opened_at, lft, rgt)
     SELECT $1, $2, $3, $4, $5, $6, $7, max(rgt) + 1, max(rgt) + 2 FROM organisations RETURNING organisation_id AS id`,
    [parent.organisationId, body.kind, adcode, body.name, pinyinOf(body.name), body.costCentre ?? null, new Date(nowMs)],
  )
  await renumber(client)
  const made = organisationAnswer(await getUnit(client, await scopeNow(change), rows[0]!.id))
  const { name, kind, parentId } = made
  change.record('organisation.create', subjectOf(made.organisationId), { after: { name, kind, parentId, adcode }, reason: body.reason })
  return made
}

export async function changeOrganisation(
  change: Act,
  organisationId: number,
  body: BodyOf<'changeOrganisation'>,
): Promise<LedgerOrganisation> {
  const { client, scope, nowMs } = change
  const unit = await getOpenUnit(client, scope, organisationId, 'params.organisationId')
  requireVersion(unit, body.version)
  const { version: _version, reason, ...set } = body
  const changed = difference<Partial<Unit>>(unit, set)
  if (Object.keys(changed.after).length === 0) return organisationAnswer(unit)
  await requireShared(client, unit, set)
  if (changed.after.name !== undefined) {
    await requireFreeName(client, unit.parentId, changed.after.name, organisationId)
  }
  if (changed.after.name !== undefined || changed.after.adcode !== undefined)
    await keepPast(client, nowMs, 'organisation_id = $2', [organisationId])
  if (changed.after.adcode !== undefined) await recode(change, unit, changed.after.adcode)
  const next = { ...unit, ...changed.after }
  await changeRow(client, rowOf(organisationId), {
    name: next.name,
    name_pinyin: pinyinOf(next.name),
    cost_centre: next.costCentre,
    compound_id: next.compoundId,
    pool_id: next.poolId,
    adcode: next.adcode,
  })
  change.record('organisation.change', subjectOf(organisationId), { ...changed, reason })
  return { ...organisationAnswer(next), version: unit.version + 1 }
}

/** The units of a league or banner take its code; what is another area below it keeps its own. */
async function recode({ client, nowMs, notes }: Act, area: Unit, adcode: string): Promise<void> {
  if (area.kind === 'unit') throw refusal('VALIDATION_FAILED', 'body.adcode', 'organisation.unitCode')
  const { rows } = await client.query<{ id: number; old: string }>(
    `SELECT organisation_id AS id, adcode AS old FROM organisations o WHERE lft > $1 AND rgt < $2 AND kind = 'unit' AND adcode <> $3
       AND NOT EXISTS (SELECT FROM organisations a WHERE a.kind <> 'unit' AND a.lft > $1 AND a.lft < o.lft AND a.rgt > o.rgt)`,
    [area.lft, area.rgt, adcode],
  )
  const ids = rows.map(({ id }) => id)
  await keepPast(client, nowMs, 'organisation_id = ANY($2::int[])', [ids])
  await client.query('UPDATE organisations SET adcode = $2, version = version + 1 WHERE organisation_id = ANY($1::int[])', [ids, adcode])
  for (const { id, old } of rows) notes.add({ type: 'organisation', id }, { adcode: old }, { adcode })
}

export async function moveOrganisation(change: Act, organisationId: number, body: BodyOf<'moveOrganisation'>): Promise<LedgerOrganisation> {
  const { client, scope } = change
  const { unit, parent } = await judgeMove(client, scope, organisationId, body.parentId)
  requireVersion(unit, body.version)
  await putUnder(change, unit, parent)
  await renumber(client)
  const moved = organisationAnswer(await getUnit(client, await scopeNow(change), organisationId))
  change.record('organisation.move', subjectOf(organisationId), {
    ...difference<Partial<LedgerOrganisation>>(organisationAnswer(unit), { parentId: moved.parentId, adcode: moved.adcode }),
    detail: { from: unit.parentId, to: parent.organisationId },
    reason: body.reason,
  })
  return moved
}

/** Units take the code of the place they now stand under, and leave what only their old superiors share. */
async function putUnder({ client, nowMs, notes }: Act, unit: Unit, parent: Unit): Promise<void> {
  await keepPast(client, nowMs, `lft BETWEEN $2 AND $3 AND (organisation_id = $4 OR (kind = 'unit' AND $5 AND adcode <> $6))`, [
    unit.lft,
    unit.rgt,
    unit.organisationId,
    unit.kind === 'unit',
    parent.adcode,
  ])
  await changeRow(client, rowOf(unit.organisationId), { parent_id: parent.organisationId })
  if (unit.kind === 'unit') {
    const { rows } = await client.query<{ id: number; old: string }>(
      `UPDATE organisations o SET adcode = $3 FROM (SELECT organisation_id, adcode FROM organisations WHERE lft BETWEEN $1 AND $2) old
       WHERE o.organisation_id = old.organisation_id AND o.adcode <> $3 RETURNING o.organisation_id AS id, old.adcode AS old`,
      [unit.lft, unit.rgt, parent.adcode],
    )
    for (const { id, old } of rows) notes.add({ type: 'organisation', id }, { adcode: old }, { adcode: parent.adcode })
  }
  const above = `(SELECT organisation_id FROM organisations WHERE lft <= $3 AND $4 <= rgt)`
  for (const [column, table, field] of [
    ['compound_id', 'compounds', 'compoundId'],
    ['pool_id', 'motor_pools', 'poolId'],
  ] as const) {
    const { rows } = await client.query<{ id: number; old: number }>(
      `UPDATE organisations o SET ${column} = NULL FROM ${table} s WHERE o.lft BETWEEN $1 AND $2 AND s.${column} = o.${column}
         AND s.organisation_id NOT IN ${above}
         AND s.organisation_id NOT IN (SELECT organisation_id FROM organisations WHERE lft BETWEEN $1 AND $2)
       RETURNING o.organisation_id AS id, s.${column} AS old`,
      [unit.lft, unit.rgt, parent.lft, parent.rgt],
    )
    for (const { id, old } of rows) notes.add({ type: 'organisation', id }, { [field]: old }, { [field]: null })
  }
}

export async function closeOrganisation(
  change: Act,
  organisationId: number,
  body: BodyOf<'closeOrganisation'>,
): Promise<LedgerOrganisation> {
  const { client, scope, nowMs } = change
  const unit = await judgeClose(client, scope, organisationId)
  requireVersion(unit, body.version)
  const closedAt = new Date(nowMs)
  await changeRow(client, rowOf(organisationId), { closed_at: closedAt })
  const closed = { ...organisationAnswer(unit), closedAt: closedAt.toISOString(), version: unit.version + 1 }
  change.record('organisation.close', subjectOf(organisationId), {
    before: { closedAt: null },
    after: { closedAt: closed.closedAt },
    reason: body.reason,
  })
  return closed
}

/** The caller's scope after the tree was numbered anew. */
export async function scopeNow({ client, caller }: Act) {
  const { rows } = await client.query<{ lft: number; rgt: number }>('SELECT lft, rgt FROM organisations WHERE organisation_id = $1', [
    caller.organisation.organisationId,
  ])
  return rows[0]!
}
