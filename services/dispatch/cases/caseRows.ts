// Cases and the vehicles in them, as they are stored.
import type { Case, CaseRow, CaseVehicle } from '../../contracts/api/cases.ts'
import { Refusal } from '../../contracts/errors.ts'
import { type CaseState, type CaseVehicleState, caseNumber } from '../../domain/cases.ts'
import type { VehicleClass } from '../../domain/vehicle.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import type { Who } from '../kernel/caller.ts'
import type { Stepped, Taken } from '../kernel/procedure.ts'
import { openVehicles } from '../kernel/sight.ts'

type Told<T> = Omit<T, 'mayAct'>
export type StoredCase = Told<CaseRow> & Stepped & { state: CaseState; steps: Case['steps'] }
export type StoredCaseVehicle = Told<CaseVehicle> &
  Stepped & {
    state: CaseVehicleState
    caseId: number
    caseState: CaseState
    heldVehicleId: number
    /** Seen by the reader, and of his scope. */
    inScope: boolean
    isMember: boolean
    /** The period of the case now. */
    period: string
  }

const stepsOf = (table: string, key: string, row: string): string => `
  (SELECT coalesce(json_agg(json_build_object('action', s.action, 'state', s.state, 'at', s.at, 'by', s.username, 'reason', s.reason,
     'accountId', s.account_id) ORDER BY s.step), '[]') FROM ${table} s WHERE s.${key} = ${row}.${key})`

type KeptStep = Case['steps'][number] & { accountId: number | null }
const told = (steps: KeptStep[]): Case['steps'] =>
  steps.map(({ accountId: _account, at, ...step }) => ({ ...step, at: new Date(at).toISOString() }))
const takersOf = (steps: KeptStep[]): Taken[] =>
  steps.flatMap(({ action, accountId }) => (accountId === null ? [] : [{ action, accountId }]))
export const spanOf = (row: Row, from: string, until: string) => ({
  from: (row[from] as Date).toISOString(),
  until: (row[until] as Date).toISOString(),
})

/** SQL: is `account` a member of case `c`? Whoever is not is told that there is none. */
export const isMember = (account: string): string =>
  `EXISTS (SELECT FROM case_members m WHERE m.case_id = c.case_id AND m.account_id = ${account} AND m.ended_at IS NULL)`

export const caseColumns = `c.case_id, c.year, c.number, c.state, c.purpose, c.basis, lower(c.during) AS from_at, upper(c.during) AS until_at,
  (SELECT a.display_name FROM accounts a WHERE a.account_id = c.opened_by) AS opened_by, c.opened_at, c.version,
  (SELECT count(*) FROM case_vehicles v WHERE v.case_id = c.case_id AND v.state <> 'OUT') AS vehicles,
  (SELECT count(*) FROM case_vehicles v WHERE v.case_id = c.case_id AND v.state = 'WAITING') AS waiting,
  (SELECT count(*) FROM case_members m WHERE m.case_id = c.case_id AND m.ended_at IS NULL) AS members,
  ${stepsOf('case_steps', 'case_id', 'c')} AS steps`

export function caseOf(row: Row): StoredCase {
  const steps = row.steps as KeptStep[]
  return {
    id: row.case_id as number,
    caseId: row.case_id as number,
    number: caseNumber(row.year as number, row.number as number),
    state: row.state as CaseState,
    purpose: row.purpose as string,
    basis: row.basis as string,
    ...spanOf(row, 'from_at', 'until_at'),
    openedBy: row.opened_by as string,
    openedAt: (row.opened_at as Date).toISOString(),
    vehicles: row.vehicles as number,
    waiting: row.waiting as number,
    members: row.members as number,
    steps: told(steps),
    takers: takersOf(steps),
    version: row.version as number,
  }
}

/** A case of which the account is a member; `lock` as SQL. @throws Refusal NOT_FOUND */
export async function loadCase(db: Queryable, accountId: number, caseId: number, lock = ''): Promise<StoredCase> {
  const { rows } = await db.query(`SELECT ${caseColumns} FROM cases c WHERE c.case_id = $1 AND ${isMember('$2')} ${lock}`, [
    caseId,
    accountId,
  ])
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return caseOf(rows[0])
}

/** `$1`–`$2` the scope, `$3` what is cleared, `$4` the account; a test names its own from `$5` on. */
export async function findCaseVehicles(
  db: Queryable,
  { caller, reach }: Who,
  test: string,
  values: readonly unknown[],
  tail = 'ORDER BY cv.case_vehicle_id',
): Promise<StoredCaseVehicle[]> {
  const { rows } = await db.query(
    `SELECT cv.case_vehicle_id, cv.state, cv.case_id, cv.version, cv.vehicle_id AS held_vehicle_id, lower(cv.released) AS released_from,
       upper(cv.released) AS released_until, c.state AS case_state, c.during::text AS period, v.vehicle_id, v.plate, v.plate_colour, v.class,
       u.name AS unit, coalesce(u.lft BETWEEN $1 AND $2, false) AS in_scope, ${isMember('$4')} AS is_member,
       ${stepsOf('case_vehicle_steps', 'case_vehicle_id', 'cv')} AS steps
     FROM case_vehicles cv JOIN cases c USING (case_id)
       LEFT JOIN ${openVehicles('$3')} v ON v.vehicle_id = cv.vehicle_id LEFT JOIN organisations u ON u.organisation_id = v.user_unit_id
     WHERE ${test} ${tail}`,
    [reach.lft, reach.rgt, reach.cleared, caller.accountId, ...values],
  )
  return rows.map(caseVehicleOf)
}

function caseVehicleOf(row: Row): StoredCaseVehicle {
  const steps = row.steps as KeptStep[]
  return {
    id: row.case_vehicle_id as number,
    caseVehicleId: row.case_vehicle_id as number,
    state: row.state as CaseVehicleState,
    caseId: row.case_id as number,
    caseState: row.case_state as CaseState,
    heldVehicleId: row.held_vehicle_id as number,
    inScope: row.in_scope as boolean,
    isMember: row.is_member as boolean,
    period: row.period as string,
    vehicle:
      row.vehicle_id === null
        ? null
        : {
            vehicleId: row.vehicle_id as number,
            plate: row.plate as string,
            plateColour: row.plate_colour as 'blue',
            class: row.class as VehicleClass,
            unit: row.unit as string,
          },
    released: row.released_from === null ? null : spanOf(row, 'released_from', 'released_until'),
    steps: told(steps),
    takers: takersOf(steps),
    version: row.version as number,
  }
}
