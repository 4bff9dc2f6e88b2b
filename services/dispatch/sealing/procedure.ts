// The procedure of a seal (domain/sealing.ts has the table): what each step does with the promise in the vehicle's calendar.
import { refusal } from '../../contracts/refusals.ts'
import type { SealState } from '../../domain/sealing.ts'
import { sealLifecycle } from '../../domain/sealing.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act, Deed } from '../kernel/act.ts'
import { type Procedure, type Stepped, takersSql } from '../kernel/procedure.ts'
import { loadSeal, type StoredSeal } from './sealRows.ts'
import { SEALS } from './table.ts'

export const sealProcedure: Procedure<StoredSeal> = {
  ...SEALS,
  lifecycle: sealLifecycle,
  lock: (act: Act, id) => loadSeal(act.client, { caller: act.caller, reach: act.scope }, id, 'FOR UPDATE OF s'),
  async listDue(db: Queryable, nowMs) {
    const { rows } = await db.query<{ id: number }>(
      `SELECT seal_id AS id FROM vehicle_seals WHERE state IN ('PLANNED', 'SEALED', 'UNSEAL_ASKED') AND until_at <= $1 ORDER BY until_at LIMIT 200`,
      [new Date(nowMs)],
    )
    return rows.map(({ id }) => id)
  },
  async lockDue({ client }: Deed, id) {
    type Stored = {
      state: SealState
      version: number
      vehicle_id: number
      since: Date
      from_at: Date
      until_at: Date
      takers: Stepped['takers']
    }
    const { rows } = await client.query<Stored>(
      `SELECT s.state, s.version, s.vehicle_id, s.since, s.from_at, s.until_at, ${takersSql(SEALS, 's')} AS takers FROM vehicle_seals s WHERE s.seal_id = $1 FOR UPDATE`,
      [id],
    )
    return rows.map(
      ({ vehicle_id, since, from_at, until_at, ...row }): StoredSeal => ({
        ...{ ...row, id, vehicleId: vehicle_id, photos: 0, fromMs: from_at.getTime(), untilMs: until_at.getTime() },
        times: { sinceMs: since.getTime(), untilMs: until_at.getTime() },
      }),
    )[0]
  },
  refusals: {
    notNow: { path: 'body.action', reason: 'seal.not', values: ({ state }) => ({ sealState: state }) },
    samePerson: { code: 'TWO_PERSON_RULE', path: 'body.action', reason: 'seal.samePerson' },
  },
  effects: {
    seal: {
      before: async (_act, { photos }, { data }) => {
        if (photos === 0) throw refusal('CONFLICT', 'body.action', 'seal.photo')
        const { place, keyKeeper, lon = null, lat = null } = data
        return { set: { place, key_keeper: keyKeeper, lon, lat }, after: { place, keyKeeper } }
      },
    },
    exempt: {
      before: async (act, { id }) => {
        await letGo(act, id)
        return { set: { exempt: 'duty' } }
      },
    },
    unseal: {
      before: async (act, { id, fromMs }) => {
        await letGo(act, id)
        return { set: { until_at: new Date(Math.max(act.nowMs, fromMs)) } }
      },
    },
  },
  set: (_row, _step, _kept, { nowMs }) => ({ since: new Date(nowMs) }),
  record: ({ id, vehicleId }, { action }) => ({
    action: 'seal.step',
    subject: { type: 'vehicle', id: vehicleId },
    detail: { action, sealId: id },
  }),
  stateField: 'sealState',
}

/** From now on the vehicle may be promised again; before its time it never was held. */
async function letGo({ client, nowMs }: Deed, sealId: number): Promise<void> {
  const values = [sealId, new Date(nowMs)]
  await client.query('DELETE FROM reservations WHERE seal_id = $1 AND lower(during) >= $2', values)
  await client.query('UPDATE reservations SET during = tstzrange(lower(during), $2), ended_at = $2 WHERE seal_id = $1', values)
}
