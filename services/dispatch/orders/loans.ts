// Loans of vehicles between units: asked for, consented to by whose they are, ended. States and who may take which step: domain/loans.ts.
import type { z } from 'zod'
import type { VehicleLoan } from '../../contracts/api/loans.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { dayAt } from '../../domain/days.ts'
import { type LoanAction, type LoanState, loanActions, loanLifecycle } from '../../domain/loans.ts'
import { drivenStates, type OrderState, orderNumber } from '../../domain/orders.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import { listWhyUnavailable } from '../kernel/availability.ts'
import type { Sight, Who } from '../kernel/caller.ts'
import { isInForce } from '../kernel/dated.ts'
import { keepStep, listPermitted, type Procedure, type Stepped, type Taken } from '../kernel/procedure.ts'
import { openVehicles } from '../kernel/sight.ts'
import { takeFollowingStep, takeStep } from '../kernel/takeStep.ts'
import { isUnder, requireOrganisation } from '../kernel/within.ts'
import { loadOrder } from './orderRows.ts'
import { orderProcedure } from './orders.ts'
import type { Sent } from './own.ts'
import { isNeighbour } from './tiers.ts'

type Loan = Omit<VehicleLoan, 'mayAct'> &
  Stepped & { state: LoanState; heldVehicleId: number; lenderLft: number; borrowerLft: number; borrowerRgt: number }

const subjectOf = (loanId: number) => ({ type: 'vehicle-loan', id: loanId })
const TABLE = { table: 'vehicle_loans', key: 'loan_id' } as const

export const loanProcedure: Procedure<Loan> = {
  ...TABLE,
  lifecycle: loanLifecycle,
  steps: 'vehicle_loan_steps',
  lock: ({ client, scope }, loanId) => loadLoan(client, scope, loanId, 'FOR UPDATE OF l'),
  reaches: ({ reach }, { lenderLft, borrowerLft }, side) => {
    const within = (lft: number) => lft >= reach.lft && lft <= reach.rgt
    if (side === 'unit') return within(lenderLft)
    return side === 'receiver' ? within(borrowerLft) : within(lenderLft) || within(borrowerLft)
  },
  refusals: {
    notNow: { path: 'body.action', reason: 'loan.not' },
    samePerson: { code: 'CONFLICT', path: 'body.action', reason: 'flow.samePerson' },
  },
  effects: {
    consent: {
      before: async (act, loan) => {
        await requireLendable(act, loan)
        return undefined
      },
    },
    refuse: { before: needsReason },
    end: {
      async before(act, loan, { data, reason }) {
        await endTrips(act, loan, data.trips as 'keep' | 'cancel' | undefined, reason)
        return { set: { during: endedAt(loan, act.nowMs) }, kept: data.trips === undefined ? {} : { loanTrips: data.trips } }
      },
    },
  },
  record: ({ heldVehicleId, lender, borrower }, { action }) => ({
    action: 'loan.step',
    subject: { type: 'vehicle', id: heldVehicleId },
    detail: { action, ownerUnitId: lender.organisationId, borrowerId: borrower.organisationId },
  }),
  stateField: 'loanState',
}

async function needsReason(_act: Act, _loan: Loan, { reason }: { reason: string }): Promise<undefined> {
  if (reason === '') throw refusal('VALIDATION_FAILED', 'body.reason', 'flow.data', { field: 'reason' })
  return undefined
}

/** Ended early, what is left is the lender's again; one that has not begun keeps its time, which nobody holds any more. */
function endedAt({ from, until }: Loan, nowMs: number): string {
  const [fromMs, untilMs] = [Date.parse(from), Date.parse(until)]
  const end = nowMs > fromMs ? Math.min(untilMs, nowMs) : untilMs
  return `[${new Date(fromMs).toISOString()},${new Date(end).toISOString()})`
}

const columns = `l.loan_id, l.state, l.vehicle_id AS held_vehicle_id, v.vehicle_id, v.plate, v.plate_colour, l.lender_id, o.name AS lender_name, o.lft AS lender_lft,
  l.borrower_id, b.name AS borrower_name, b.lft AS borrower_lft, b.rgt AS borrower_rgt, lower(l.during) AS from_at, upper(l.during) AS until_at, l.agreement_id,
  l.asked_at, l.version,
  (SELECT coalesce(json_agg(json_build_object('action', s.action, 'state', s.state, 'at', s.at, 'by', s.username, 'reason', s.reason, 'accountId', s.account_id)
     ORDER BY s.step), '[]') FROM vehicle_loan_steps s WHERE s.loan_id = l.loan_id) AS steps`
/** `$3` is what is cleared for the reader: the loan of a vehicle that he does not see is not there. */
const joins = `vehicle_loans l JOIN organisations o ON o.organisation_id = l.lender_id JOIN organisations b ON b.organisation_id = l.borrower_id
  JOIN ${openVehicles('$3')} v ON v.vehicle_id = l.vehicle_id`
const inReach = '(o.lft BETWEEN $1 AND $2 OR b.lft BETWEEN $1 AND $2)'

type KeptStep = VehicleLoan['steps'][number] & { accountId: number | null }
const loanOf = (row: Row): Loan => {
  const steps = row.steps as KeptStep[]
  return {
    id: row.loan_id as number,
    loanId: row.loan_id as number,
    state: row.state as LoanState,
    heldVehicleId: row.held_vehicle_id as number,
    vehicle: { vehicleId: row.vehicle_id as number, plate: row.plate as string, plateColour: row.plate_colour as 'blue' },
    lender: { organisationId: row.lender_id as number, name: row.lender_name as string },
    borrower: { organisationId: row.borrower_id as number, name: row.borrower_name as string },
    lenderLft: row.lender_lft as number,
    borrowerLft: row.borrower_lft as number,
    borrowerRgt: row.borrower_rgt as number,
    from: (row.from_at as Date).toISOString(),
    until: (row.until_at as Date).toISOString(),
    byAgreement: row.agreement_id !== null,
    askedAt: (row.asked_at as Date).toISOString(),
    steps: steps.map(({ accountId: _account, at, ...step }) => ({ ...step, at: new Date(at).toISOString() })),
    takers: steps.flatMap(({ action, accountId }): Taken[] => (accountId === null ? [] : [{ action, accountId }])),
    version: row.version as number,
  }
}

/** A loan in reach, `lock` as SQL. @throws Refusal NOT_FOUND */
async function loadLoan(db: Queryable, scope: Sight, loanId: number, lock = ''): Promise<Loan> {
  const { rows } = await db.query(`SELECT ${columns} FROM ${joins} WHERE ${inReach} AND l.loan_id = $4 ${lock}`, [
    scope.lft,
    scope.rgt,
    scope.cleared,
    loanId,
  ])
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return loanOf(rows[0])
}

async function tell(db: Queryable, who: Who, loans: Loan[], nowMs: number): Promise<VehicleLoan[]> {
  const actions = await listPermitted(db, loanProcedure, who, loans, nowMs)
  return loans.map(
    ({ id: _id, takers: _takers, heldVehicleId: _held, lenderLft: _lender, borrowerLft: _lft, borrowerRgt: _rgt, ...loan }, n) => ({
      ...loan,
      mayAct: loanActions.filter((action) => (actions[n] as LoanAction[]).includes(action)),
    }),
  )
}

export async function listVehicleLoans(
  db: Queryable,
  who: Who,
  { state, organisationId, limit, offset }: z.output<Api['listVehicleLoans']['query']>,
  nowMs: number,
): Promise<AnswerOf<'listVehicleLoans'>> {
  const { reach } = who
  const tests = `${inReach} AND ($4::text IS NULL OR l.state = $4) AND ($5::bigint IS NULL OR ${isUnder('$5', 'o')} OR ${isUnder('$5', 'b')})`
  const { rows } = await db.query(
    `SELECT n.total, page.* FROM (SELECT count(*) AS total FROM ${joins} WHERE ${tests}) n LEFT JOIN
       (SELECT ${columns} FROM ${joins} WHERE ${tests} ORDER BY l.asked_at DESC, l.loan_id DESC LIMIT $6 OFFSET $7) page ON true
     ORDER BY page.asked_at DESC, page.loan_id DESC`,
    [reach.lft, reach.rgt, reach.cleared, state ?? null, organisationId ?? null, limit, offset],
  )
  const loans = rows.filter((row) => row.loan_id !== null).map(loanOf)
  return { total: rows[0]!.total as number, rows: await tell(db, who, loans, nowMs) }
}

const answer = async (act: Act, loanId: number): Promise<VehicleLoan> => {
  const who = { caller: act.caller, reach: act.scope }
  return (await tell(act.client, who, [await loadLoan(act.client, act.scope, loanId)], act.nowMs))[0]!
}

/** @throws Refusal VALIDATION_FAILED for a time that ends before it begins, or is over */
function spanAsked(at: 'body' | 'query', { from, until }: { from: string; until: string }, nowMs: number) {
  const [fromMs, untilMs] = [Date.parse(from), Date.parse(until)]
  if (untilMs <= fromMs) throw refusal('VALIDATION_FAILED', `${at}.until`, 'request.order', { after: from })
  if (untilMs <= nowMs) throw refusal('VALIDATION_FAILED', `${at}.until`, 'time.past')
  return { fromMs, untilMs }
}

/** SQL: vehicles that the borrower may ask for by whoever has this scope; `within`: of a unit that is its own to see. */
const lendable = (lft: string, rgt: string, cleared: string, borrower: string): string => `
  (WITH keepers AS MATERIALIZED (
     SELECT o.organisation_id, o.name, o.lft, o.lft BETWEEN ${lft} AND ${rgt} AS within
     FROM organisations b LEFT JOIN organisations g ON g.kind = 'league' AND b.lft BETWEEN g.lft AND g.rgt
       JOIN organisations o ON o.lft BETWEEN ${lft} AND ${rgt} OR ${isNeighbour('o', 'b', 'g')}
     WHERE b.organisation_id = ${borrower})
   SELECT v.vehicle_id, v.plate, v.plate_colour, v.class, v.seats, v.state, v.insurance_until, v.inspection_until, k.organisation_id AS keeper_id, k.name AS keeper, k.lft, k.within
   FROM ${openVehicles(cleared)} v JOIN keepers k ON k.organisation_id = v.user_unit_id
   WHERE v.state <> 'DISPOSED' AND (k.within OR NOT v.secrecy))`

/** SQL: vehicles that are promised to others than the borrower (what it has with one that is lent to it is its own), kept back or lent at some moment of a time. */
const takenDuring = (from: string, until: string, borrower: string): string => `
  (SELECT vehicle_id FROM reservations r WHERE vehicle_id IS NOT NULL AND ended_at IS NULL AND during && tstzrange(${from}, ${until})
     AND NOT EXISTS (SELECT FROM dispatch_orders d JOIN trip_requests q USING (request_id) JOIN organisations u ON u.organisation_id = q.unit_id
       JOIN organisations b ON b.organisation_id = ${borrower}
       WHERE d.order_id = substring(r.holder FROM '^order:([0-9]+)$')::int AND u.lft BETWEEN b.lft AND b.rgt)
   UNION SELECT vehicle_id FROM vehicle_loans WHERE state = 'CONSENTED' AND during && tstzrange(${from}, ${until}))`

/** SQL: may a vehicle be driven through a day by its file (`judgeVehicle`)? */
const isFit = (vehicle: string, day: string): string =>
  `(${vehicle}.state = 'AVAILABLE' AND coalesce(${vehicle}.insurance_until >= ${day}::date, true) AND coalesce(${vehicle}.inspection_until >= ${day}::date, true))`

type Lendable = AnswerOf<'listLendable'>['rows'][number] & { total: number; keeperId: number; keeper: string }

/** The free ones first. @throws Refusal VALIDATION_FAILED for a unit out of reach or a time that is over */
export async function listLendable(
  db: Queryable,
  scope: Sight,
  { borrowerId, q, class: kind, seats, limit, offset, ...span }: z.output<Api['listLendable']['query']>,
  nowMs: number,
): Promise<AnswerOf<'listLendable'>> {
  const { organisationId } = await requireOrganisation(db, scope, borrowerId, 'query.borrowerId')
  const { fromMs, untilMs } = spanAsked('query', span, nowMs)
  const { rows } = await db.query<Lendable>(
    `WITH taken AS MATERIALIZED ${takenDuring('$5', '$6', '$4')}, found AS MATERIALIZED (
       SELECT l.*, ${isFit('l', '$12')} AND l.vehicle_id NOT IN (SELECT vehicle_id FROM taken) AS free
       FROM ${lendable('$1', '$2', '$3', '$4')} l
       WHERE l.keeper_id <> $4 AND ($7::text IS NULL OR strpos(l.plate, upper($7)) > 0) AND ($8::text IS NULL OR l.class = $8)
         AND ($9::int IS NULL OR l.seats >= $9))
     SELECT n.total, f.vehicle_id AS "vehicleId", f.plate, f.plate_colour AS "plateColour", f.class, f.seats, f.free, f.keeper_id AS "keeperId", f.keeper
     FROM (SELECT count(*) AS total FROM found) n
     LEFT JOIN (SELECT * FROM found ORDER BY free DESC, lft, plate LIMIT $10 OFFSET $11) f ON true ORDER BY f.free DESC, f.lft, f.plate`,
    [
      ...[scope.lft, scope.rgt, scope.cleared, organisationId, new Date(fromMs), new Date(untilMs)],
      ...[q || null, kind ?? null, seats ?? null, limit, offset, dayAt(untilMs - 1)],
    ],
  )
  return {
    total: rows[0]!.total,
    rows: rows
      .filter(({ vehicleId }) => vehicleId !== null)
      .map(({ total: _total, keeperId, keeper, ...row }) => ({ ...row, unit: { organisationId: keeperId, name: keeper } })),
  }
}

/**
 * @throws Refusal VALIDATION_FAILED for a vehicle neither in reach nor a neighbour's, a unit out of reach, or a time that is over; CONFLICT for what is
 * lent or promised already: of a neighbour's only that it is not free is told
 */
export async function askVehicleLoan(act: Act, body: Sent<'askVehicleLoan'>): Promise<VehicleLoan> {
  const { client, scope, nowMs } = act
  const borrower = await requireOrganisation(client, scope, body.borrowerId, 'body.borrowerId')
  const { rows } = await client.query<{ keeperId: number; lft: number; within: boolean }>(
    `SELECT l.keeper_id AS "keeperId", l.lft, l.within FROM ${lendable('$2', '$3', '$4', '$5')} l WHERE l.vehicle_id = $1`,
    [body.vehicleId, scope.lft, scope.rgt, scope.cleared, borrower.organisationId],
  )
  const vehicle = rows[0]
  if (!vehicle) throw refusal('VALIDATION_FAILED', 'body.vehicleId', 'driver.vehicleUnknown')
  if (vehicle.keeperId === borrower.organisationId) throw refusal('VALIDATION_FAILED', 'body.borrowerId', 'loan.own')
  const { fromMs, untilMs } = spanAsked('body', body, nowMs)
  if (!vehicle.within) await requireFree(act, body, fromMs, untilMs)
  const { rows: agreements } = await client.query<{ id: number }>(
    `SELECT a.agreement_id AS id FROM loan_agreements a JOIN organisations l ON l.organisation_id = a.lender_id
       JOIN organisations b ON b.organisation_id = a.borrower_id
     WHERE $1 BETWEEN l.lft AND l.rgt AND $2 BETWEEN b.lft AND b.rgt AND ${isInForce('$3', 'a')} AND ${isInForce('$4', 'a')} LIMIT 1`,
    [vehicle.lft, borrower.lft, dayAt(fromMs), dayAt(untilMs - 1)],
  )
  const agreementId = agreements[0]?.id ?? null
  const { rows: made } = await client.query<{ id: number }>(
    `INSERT INTO vehicle_loans (vehicle_id, lender_id, borrower_id, during, state, agreement_id, asked_at)
     VALUES ($1, $2, $3, tstzrange($4, $5), 'ASKED', $6, $7) RETURNING loan_id AS id`,
    [body.vehicleId, vehicle.keeperId, borrower.organisationId, new Date(fromMs), new Date(untilMs), agreementId, new Date(nowMs)],
  )
  const loanId = made[0]!.id
  await keepStep(act, loanProcedure, loanId, { action: 'ask', to: 'ASKED', reason: body.reason })
  const loan = await loadLoan(client, scope, loanId)
  await requireLendable(act, loan)
  act.record('loan.ask', subjectOf(loanId), {
    after: {
      vehicleId: body.vehicleId,
      ownerUnitId: vehicle.keeperId,
      borrowerId: body.borrowerId,
      startsAt: body.from,
      endsAt: body.until,
    },
    reason: body.reason,
  })
  if (agreementId !== null) await takeFollowingStep(act, loanProcedure, loan, 'agree')
  return answer(act, loanId)
}

/** @throws Refusal CONFLICT that says no more than that it is not */
async function requireFree(
  { client }: Act,
  { vehicleId, borrowerId }: { vehicleId: number; borrowerId: number },
  fromMs: number,
  untilMs: number,
): Promise<void> {
  const { rowCount } = await client.query(
    `SELECT FROM every_vehicle v WHERE v.vehicle_id = $1 AND ${isFit('v', '$5')} AND v.vehicle_id NOT IN ${takenDuring('$2', '$3', '$4')}`,
    [vehicleId, new Date(fromMs), new Date(untilMs), borrowerId, dayAt(untilMs - 1)],
  )
  if (rowCount === 0) throw refusal('CONFLICT', 'body.vehicleId', 'loan.notFree')
}

/**
 * Its file is held against a change: whoever books it meanwhile sees the loan, or the loan sees the trip.
 * @throws Refusal CONFLICT with what its file says against it, the loan that it is on then, or the trip of somebody else that it is promised to
 */
async function requireLendable({ client }: Act, { id, heldVehicleId, from, until, borrowerLft, borrowerRgt }: Loan): Promise<void> {
  await client.query('SELECT FROM vehicles WHERE vehicle_id = $1 FOR NO KEY UPDATE', [heldVehicleId])
  for (const why of await listWhyUnavailable(
    client,
    { vehicleId: heldVehicleId },
    { fromMs: Date.parse(from), untilMs: Date.parse(until) },
  )) {
    if (why.code === 'STATE') throw refusal('CONFLICT', 'body.vehicleId', 'state.not', { state: why.state })
    if (why.code === 'EXPIRES') throw refusal('CONFLICT', 'body.until', 'loan.expires', { field: why.field, day: why.day })
  }
  const { rows: lent } = await client.query<{ to: string; from: Date; until: Date }>(
    `SELECT b.name AS to, lower(l.during) AS "from", upper(l.during) AS until FROM vehicle_loans l JOIN organisations b ON b.organisation_id = l.borrower_id
     WHERE l.vehicle_id = $1 AND l.loan_id <> $2 AND l.state = 'CONSENTED' AND l.during && tstzrange($3, $4) ORDER BY l.during LIMIT 1`,
    [heldVehicleId, id, new Date(from), new Date(until)],
  )
  if (lent[0])
    throw refusal('CONFLICT', 'body.from', 'loan.lent', {
      unit: lent[0].to,
      bookedFrom: lent[0].from.toISOString(),
      bookedUntil: lent[0].until.toISOString(),
    })
  const { rows: trips } = await client.query<{ year: number; number: number; from: Date; until: Date }>(
    `SELECT d.year, d.number, lower(r.during) AS "from", upper(r.during) AS until FROM reservations r JOIN dispatch_orders d ON d.order_id = substring(r.holder FROM '^order:([0-9]+)$')::int
       JOIN trip_requests q USING (request_id) JOIN organisations u ON u.organisation_id = q.unit_id
     WHERE r.vehicle_id = $1 AND r.ended_at IS NULL AND r.during && tstzrange($2, $3) AND u.lft NOT BETWEEN $4 AND $5 ORDER BY r.during LIMIT 1`,
    [heldVehicleId, new Date(from), new Date(until), borrowerLft, borrowerRgt],
  )
  if (trips[0])
    throw refusal('CONFLICT', 'body.from', 'vehicle.promisedTo', {
      holder: orderNumber(trips[0].year, trips[0].number),
      bookedFrom: trips[0].from.toISOString(),
      bookedUntil: trips[0].until.toISOString(),
    })
}

/**
 * What the borrower has yet to drive with it is decided on: kept, or voided, and asked for anew.
 * @throws Refusal CONFLICT that lists the trips while nothing was decided
 */
async function endTrips(act: Act, loan: Loan, decided: 'keep' | 'cancel' | undefined, reason: string): Promise<void> {
  const { client, nowMs } = act
  const { rows } = await client.query<{ id: number; year: number; number: number; state: OrderState }>(
    `SELECT d.order_id AS id, d.year, d.number, d.state FROM dispatch_orders d JOIN trip_requests q USING (request_id)
       JOIN organisations u ON u.organisation_id = q.unit_id
     WHERE d.vehicle_id = $1 AND d.state IN ('DISPATCHED', 'ACCEPTED', 'RELEASED', 'DEPARTED', 'ON_BOARD', 'HANDED_OVER') AND u.lft BETWEEN $2 AND $3 AND d.starts_at < $4 AND d.ends_at > $5
     ORDER BY d.starts_at FOR UPDATE OF d`,
    [loan.heldVehicleId, loan.borrowerLft, loan.borrowerRgt, new Date(loan.until), new Date(loan.from)],
  )
  if (rows.length === 0 || decided === 'keep') return
  const orders = rows.map(({ year, number }) => orderNumber(year, number)).join(' ')
  if (decided === undefined) throw refusal('CONFLICT', 'body.data.trips', 'loan.trips', { orders })
  if (reason === '') throw refusal('VALIDATION_FAILED', 'body.reason', 'flow.data', { field: 'reason' })
  const everywhere = { lft: 0, rgt: 2_147_483_647, cleared: [], unmasked: [] }
  for (const { id, state } of rows) {
    if (drivenStates.includes(state)) throw refusal('CONFLICT', 'body.data.trips', 'loan.out', { orders })
    const order = await loadOrder(client, everywhere, null, id, nowMs, 'FOR UPDATE OF d')
    await takeFollowingStep(act, orderProcedure, order, 'reclaim')
  }
}

export async function actOnVehicleLoan(act: Act, loanId: number, body: Sent<'actOnVehicleLoan'>): Promise<VehicleLoan> {
  await takeStep(act, loanProcedure, loanId, body)
  return answer(act, loanId)
}

type Agreement = {
  total: number
  agreementId: number
  lenderId: number
  lender: string
  borrowerId: number
  borrower: string
  fromDay: string
  untilDay: string
  note: string
  inForce: boolean
}

export async function listLoanAgreements(
  db: Queryable,
  { lft, rgt }: Sight,
  { limit, offset }: z.output<Api['listLoanAgreements']['query']>,
  nowMs: number,
): Promise<AnswerOf<'listLoanAgreements'>> {
  const found = `loan_agreements a JOIN organisations l ON l.organisation_id = a.lender_id JOIN organisations b ON b.organisation_id = a.borrower_id
    WHERE (l.lft BETWEEN $1 AND $2 OR b.lft BETWEEN $1 AND $2)`
  const { rows } = await db.query<Agreement>(
    `SELECT n.total, page.* FROM (SELECT count(*) AS total FROM ${found}) n LEFT JOIN
       (SELECT a.agreement_id AS "agreementId", a.lender_id AS "lenderId", l.name AS lender, a.borrower_id AS "borrowerId", b.name AS borrower,
          a.from_day::text AS "fromDay", a.until_day::text AS "untilDay", a.note, ${isInForce('$3', 'a')} AS "inForce"
        FROM ${found} ORDER BY a.until_day DESC, a.agreement_id LIMIT $4 OFFSET $5) page ON true ORDER BY page."untilDay" DESC, page."agreementId"`,
    [lft, rgt, dayAt(nowMs), limit, offset],
  )
  return {
    total: rows[0]!.total,
    rows: rows
      .filter(({ agreementId }) => agreementId !== null)
      .map(({ total: _total, lenderId, lender, borrowerId, borrower, ...row }) => ({
        ...row,
        lender: { organisationId: lenderId, name: lender },
        borrower: { organisationId: borrowerId, name: borrower },
      })),
  }
}

/** @throws Refusal VALIDATION_FAILED for units out of reach, the same one twice, or days in the wrong order */
export async function addLoanAgreement(
  act: Act,
  { lenderId, borrowerId, fromDay, untilDay, reason }: Sent<'addLoanAgreement'>,
): Promise<{ agreementId: number }> {
  const { client, scope } = act
  await requireOrganisation(client, scope, lenderId, 'body.lenderId')
  await requireOrganisation(client, scope, borrowerId, 'body.borrowerId')
  if (lenderId === borrowerId) throw refusal('VALIDATION_FAILED', 'body.borrowerId', 'loan.own')
  if (untilDay < fromDay) throw refusal('VALIDATION_FAILED', 'body.untilDay', 'dates.until')
  const { rows } = await client.query<{ id: number }>(
    'INSERT INTO loan_agreements (lender_id, borrower_id, from_day, until_day, note) VALUES ($1, $2, $3, $4, $5) RETURNING agreement_id AS id',
    [lenderId, borrowerId, fromDay, untilDay, reason],
  )
  const agreementId = rows[0]!.id
  act.record('loan.agree', { type: 'organisation', id: lenderId }, { after: { borrowerId, fromDay, untilDay }, reason })
  return { agreementId }
}
