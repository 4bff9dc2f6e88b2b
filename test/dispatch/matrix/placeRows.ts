// Rows of places, suppliers, fuel cards and the working calendar: what is set above holds for everything below.
import type { placesApi } from '../../../services/contracts/api/places.ts'
import { type List, type Parts, type Row, rowIds } from './row.ts'
import type { Site } from './sites.ts'

const circle = {
  kind: 'designated_lot',
  name: '新停车场',
  shape: { type: 'circle', centre: [111.7, 40.8], radiusM: 80 },
  validFrom: '2026-01-01',
}
const supplier = { name: '新供应商', kinds: ['repair'], validFrom: '2026-01-01' }
const card = { vehicleId: null, dayLimitFen: 100 }
const places: List = {
  all: 'SELECT place_id AS id, organisation_id AS unit FROM places',
  ids: rowIds('placeId'),
  reach: 'holding',
}
const inUnit = 'VALIDATION_FAILED' as const
const ofCalendar = (at: Site | null, version: number | null = null): Parts => ({
  params: { day: '2026-07-02' },
  body: { organisationId: at?.unit ?? null, kind: 'holiday', name: '本地节日', version },
})

export const placeRows: Record<keyof typeof placesApi, Row> = {
  listPlaces: {
    lists: { places: { ...places, request: { query: { limit: 200 } }, narrowed: (organisationId) => ({ organisationId }) } },
  },
  listPlaceShapes: { lists: { places: { ...places, request: { query: { west: 111, south: 40, east: 112, north: 41 } } } } },
  listPlacesAt: { lists: { places: { ...places, request: { query: { lon: 111.7, lat: 40.8 } } } } },
  getPlace: { aims: { path: { at: ({ place }) => ({ params: { placeId: place } }), reach: 'holding' } } },
  createPlace: { aims: { organisation: { at: ({ unit }) => ({ body: { ...circle, organisationId: unit } }), absent: inUnit } } },
  editPlace: { aims: { path: { at: ({ place }) => ({ params: { placeId: place }, body: { ...circle, version: 1 } }) } } },
  listSuppliers: {
    lists: {
      suppliers: {
        request: { query: { limit: 200 } },
        all: 'SELECT supplier_id AS id, organisation_id AS unit FROM suppliers',
        ids: rowIds('supplierId'),
        reach: 'holding',
        narrowed: (organisationId) => ({ organisationId }),
      },
    },
  },
  getSupplier: { aims: { path: { at: (at) => ({ params: { supplierId: at.supplier } }), reach: 'holding' } } },
  createSupplier: {
    aims: {
      organisation: { at: ({ unit }) => ({ body: { ...supplier, organisationId: unit } }), absent: inUnit },
      place: {
        at: ({ place }, { own }) => ({ body: { ...supplier, organisationId: own.unit, placeId: place } }),
        reach: 'holding',
        absent: inUnit,
      },
    },
  },
  editSupplier: {
    aims: {
      path: { at: (at) => ({ params: { supplierId: at.supplier }, body: { ...supplier, version: 1 } }) },
      place: {
        at: ({ place }, { own }) => ({ params: { supplierId: own.supplier }, body: { ...supplier, placeId: place, version: 1 } }),
        reach: 'holding',
        absent: inUnit,
      },
    },
  },
  listFuelCards: {
    lists: {
      cards: {
        request: { query: { limit: 200 } },
        all: 'SELECT fuel_card_id AS id, organisation_id AS unit FROM fuel_cards',
        ids: rowIds('fuelCardId'),
        narrowed: (organisationId) => ({ organisationId }),
      },
    },
  },
  createFuelCard: {
    aims: {
      organisation: {
        at: ({ unit }, { own }) => ({ body: { ...card, cardNo: '622600000000', supplierId: own.supplier, organisationId: unit } }),
        absent: inUnit,
      },
      supplier: {
        at: (at, { own }) => ({ body: { ...card, cardNo: '622600000000', supplierId: at.supplier, organisationId: own.unit } }),
        reach: 'holding',
        absent: inUnit,
      },
      vehicle: {
        at: ({ vehicle }, { own }) => ({
          body: { ...card, cardNo: '622600000000', supplierId: own.supplier, organisationId: own.unit, vehicleId: vehicle },
        }),
        absent: inUnit,
      },
    },
  },
  editFuelCard: {
    aims: {
      path: { at: ({ fuelCard }) => ({ params: { fuelCardId: fuelCard }, body: { dayLimitFen: 100, state: 'active', version: 1 } }) },
      vehicle: {
        at: ({ vehicle }, { own }) => ({ params: { fuelCardId: own.fuelCard }, body: { vehicleId: vehicle, state: 'active', version: 1 } }),
        absent: inUnit,
      },
    },
  },
  getCalendar: { aims: { organisation: { at: ({ unit }) => ({ params: { year: 2026 }, query: { organisationId: unit } }) } } },
  getDayKind: { aims: { organisation: { at: ({ unit }) => ({ params: { day: '2026-07-01' }, query: { organisationId: unit } }) } } },
  setCalendarDay: {
    aims: { organisation: { at: (at) => ofCalendar(at), absent: inUnit } },
    plain: { request: ofCalendar(null), region: true },
  },
  announceYear: { plain: { request: { body: { year: 2031, source: '国务院办公厅通知' } }, region: true } },
  setWorkingHours: {
    aims: {
      organisation: {
        at: ({ unit }) => ({
          body: { organisationId: unit, effectiveFrom: '2026-09-01', startMinute: 480, endMinute: 1020, version: null },
        }),
        absent: inUnit,
      },
    },
  },
}
