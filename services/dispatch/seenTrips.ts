// Lists of what is asked for and driven, lent and paid, as their pages show them.
import { api } from '../contracts/api.ts'
import { dayAt } from '../domain/days.ts'
import { listMonths } from './costs/months.ts'
import type { SeenLists } from './exchange/list.ts'
import { listBudgets } from './orders/budgets.ts'
import { listLeaveRequests } from './orders/leaves.ts'
import { listVehicleLoans } from './orders/loans.ts'
import { listOrders } from './orders/orderRows.ts'
import { asSight, ownFor } from './orders/own.ts'
import { listRequests } from './orders/requestRows.ts'
import { readerOf } from './orders/requests.ts'
import { filterOf, minuteIfAny, minuteOf, reachOf } from './seenRows.ts'

export const seenTrips = {
  async requests(db, who, filter, nowMs) {
    const reach = asSight(reachOf(who, api.listRequests.access))
    const { rows } = await listRequests(db, reach, readerOf(who.caller, nowMs), filterOf(api.listRequests.query, filter))
    return rows.map(({ requestId, state, kind, unit, applicant, purposeKind, purpose, from, via, to, startsAt, endsAt, ...row }) => ({
      ...{ state, kind, purposeKind, purpose, number: requestId, unit: unit.name, applicant: applicant.name },
      ...{ from: from.name, via: via.map(({ name }) => name).join('、'), to: to.name, starts: minuteOf(startsAt), ends: minuteOf(endsAt) },
      ...{ passengers: row.passengers, withDriver: row.withDriver, equipment: row.equipment.join(',') },
      ...{ asked: minuteOf(row.askedAt), order: row.order?.number ?? null },
    }))
  },
  async orders(db, who, filter, nowMs) {
    const reach = asSight(reachOf(who, api.listOrders.access))
    const { rows } = await listOrders(db, reach, ownFor(who.caller, 'order.view'), filterOf(api.listOrders.query, filter), nowMs)
    return rows.map(
      ({ orderId, number, state, unit, issuer, applicant, vehicle, keeper, lease, driver, purposeKind, purpose, ...row }) => ({
        ...{ number, state, purposeKind, purpose, id: orderId, unit: unit.name, issuer: issuer.name, applicant: applicant.name },
        ...{
          plate: vehicle?.plate ?? null,
          keeper: keeper?.name ?? null,
          supplier: lease?.supplier.name ?? null,
          driver: driver?.name ?? null,
        },
        ...{ from: row.from.name, to: row.to.name, starts: minuteOf(row.startsAt), ends: minuteOf(row.endsAt) },
        ...{ passengers: row.passengers, riders: row.riders },
      }),
    )
  },
  async leaves(db, { caller, ...who }, filter, nowMs) {
    const reach = asSight(reachOf({ caller, ...who }, api.listLeaveRequests.access))
    const { rows } = await listLeaveRequests(db, { caller, reach }, filterOf(api.listLeaveRequests.query, filter), nowMs)
    return rows.map(({ leaveRequestId, state, unit, driver, kind, fromDay, untilDay, askedAt, trips }) => ({
      ...{ state, kind, fromDay, untilDay, number: leaveRequestId, unit: unit.name, driver: driver.name },
      ...{ asked: minuteOf(askedAt), trips: trips.length },
    }))
  },
  async loans(db, who, filter, nowMs) {
    const reach = reachOf(who, api.listVehicleLoans.access)
    const { rows } = await listVehicleLoans(db, { caller: who.caller, reach }, filterOf(api.listVehicleLoans.query, filter), nowMs)
    return rows.map(({ loanId, state, vehicle, lender, borrower, from, until, byAgreement, askedAt }) => ({
      ...{ state, byAgreement, number: loanId, plate: vehicle.plate, lender: lender.name, borrower: borrower.name },
      ...{ from: minuteOf(from), until: minuteOf(until), asked: minuteOf(askedAt) },
    }))
  },
  async costMonths(db, who, filter) {
    const reach = reachOf(who, api.listCostMonths.access)
    const { rows } = await listMonths(db, reach, filterOf(api.listCostMonths.query, filter))
    return rows.map(({ unit, month, entries, fen, waiting, closed }) => ({
      ...{ month, entries, waiting, unit: unit.name, amount: fen },
      ...{ closed: minuteIfAny(closed?.at ?? null), closedBy: closed?.by ?? null, sha256: closed?.sha256 ?? null },
    }))
  },
  async budgets(db, who, filter, nowMs) {
    const reach = reachOf(who, api.listBudgets.access)
    const query = filterOf(api.listBudgets.query, { year: dayAt(nowMs).slice(0, 4), ...filter })
    const { rows } = await listBudgets(db, reach, query)
    return rows.map(({ unit, year, fen, usedFen, committedFen, leftFen, revision, reason }) => ({
      ...{ revision, reason, unit: unit.name, year: String(year) },
      ...{ budget: fen, used: usedFen, committed: committedFen, left: leftFen },
    }))
  },
} satisfies Partial<SeenLists>
