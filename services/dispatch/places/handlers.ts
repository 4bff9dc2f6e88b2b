// The rows of the API table for places, suppliers, fuel cards and the working calendar.
import type { HandlerDeps } from '../handlers.ts'
import { type Handlers, orNotFound } from '../routes.ts'
import { announceYear, setCalendarDay, setWorkingHours } from './calendarChange.ts'
import { readDay, readYear } from './calendarRead.ts'
import { createFuelCard, editFuelCard, listFuelCards } from './fuelCards.ts'
import { createPlace, editPlace } from './placeChange.ts'
import { findPlace, listPlaceShapes, listPlaces, listPlacesAt } from './placeRead.ts'
import { createSupplier, editSupplier, findSupplier, listSuppliers } from './suppliers.ts'

export function createPlacesHandlers(deps: Pick<HandlerDeps, 'db' | 'clock'>) {
  const { db, clock } = deps
  return {
    listPlaces: ({ reach, query }) => listPlaces(db, reach, query),
    listPlaceShapes: ({ reach, query }) => listPlaceShapes(db, reach, query),
    listPlacesAt: async ({ reach, query }) => ({ rows: await listPlacesAt(db, reach, [query.lon, query.lat], query.on) }),
    getPlace: async ({ reach, params }) => orNotFound(await findPlace(db, reach, params.placeId)),
    createPlace: ({ caller, body }) => createPlace(deps, caller, body),
    editPlace: ({ caller, params, body }) => editPlace(deps, caller, params.placeId, body),
    listSuppliers: ({ reach, query }) => listSuppliers(db, reach, query, clock.nowMs()),
    getSupplier: async ({ reach, params }) => orNotFound(await findSupplier(db, reach, params.supplierId, clock.nowMs())),
    createSupplier: ({ caller, body }) => createSupplier(deps, caller, body),
    editSupplier: ({ caller, params, body }) => editSupplier(deps, caller, params.supplierId, body),
    listFuelCards: ({ caller, reach, query }) => listFuelCards(db, reach, caller.role, query),
    createFuelCard: ({ caller, body }) => createFuelCard(deps, caller, body),
    editFuelCard: ({ caller, params, body }) => editFuelCard(deps, caller, params.fuelCardId, body),
    getCalendar: ({ caller, params, query }) => readYear(db, caller, params.year, query.organisationId),
    getDayKind: ({ caller, params, query }) => readDay(db, caller, params.day, query.organisationId),
    setCalendarDay: ({ caller, params, body }) => setCalendarDay(deps, caller, params.day, body),
    announceYear: ({ caller, body }) => announceYear(deps, caller, body),
    setWorkingHours: ({ caller, body }) => setWorkingHours(deps, caller, body),
  } satisfies Partial<Handlers>
}
