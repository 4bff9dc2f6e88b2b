// The lists that can be exported as a page shows them: each is asked through the function that answers its page, for all rows at once,
// with the filter that its endpoint takes. A list that is not here can be exported whole, from the page of imports and exports.
import { z } from 'zod'
import { api } from '../contracts/api.ts'
import { Refusal } from '../contracts/errors.ts'
import { dayAt } from '../domain/days.ts'
import { chartNames } from '../domain/statistics/boards.ts'
import { sayValue } from '../domain/statistics/say.ts'
import { lastDayTold } from '../domain/supervision/expiry.ts'
import { isVerified } from '../domain/supervision/findings.ts'
import { listBills } from './costs/bills.ts'
import { listCostEntries, listCostSums } from './costs/costReport.ts'
import { listDrivers } from './drivers/driverList.ts'
import type { SeenLists } from './exchange/list.ts'
import { NOTHING, TOTAL } from './exchange/reports.ts'
import { listHandovers } from './handovers/handovers.ts'
import { listFuelCards } from './places/fuelCards.ts'
import { listPlaces } from './places/placeRead.ts'
import { listSuppliers } from './places/suppliers.ts'
import { listFlows } from './registry/flows.ts'
import { listLedger } from './registry/ledgerList.ts'
import { listLedgerOrganisations } from './registry/ledgerOrganisations.ts'
import { listQuotas } from './registry/quotaList.ts'
import { listVehicles } from './registry/vehicleList.ts'
import { listSeals } from './sealing/seals.ts'
import { filterOf, minuteIfAny, minuteOf, reachOf } from './seenRows.ts'
import { seenTrips } from './seenTrips.ts'
import { readBoard } from './statistics/boards.ts'
import { readStatistics } from './statistics/read.ts'
import { listFindings } from './supervision/tell.ts'
import { listTerminals } from './terminals/terminalList.ts'
import { listDue } from './upkeep/due.ts'
import { listMishaps } from './upkeep/mishaps.ts'
import { listRenewals } from './upkeep/renewals.ts'
import { listWorkOrders } from './upkeep/workOrders.ts'

/** Of what is asked for by days, everything until today. */
const everSince = (nowMs: number) => ({ from: '2000-01-01', until: dayAt(nowMs) })

export const seenLists: SeenLists = {
  ...seenTrips,
  async fleet(db, who, filter, nowMs) {
    const reach = reachOf(who, api.listVehicles.access)
    const { rows } = await listVehicles(db, reach, filterOf(api.listVehicles.query, filter), nowMs)
    // Of a vehicle that is seen coarsely there is nothing to put into a file.
    return rows.filter(({ seen }) => seen === 'whole').map(({ vehicleId }) => vehicleId)
  },
  async ledger(db, who, filter, nowMs) {
    const reach = reachOf(who, api.listLedger.access)
    const { rows } = await listLedger(db, reach, filterOf(api.listLedger.query, filter), nowMs)
    return rows.map(({ vehicleId }) => vehicleId)
  },
  async drivers(db, who, filter, nowMs) {
    const reach = reachOf(who, api.listDrivers.access)
    const { rows } = await listDrivers(db, reach, who.caller.role, filterOf(api.listDrivers.query, filter), nowMs)
    return rows.map(({ driverId }) => driverId)
  },
  async suppliers(db, who, filter, nowMs) {
    const reach = reachOf(who, api.listSuppliers.access)
    const { rows } = await listSuppliers(db, reach, filterOf(api.listSuppliers.query, filter), nowMs)
    return rows.map(({ supplierId }) => supplierId)
  },
  async fuelCards(db, who, filter) {
    const reach = reachOf(who, api.listFuelCards.access)
    const { rows } = await listFuelCards(db, reach, who.caller.role, filterOf(api.listFuelCards.query, filter))
    return rows.map(({ fuelCardId }) => fuelCardId)
  },
  async terminals(db, who, filter, nowMs) {
    const reach = reachOf(who, api.listTerminals.access)
    const { rows } = await listTerminals(db, reach, filterOf(api.listTerminals.query, filter), nowMs)
    return rows.map(({ terminalId }) => terminalId)
  },
  async places(db, who, filter) {
    const reach = reachOf(who, api.listPlaces.access)
    const { rows } = await listPlaces(db, reach, filterOf(api.listPlaces.query, filter))
    return rows.map(({ placeId }) => placeId)
  },
  async organisations(db, who, filter) {
    const reach = reachOf(who, api.listLedgerOrganisations.access)
    // As it was on a day it can be looked at, not taken along: a file says names and places of today.
    const { closed } = filterOf(api.listLedgerOrganisations.query.omit({ asOf: true }), filter)
    const rows = await listLedgerOrganisations(db, reach, closed === 'true')
    return rows.map(({ organisationId }) => organisationId)
  },
  async quotas(db, who, filter, nowMs) {
    const reach = reachOf(who, api.listQuotas.access)
    const { rows } = await listQuotas(db, reach, filterOf(api.listQuotas.query, filter), dayAt(nowMs))
    return rows.map(({ unitName: unit, open, category, seats, inService, over, vacant }) => ({
      unit,
      category,
      seats,
      inService,
      over,
      vacant,
      openState: open?.state ?? null,
      openSeats: open?.seats ?? null,
    }))
  },
  async costs(db, who, filter, nowMs) {
    const reach = reachOf(who, api.listCostSums.access)
    const { rows } = await listCostSums(db, reach, filterOf(api.listCostSums.query, { ...everSince(nowMs), ...filter }))
    return rows.map(({ unit, vehicle, supplier, month, orders, distanceM, fen, totalFen, fuelMl, chargeWh }) => ({
      unit: unit?.name ?? null,
      plate: vehicle?.plate ?? null,
      supplier: supplier?.name ?? null,
      month,
      orders,
      km: Math.round(distanceM / 1000),
      litres: fuelMl / 1000,
      kwh: chargeWh / 1000,
      ...fen,
      total: totalFen,
    }))
  },
  async seals(db, who, filter, nowMs) {
    const reach = reachOf(who, api.listSeals.access)
    const { rows } = await listSeals(db, { caller: who.caller, reach }, filterOf(api.listSeals.query, filter), nowMs)
    return rows.map(({ sealId, name, organisation, vehicle, from, until, state, exempt, place, keyKeeper, photos, proof }) => ({
      ...{ state, exempt, place, keyKeeper, number: sealId, plan: name, unit: organisation.name, plate: vehicle.plate },
      ...{ from: minuteOf(from), until: minuteOf(until), photos: photos.length, proof: proof?.kind ?? null },
      ...{ proofFrom: minuteIfAny(proof?.from ?? null), proofUntil: minuteIfAny(proof?.until ?? null), farM: proof?.farM ?? null },
    }))
  },
  async handovers(db, who, filter, nowMs) {
    const reach = reachOf(who, api.listHandovers.access)
    const { rows } = await listHandovers(db, { caller: who.caller, reach }, filterOf(api.listHandovers.query, filter), nowMs)
    return rows.map(({ handoverId, organisation, vehicle, from, to, state, offeredAt, takenAt, equipment, inspection, ...row }) => ({
      ...{ state, number: handoverId, unit: organisation.name, plate: vehicle.plate, giver: from?.name ?? null, taker: to?.name ?? null },
      ...{
        offered: minuteOf(offeredAt),
        taken: minuteIfAny(takenAt),
        odometerKm: row.odometerKm,
        fuelPct: row.fuelPct,
        remarks: row.remarks,
      },
      ...{ equipment: equipment.join(','), faults: inspection.filter(({ ok }) => !ok).length },
    }))
  },
  async costBills(db, who, filter, nowMs) {
    const reach = reachOf(who, api.listCostBills.access)
    const { rows } = await listBills(db, { caller: who.caller, reach }, filterOf(api.listCostBills.query, filter), nowMs)
    return rows.map(({ billId, unit, vehicle, day, kind, fen, quantity, supplier, documentNo, state, by, note }) => ({
      ...{ day, kind, documentNo, state, by, note },
      number: billId,
      unit: unit.name,
      plate: vehicle?.plate ?? null,
      amount: fen,
      quantity: quantity === null ? null : quantity / 1000,
      supplier: supplier?.name ?? null,
    }))
  },
  async maintenanceDue(db, who, filter, nowMs) {
    const reach = reachOf(who, api.listMaintenanceDue.access)
    const { rows } = await listDue(db, reach, filterOf(api.listMaintenanceDue.query, filter), nowMs)
    return rows.map(({ unit, vehicle, item, everyKm, everyMonths, last, odometer, state, dueDay, kmLeft, expectedDay }) => ({
      ...{ item, everyKm, everyMonths, state, dueDay, expectedDay },
      unit: unit.name,
      plate: vehicle.plate,
      lastDay: last?.day ?? null,
      lastKm: last?.odometerKm == null ? null : Math.round(last.odometerKm),
      nowKm: odometer === null ? null : Math.round(odometer.km),
      kmLeft: kmLeft === null ? null : Math.round(kmLeft),
    }))
  },
  async workOrders(db, who, filter, nowMs) {
    const reach = reachOf(who, api.listWorkOrders.access)
    const { rows } = await listWorkOrders(db, { caller: who.caller, reach }, filterOf(api.listWorkOrders.query, filter), nowMs)
    return rows.map(({ workOrderId, unit, vehicle, supplier, from, until, estimateFen, approvedFen, invoiceFen, odometerKm, ...row }) => ({
      ...{ kind: row.kind, work: row.work, invoiceNo: row.invoiceNo, state: row.state, by: row.by, bill: row.billId },
      number: workOrderId,
      unit: unit.name,
      plate: vehicle.plate,
      supplier: supplier.name,
      fromDay: dayAt(Date.parse(from)),
      untilDay: dayAt(Date.parse(until)),
      estimate: estimateFen,
      approved: approvedFen,
      invoice: invoiceFen,
      odometer: odometerKm === null ? null : Math.round(odometerKm),
    }))
  },
  async renewals(db, who, filter, nowMs) {
    const reach = reachOf(who, api.listRenewals.access)
    const { rows } = await listRenewals(db, { caller: who.caller, reach }, filterOf(api.listRenewals.query, filter), nowMs)
    return rows.map(
      ({ renewalId, unit, vehicle, kind, fromDay, untilDay, gapDays, by, documentNo, fen, paidDay, state, note, ...row }) => ({
        ...{ kind, fromDay, untilDay, gapDays, by, documentNo, paidDay, state, note },
        number: renewalId,
        unit: unit.name,
        plate: vehicle.plate,
        amount: fen,
        recordedBy: row.recordedBy,
      }),
    )
  },
  async mishaps(db, who, filter, nowMs) {
    const reach = reachOf(who, api.listMishaps.access)
    const { rows } = await listMishaps(db, { caller: who.caller, reach }, filterOf(api.listMishaps.query, filter), nowMs)
    return rows.map(({ mishapId, unit, vehicle, kind, at, place, text: what, noticeNo, drove, liability, fineFen, points, ...row }) => ({
      ...{ kind, place, what, noticeNo, liability, points, state: row.state, paidBy: row.paidBy },
      number: mishapId,
      unit: unit.name,
      plate: vehicle.plate,
      time: minuteOf(at),
      order: drove?.order.number ?? null,
      driver: drove?.driver ?? null,
      fine: fineFen,
      cost: row.costFen,
      insured: row.insuredFen,
    }))
  },
  async costEntries(db, who, filter, nowMs) {
    const reach = reachOf(who, api.listCostEntries.access)
    const { rows } = await listCostEntries(db, reach, filterOf(api.listCostEntries.query, { ...everSince(nowMs), ...filter }))
    return rows.map(({ unit, vehicle, order, fen, costCentre, day, kind, other, note }) => ({
      ...{ costCentre, day, kind, other, note },
      unit: unit.name,
      plate: vehicle?.plate ?? null,
      order: order?.number ?? null,
      amount: fen,
    }))
  },
  async statistics(db, who, filter, nowMs) {
    const reach = reachOf(who, api.readStatistics.access)
    const schema = api.readStatistics.query.extend(api.readStatistics.params.shape)
    const { table, ...query } = filterOf(schema, { table: 'T1', period: dayAt(nowMs).slice(0, 4), by: 'unit', ...filter })
    const { rows, measures, by, sum } = await readStatistics(db, { caller: who.caller, reach }, table, query, nowMs)
    const told = rows.map((row) => ({ ...row, cells: by.map((_, at) => row.names[at] ?? row.keys[at] ?? '') }))
    // As on the page, where it is no row of its own kind.
    const all = by.length > 0 && rows.length > 0 ? [{ ...sum, cells: by.map((_, at) => (at === 0 ? TOTAL : NOTHING)) }] : []
    return [...told, ...all].map((row) =>
      Object.fromEntries([
        ...by.map((dimension, at) => [dimension, row.cells[at]!] as const),
        ...(['now', 'before', 'yearBefore'] as const).flatMap((of) =>
          measures.map(({ key }, at) => [`${of}.${key}`, row[of][at] ?? null] as const),
        ),
      ]),
    )
  },
  async findings(db, who, filter, nowMs) {
    const reach = reachOf(who, api.listSupervisionFindings.access)
    const { rows } = await listFindings(db, { caller: who.caller, reach }, filterOf(api.listSupervisionFindings.query, filter), nowMs)
    return rows.map(
      ({
        findingId,
        organisation,
        vehicle,
        rule,
        severity,
        state,
        from,
        until,
        figure,
        threshold,
        unit,
        note,
        driver,
        order,
        raisedAt,
      }) => ({
        ...{ rule, severity, state, figure, threshold, note, verified: String(isVerified(state)), figureUnit: unit },
        number: findingId,
        unit: organisation.name,
        plate: vehicle.plate,
        endsOn: lastDayTold({ rule, fromMs: Date.parse(from), threshold }),
        from: minuteOf(from),
        until: minuteIfAny(until),
        driver: driver?.name ?? null,
        order: order?.number ?? null,
        raisedOn: dayAt(Date.parse(raisedAt)),
      }),
    )
  },
  async boards(db, who, filter, nowMs) {
    const reach = reachOf(who, api.readBoard.access)
    const { chart, ...query } = filterOf(api.readBoard.query.extend({ chart: z.enum(chartNames).default('stock') }), filter)
    const { charts } = await readBoard(db, { caller: who.caller, reach }, query, nowMs)
    const found = charts.find((one) => one.chart === chart)
    if (!found) throw new Refusal('FORBIDDEN')
    return found.points.map(({ key, name }, n) => ({
      point: name ?? (found.by === null ? '' : sayValue(found.by, key || null, null, 'zh-CN')),
      ...Object.fromEntries(found.series.map(({ table, measure, values }) => [`${table}.${measure}`, values[n] ?? null] as const)),
    }))
  },
  async flows(db, who, filter) {
    const reach = reachOf(who, api.listFlows.access)
    const { rows } = await listFlows(db, reach, filterOf(api.listFlows.query, filter))
    return rows.map(({ flowId, kind, state, unit, toUnit, vehicle, startedAt }) => ({
      number: flowId,
      kind,
      state,
      unit: unit.name,
      toUnit: toUnit?.name ?? null,
      plate: vehicle?.plate ?? null,
      startedOn: dayAt(Date.parse(startedAt)),
    }))
  },
}
