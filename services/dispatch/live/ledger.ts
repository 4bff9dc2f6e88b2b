// What the live picture must know of each vehicle besides its state, as arrays by ordinal; loaded whole, replaced whole.
// Scopes are resolved against the organisations of this same load, so a renumbered tree can never widen anyone's view.
import { leagueAdcodeOf } from '../../domain/region/region.ts'
import { energyTypes, vehicleCategories, vehicleClasses } from '../../domain/vehicle.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Scope } from '../kernel/caller.ts'
import { coarseVehicles } from '../kernel/sight.ts'

export type Ledger = {
  count: number
  vehicleId: Uint32Array
  /** Vehicle id → ordinal. */
  ordinalOf: Map<number, number>
  plate: string[]
  userUnitId: Int32Array
  /** lft of the user unit: inside a scope when between its lft and rgt. */
  unitLft: Int32Array
  class: Uint8Array
  category: Uint8Array
  energy: Uint8Array
  /** Index in `leagues`. */
  league: Uint8Array
  /** Adcodes of leagues in use, in order; units of the region itself stand under the region's own code. */
  leagues: string[]
  organisations: Map<number, Scope>
  /** 1 = sensitive (涉密): shown to those alone for whom it is cleared. */
  secret: Uint8Array
  /** Of these, by ordinal, those that everybody else sees coarsely. */
  coarse: Map<number, CoarseVehicle>
}

/** What stands for a sensitive vehicle where it is seen coarsely: its number, and the league or banner it belongs to. */
export type CoarseVehicle = { secretNo: number; homeId: number; homeLft: number }

export type LedgerVehicle = {
  vehicleId: number
  plate: string
  class: string
  category: string
  energy: string
  unitId: number
  unitLft: number
  adcode: string
  secret?: boolean
  coarse?: CoarseVehicle
}

export function buildLedger(vehicles: readonly LedgerVehicle[], organisations: Map<number, Scope>): Ledger {
  const count = vehicles.length
  const leagues = [...new Set(vehicles.map(({ adcode }) => leagueAdcodeOf(adcode)))].sort()
  const ledger: Ledger = {
    count,
    vehicleId: new Uint32Array(count),
    ordinalOf: new Map(),
    plate: vehicles.map(({ plate }) => plate),
    userUnitId: new Int32Array(count),
    unitLft: new Int32Array(count),
    class: new Uint8Array(count),
    category: new Uint8Array(count),
    energy: new Uint8Array(count),
    league: new Uint8Array(count),
    leagues,
    organisations,
    secret: new Uint8Array(count),
    coarse: new Map(),
  }
  vehicles.forEach((vehicle, i) => {
    ledger.vehicleId[i] = vehicle.vehicleId
    ledger.ordinalOf.set(vehicle.vehicleId, i)
    ledger.userUnitId[i] = vehicle.unitId
    ledger.unitLft[i] = vehicle.unitLft
    ledger.class[i] = (vehicleClasses as readonly string[]).indexOf(vehicle.class)
    ledger.category[i] = (vehicleCategories as readonly string[]).indexOf(vehicle.category)
    ledger.energy[i] = (energyTypes as readonly string[]).indexOf(vehicle.energy)
    ledger.secret[i] = vehicle.secret ? 1 : 0
    if (vehicle.secret && vehicle.coarse) ledger.coarse.set(i, vehicle.coarse)
    ledger.league[i] = leagues.indexOf(leagueAdcodeOf(vehicle.adcode))
  })
  return ledger
}

/** Rows a statement: the embedded backend serves everybody, one statement at a time. */
const SLICE = 5_000

/** @param day what the policies of sensitive vehicles are asked for, 2026-03-02 */
export async function loadLedger(db: Queryable, day: string): Promise<Ledger> {
  const units = await db.query<{ organisation_id: number; lft: number; rgt: number }>('SELECT organisation_id, lft, rgt FROM organisations')
  const { rows: coarseRows } = await db.query<CoarseVehicle & { vehicleId: number }>(
    `SELECT vehicle_id AS "vehicleId", secret_no AS "secretNo", home_id AS "homeId", home_lft AS "homeLft" FROM ${coarseVehicles('$1')} c`,
    [day],
  )
  const coarse = new Map(coarseRows.map(({ vehicleId, ...rest }) => [vehicleId, rest]))
  const vehicles: LedgerVehicle[] = []
  for (let slice = SLICE; slice === SLICE; ) {
    const { rows } = await db.query<LedgerVehicle>(
      `SELECT v.vehicle_id AS "vehicleId", v.plate, v.class, v.category, v.energy,
              o.organisation_id AS "unitId", o.lft AS "unitLft", o.adcode, v.secrecy AS secret
       FROM every_vehicle v JOIN organisations o ON o.organisation_id = v.user_unit_id
       WHERE v.vehicle_id > $1 ORDER BY v.vehicle_id LIMIT ${SLICE}`,
      [vehicles.at(-1)?.vehicleId ?? -1],
    )
    for (const row of rows) vehicles.push(coarse.has(row.vehicleId) ? { ...row, coarse: coarse.get(row.vehicleId)! } : row)
    slice = rows.length
  }
  return buildLedger(vehicles, new Map(units.rows.map(({ organisation_id, lft, rgt }) => [organisation_id, { lft, rgt }])))
}
