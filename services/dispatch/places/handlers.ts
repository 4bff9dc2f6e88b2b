// The rows of the API table for places, suppliers, fuel cards and the working calendar.
import type { HandlerDeps } from '../deps.ts'
import { type Act, act } from '../kernel/act.ts'
import type { Who } from '../kernel/caller.ts'
import { type Handlers, orNotFound } from '../routes.ts'
import { announceYear, setCalendarDay, setWorkingHours } from './calendarChange.ts'
import { readDay, readYear } from './calendarRead.ts'
import { createFuelCard, editFuelCard, listFuelCards } from './fuelCards.ts'
import { createPlace, editPlace } from './placeChange.ts'
import { findPlace, listPlaceShapes, listPlaces, listPlacesAt } from './placeRead.ts'
import { createSupplier, editSupplier, findSupplier, listSuppliers } from './suppliers.ts'

export function createPlacesHandlers(deps: Pick<HandlerDeps, 'db' | 'clock'>) {
  const { db, clock } = deps
  const change = <T>(who: Who, work: (step: Act) => Promise<T>) => act(deps, who, work)
  return {
    listPlaces: ({ reach, query }) => listPlaces(db, reach, query),
    listPlaceShapes: ({ reach, query }) => listPlaceShapes(db, reach, query),
    listPlacesAt: async ({ reach, query }) => ({ rows: await listPlacesAt(db, reach, [query.lon, query.lat], query.on) }),
    getPlace: async ({ reach, params }) => orNotFound(await findPlace(db, reach, params.placeId)),
    createPlace: (call) => change(call, (step) => createPlace(step, call.body)),
    editPlace: (call) => change(call, (step) => editPlace(step, call.params.placeId, call.body)),
    listSuppliers: ({ reach, query }) => listSuppliers(db, reach, query, clock.nowMs()),
    getSupplier: async ({ reach, params }) => orNotFound(await findSupplier(db, reach, params.supplierId, clock.nowMs())),
    createSupplier: (call) => change(call, (step) => createSupplier(step, call.body)),
    editSupplier: (call) => change(call, (step) => editSupplier(step, call.params.supplierId, call.body)),
    listFuelCards: ({ caller, reach, query }) => listFuelCards(db, reach, caller.role, query),
    createFuelCard: (call) => change(call, (step) => createFuelCard(step, call.body)),
    editFuelCard: (call) => change(call, (step) => editFuelCard(step, call.params.fuelCardId, call.body)),
    getCalendar: (call) => readYear(db, call, call.params.year, call.query.organisationId),
    getDayKind: (call) => readDay(db, call, call.params.day, call.query.organisationId),
    setCalendarDay: (call) => change(call, (step) => setCalendarDay(step, call.params.day, call.body)),
    announceYear: (call) => change(call, (step) => announceYear(step, call.body)),
    setWorkingHours: (call) => change(call, (step) => setWorkingHours(step, call.body)),
  } satisfies Partial<Handlers>
}
