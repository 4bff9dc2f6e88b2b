// What a step of a flow does to the ledger, beside the change of state that the lifecycle table names. No row: nothing more.
import type { AcquisitionPlan, FlowData, VehicleFields } from '../../contracts/api/ledger.ts'
import { refusal } from '../../contracts/refusals.ts'
import type { FlowKind } from '../../domain/lifecycle.ts'
import { wordOf } from '../../domain/words.ts'
import type { Act } from '../kernel/act.ts'
import { enterBillOf } from '../kernel/costBook.ts'
import type { Effect } from '../kernel/procedure.ts'
import { requireSeat, requireStandard } from './admission.ts'
import { takeTerminalOff } from './fitting.ts'
import { getVehicleUnit } from './units.ts'
import { insertVehicle, lockVehicle, turnVehicle, writeFields } from './vehicleChange.ts'
import { fieldsOf } from './vehicleFields.ts'

export type FlowRow = {
  flowId: number
  kind: FlowKind
  state: string
  unitId: number
  toUnitId: number | null
  vehicleId: number | null
  data: Record<string, unknown>
  version: number
}

const turn = async (change: Act, vehicleId: number, action: 'keep' | 'dispose'): Promise<void> =>
  turnVehicle(change, await lockVehicle(change, vehicleId), action)

/** Plan and registration are held to the quota and the standards; a plan by the standard of its day. */
export async function requireAdmissible(change: Act, unitId: number, plan: AcquisitionPlan): Promise<void> {
  const unit = await getVehicleUnit(change.client, change.scope, unitId, 'body.unitId')
  await requireSeat(change, unit, plan.category)
  await requireStandard(change, unit, { ...plan, registeredOn: change.today })
}

/** The vehicle's usual driver has none any more. */
async function releaseDriver({ client, notes }: Act, vehicleId: number): Promise<void> {
  const { rows } = await client.query<{ id: number }>(
    'UPDATE drivers SET vehicle_id = NULL, version = version + 1 WHERE vehicle_id = $1 RETURNING driver_id AS id',
    [vehicleId],
  )
  for (const { id } of rows) notes.add({ type: 'driver', id }, { vehicleId }, { vehicleId: null })
}

/** 一车一卡: a vehicle that is gone has none; what becomes of the card is its keeper's decision. */
async function unbindCard({ client, notes }: Act, vehicleId: number): Promise<void> {
  const { rows } = await client.query<{ id: number }>(
    'UPDATE fuel_cards SET vehicle_id = NULL, version = version + 1 WHERE vehicle_id = $1 RETURNING fuel_card_id AS id',
    [vehicleId],
  )
  for (const { id } of rows) notes.add({ type: 'fuel-card', id }, { vehicleId }, { vehicleId: null })
}

const keepVehicle: Effect<FlowRow> = {
  async before(change, flow) {
    await turn(change, flow.vehicleId!, 'keep')
    return undefined
  },
}

export const flowEffects: Record<FlowKind, Record<string, Effect<FlowRow>>> = {
  acquisition: {
    approve: {
      async before(change, flow) {
        await requireAdmissible(change, flow.unitId, flow.data as AcquisitionPlan)
        return undefined
      },
    },
    register: {
      async before(change, flow, { data }) {
        const { vehicle } = data as FlowData
        const { category } = flow.data as AcquisitionPlan
        if (vehicle!.userUnitId !== flow.unitId)
          throw refusal('VALIDATION_FAILED', 'body.data.vehicle.userUnitId', 'flow.data', { field: 'userUnitId' })
        if (vehicle!.category !== category) throw refusal('VALIDATION_FAILED', 'body.data.vehicle.category', 'class.category')
        return { set: { vehicle_id: await insertVehicle(change, vehicle!) } }
      },
    },
  },
  transfer: {
    consent: {
      async before(change, flow) {
        const unit = await getVehicleUnit(change.client, change.scope, flow.toUnitId!)
        const { rows } = await change.client.query<{ category: VehicleFields['category'] }>(
          'SELECT category FROM vehicles WHERE vehicle_id = $1',
          [flow.vehicleId],
        )
        await requireSeat(change, unit, rows[0]!.category)
        return undefined
      },
    },
    approve: {
      async before(change, flow) {
        const file = await lockVehicle(change, flow.vehicleId!)
        await writeFields(change, flow.vehicleId!, fieldsOf(file), {
          userUnitId: flow.toUnitId!,
          ownerUnitId: flow.toUnitId!,
          // Parking and suppliers were the old unit's.
          parkingPlaceId: null,
          fuelSupplierId: null,
          repairSupplierId: null,
          insuranceSupplierId: null,
        })
        await releaseDriver(change, flow.vehicleId!)
        return undefined
      },
    },
  },
  disposal: {
    refuse: keepVehicle,
    withdraw: keepVehicle,
    execute: {
      async before(change, flow) {
        await turn(change, flow.vehicleId!, 'dispose')
        await takeTerminalOff(change, flow.vehicleId!)
        await releaseDriver(change, flow.vehicleId!)
        await unbindCard(change, flow.vehicleId!)
        return undefined
      },
      // What it brought in is income of the unit's book, once finance has approved the bill.
      async after(change, flow, { data }) {
        const { incomeFen, method } = data as FlowData
        if (!incomeFen) return
        const bill = {
          source: `flow:${flow.flowId}`,
          unitId: flow.unitId,
          vehicleId: flow.vehicleId!,
          kind: 'disposal',
          fen: incomeFen,
        } as const
        await enterBillOf(change, { ...bill, day: change.today, note: method ? (wordOf('method', method, 'zh-CN') ?? null) : null })
      },
    },
  },
}
