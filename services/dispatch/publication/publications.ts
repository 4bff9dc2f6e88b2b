// What was drafted and made public of trips: the procedure, and how a caller is told of it.
import type { z } from 'zod'
import type { Publication, PublicationRow } from '../../contracts/api/publication.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import {
  type Drafted,
  type PublicationAction,
  type PublicationState,
  publicationActions,
  publicationLifecycle,
  publicOf,
} from '../../domain/publication.ts'
import type { TripPurpose } from '../../domain/requests.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import type { Act, Deed } from '../kernel/act.ts'
import { announcePublication } from '../kernel/announce.ts'
import type { Scope, Who } from '../kernel/caller.ts'
import { listPermitted, type Procedure, type Stepped, type Taken, takersSql } from '../kernel/procedure.ts'
import { hiddenVehicles } from '../kernel/sight.ts'
import { takeStep } from '../kernel/takeStep.ts'
import { isUnder } from '../kernel/within.ts'

const announce = (deed: Deed, id: number, { action }: { action: string }) => announcePublication(deed, id, action)
export const TABLE = { table: 'publications', key: 'publication_id', steps: 'publication_steps', announce } as const

type Stored = Stepped & {
  state: PublicationState
  organisation: { organisationId: number; name: string }
  month: string
  since: Date
  drafted: Drafted
}

const columns = `p.publication_id, p.organisation_id, o.name, p.month, p.state, p.since, p.body, p.version, ${takersSql(TABLE, 'p')} AS takers`
const FROM = 'FROM publications p JOIN organisations o USING (organisation_id)'
const storedOf = (row: Row): Stored => ({
  id: row.publication_id as number,
  state: row.state as PublicationState,
  organisation: { organisationId: row.organisation_id as number, name: row.name as string },
  month: row.month as string,
  since: row.since as Date,
  drafted: JSON.parse(row.body as string) as Drafted,
  takers: row.takers as Taken[],
  version: row.version as number,
})

/** @throws Refusal NOT_FOUND out of the scope */
async function load(db: Queryable, { lft, rgt }: Scope, id: number, lock = ''): Promise<Stored> {
  const { rows } = await db.query(`SELECT ${columns} ${FROM} WHERE p.publication_id = $1 AND o.lft BETWEEN $2 AND $3 ${lock}`, [
    id,
    lft,
    rgt,
  ])
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return storedOf(rows[0])
}

const procedure: Procedure<Stored> = {
  ...TABLE,
  lifecycle: publicationLifecycle,
  lock: (act, id) => load(act.client, act.scope, id, 'FOR UPDATE OF p'),
  refusals: {
    notNow: { path: 'body.action', reason: 'publication.not', values: ({ state }) => ({ publicationState: state }) },
    samePerson: { code: 'TWO_PERSON_RULE', path: 'body.action', reason: 'publication.samePerson' },
  },
  effects: { drop: { before: wantReason }, withdraw: { before: wantReason } },
  set: (_row, _step, _kept, { nowMs }) => ({ since: new Date(nowMs) }),
  record: ({ id, month }, { action }) => ({ action: 'publication.step', subject: { type: 'publication', id }, detail: { action, month } }),
  stateField: 'publicationState',
}

async function wantReason(_act: Act, _row: Stored, { reason }: { reason: string }): Promise<undefined> {
  if (reason === '') throw refusal('VALIDATION_FAILED', 'body.reason', 'flow.data', { field: 'reason' })
}

/** Vehicles that are sensitive now: of these nothing is public, whatever was drafted. */
export async function hiddenNow(db: Queryable): Promise<Set<number>> {
  const { rows } = await db.query<{ id: number }>(`SELECT h.vehicle_id AS id FROM ${hiddenVehicles(`'{}'`)} h`)
  return new Set(rows.map(({ id }) => id))
}

async function tellRows(db: Queryable, who: Who, all: readonly Stored[], nowMs: number): Promise<PublicationRow[]> {
  const actions = await listPermitted(db, procedure, who, all, nowMs)
  const hidden = await hiddenNow(db)
  return all.map(({ id, organisation, month, state, since, drafted, version }, n) => ({
    ...{ publicationId: id, organisation, month, state, since: since.toISOString(), version },
    trips: publicOf(drafted, hidden).trips.length,
    mayAct: publicationActions.filter((action) => (actions[n] as PublicationAction[]).includes(action)),
  }))
}

export async function listPublications(
  db: Queryable,
  who: Who,
  { state, organisationId, limit, offset }: z.output<Api['listPublications']['query']>,
  nowMs: number,
): Promise<AnswerOf<'listPublications'>> {
  const values: unknown[] = [who.reach.lft, who.reach.rgt]
  const $ = (value: unknown) => `$${values.push(value)}`
  const tests = ['o.lft BETWEEN $1 AND $2']
  if (state) tests.push(`p.state = ${$(state)}`)
  if (organisationId) tests.push(isUnder(`${$(organisationId)}::bigint`, 'o'))
  const where = tests.join(' AND ')
  const { rows: counted } = await db.query<{ total: number }>(`SELECT count(*) AS total ${FROM} WHERE ${where}`, values)
  const { rows } = await db.query(
    `SELECT ${columns} ${FROM} WHERE ${where} ORDER BY p.state = 'DRAFTED' DESC, p.month DESC, p.publication_id DESC LIMIT ${$(limit)} OFFSET ${$(offset)}`,
    values,
  )
  return { total: counted[0]!.total, rows: await tellRows(db, who, rows.map(storedOf), nowMs) }
}

/** @throws Refusal NOT_FOUND */
export async function readPublication(db: Queryable, who: Who, id: number, nowMs: number): Promise<Publication> {
  const stored = await load(db, who.reach, id)
  const [row] = await tellRows(db, who, [stored], nowMs)
  const { items, units, trips } = publicOf(stored.drafted, await hiddenNow(db))
  const { rows: steps } = await db.query<{ action: string; state: string; at: Date; by: string; reason: string }>(
    'SELECT s.action, s.state, s.at, s.username AS by, s.reason FROM publication_steps s WHERE s.publication_id = $1 ORDER BY s.step',
    [id],
  )
  return {
    ...row!,
    ...{ items, units },
    rows: trips.map(({ purpose, day, ...trip }) => ({
      ...trip,
      ...(day == null ? {} : { day }),
      ...(purpose == null ? {} : { purpose: purpose as TripPurpose }),
    })),
    steps: steps.map(({ at, ...step }) => ({ ...step, at: at.toISOString() })),
  }
}

export async function actOnPublication(act: Act, id: number, asked: z.output<Api['actOnPublication']['body']>): Promise<Publication> {
  await takeStep(act, procedure, id, asked)
  return readPublication(act.client, { caller: act.caller, reach: act.scope }, id, act.nowMs)
}
