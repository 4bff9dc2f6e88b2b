// May a vehicle enter a unit and category? Over quota and over standard are refused or let in and flagged, as the policy of the place says.
import { refusal } from '../../contracts/refusals.ts'
import { judgeStandard, type Measured } from '../../domain/standards.ts'
import { isSubjectToQuota, type VehicleCategory } from '../../domain/vehicle.ts'
import type { Act } from '../kernel/act.ts'
import { capacityOf } from '../kernel/seats.ts'
import { listLimits, policyFor } from './standards.ts'
import type { Unit } from './units.ts'

/** @throws Refusal quota.full where the policy refuses; ask before the vehicle is counted there */
export async function requireSeat({ client, today }: Act, unit: Unit, category: VehicleCategory): Promise<void> {
  if (!isSubjectToQuota(category)) return
  const { seats, inService } = await capacityOf(client, unit.organisationId, category, today)
  if (inService < seats) return
  const { overQuota } = await policyFor(client, unit, today)
  if (overQuota === 'refuse') throw refusal('CONFLICT', 'body.userUnitId', 'quota.full', { unit: unit.name, seats, inService })
}

/** @throws Refusal standard.over where the policy refuses */
export async function requireStandard({ client, today }: Act, unit: Unit, vehicle: Omit<Measured, 'unitLft'>): Promise<void> {
  const [excess] = judgeStandard(await listLimits(client), { ...vehicle, unitLft: unit.lft })
  if (!excess) return
  const { overStandard } = await policyFor(client, unit, today)
  if (overStandard === 'flag') return
  const price = excess.what === 'price'
  const shown = (value: number) => (price ? `${value / 1_000_000} 万元` : `${(value / 1000).toFixed(1)} L`)
  throw refusal('CONFLICT', price ? 'body.priceFen' : 'body.displacementMl', 'standard.over', {
    what: price ? 'priceFen' : 'displacementMl',
    value: shown(excess.value),
    limit: shown(excess.limit),
  })
}
