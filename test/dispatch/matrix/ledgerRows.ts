// Rows of the ledger: organisations, vehicles, flows, quota and standards.
import type { ledgerApi } from '../../../services/contracts/api/ledger.ts'
import type { quotaApi } from '../../../services/contracts/api/quota.ts'
import { newVehicle } from '../ledgerPeople.ts'
import { change, type Parts, type Row, reason, rowIds } from './row.ts'
import type { Site } from './sites.ts'

const atUnit = (at: Site) => ({ params: { organisationId: at.unit } })
const atVehicle = (at: Site) => ({ params: { vehicleId: at.vehicle } })
const atSecret = (at: Site) => ({ params: { vehicleId: at.secretVehicle } })
const plan = { category: 'LEASED_SERVICE', bodyType: null, energy: 'petrol', priceFen: 100, displacementMl: null }
const leased = (userUnitId: number, ownerUnitId: number) =>
  newVehicle(7, { class: 'leased', category: 'LEASED_SERVICE', userUnitId, ownerUnitId })
const setOn = (vehicleId: number, set: object): Parts => ({ params: { vehicleId }, body: { ...change, set } })
const limit = {
  category: 'OTHER_APPROVED',
  bodyType: null,
  newEnergy: null,
  maxPriceFen: 1,
  maxDisplacementMl: null,
  effectiveFrom: '2027-01-01',
  reason,
}
/** Previews are POST because they take a list, and leave nothing. */
const preview = { leavesNothing: true } as const
const insured = { insuranceUntil: '2027-01-01' }

export const ledgerRows: Record<keyof typeof ledgerApi | keyof typeof quotaApi, Row> = {
  listLedgerOrganisations: {
    lists: {
      now: { all: 'SELECT organisation_id AS id, organisation_id AS unit FROM organisations', ids: rowIds('organisationId') },
      'as of a day': {
        request: { query: { asOf: '2026-01-01T00:00:00Z' } },
        all: 'SELECT organisation_id AS id, organisation_id AS unit FROM organisations',
        ids: rowIds('organisationId'),
      },
    },
  },
  getOrganisationHistory: { aims: { path: { at: atUnit } } },
  previewOrganisation: {
    aims: {
      path: { at: (at) => ({ ...atUnit(at), query: { action: 'close' } }) },
      target: { at: ({ unit }, { below }) => ({ ...atUnit(below), query: { action: 'move', targetId: unit } }), saidInside: true },
    },
  },
  createOrganisation: { aims: { parent: { at: ({ unit }) => ({ body: { parentId: unit, kind: 'unit', name: '新设单位', reason } }) } } },
  changeOrganisation: {
    aims: {
      path: { at: (at) => ({ ...atUnit(at), body: { ...change, costCentre: 'C1' } }) },
      compound: {
        at: ({ compound }, { below }) => ({ ...atUnit(below), body: { ...change, compoundId: compound } }),
        sharedBy: 'below',
        absent: 'VALIDATION_FAILED',
      },
      pool: {
        at: ({ pool }, { below }) => ({ ...atUnit(below), body: { ...change, poolId: pool } }),
        sharedBy: 'below',
        absent: 'VALIDATION_FAILED',
      },
    },
  },
  moveOrganisation: {
    aims: {
      path: {
        at: (at, { below }) => ({ ...atUnit(at), body: { ...change, parentId: below.unit } }),
        told: ({ site, sites, tree }) => (tree.isBelow(sites.below.unit, site!.unit) ? 'CONFLICT' : 'OK'),
      },
      parent: {
        at: ({ unit }, { below }) => ({ ...atUnit(below), body: { ...change, parentId: unit } }),
        told: ({ site, sites, tree }) => (tree.isBelow(site!.unit, sites.below.unit) ? 'CONFLICT' : 'OK'),
      },
    },
  },
  mergeOrganisation: {
    aims: {
      path: { at: (at, { below }) => ({ ...atUnit(at), body: { ...change, intoId: below.unit } }), told: () => 'CONFLICT' },
      into: { at: ({ unit }, { below }) => ({ ...atUnit(below), body: { ...change, intoId: unit } }), told: () => 'CONFLICT' },
    },
  },
  closeOrganisation: { aims: { path: { at: (at) => ({ ...atUnit(at), body: change }), told: () => 'CONFLICT' } } },
  listSharedPlaces: {
    lists: {
      compounds: {
        all: 'SELECT compound_id AS id, organisation_id AS unit FROM compounds',
        ids: rowIds('compoundId', 'compounds'),
      },
      pools: { all: 'SELECT pool_id AS id, organisation_id AS unit FROM motor_pools', ids: rowIds('poolId', 'pools') },
    },
  },
  createCompound: {
    aims: {
      organisation: { at: ({ unit }) => ({ body: { organisationId: unit, name: '又一办公区', reason } }) },
      place: {
        at: ({ place }, { own }) => ({ body: { organisationId: own.unit, name: '又一办公区', placeId: place, reason } }),
        absent: 'VALIDATION_FAILED',
      },
    },
  },
  changeCompound: {
    aims: {
      path: { at: ({ compound }) => ({ params: { compoundId: compound }, body: { ...change, name: '改名办公区' } }) },
      place: {
        at: ({ place }, { own }) => ({ params: { compoundId: own.compound }, body: { ...change, placeId: place } }),
        absent: 'VALIDATION_FAILED',
      },
    },
  },
  createPool: {
    aims: {
      organisation: { at: ({ unit }) => ({ body: { organisationId: unit, name: '又一车队', reason } }) },
      compound: { at: ({ compound }, { own }) => ({ body: { organisationId: own.unit, name: '又一车队', compoundId: compound, reason } }) },
    },
  },
  changePool: {
    aims: {
      path: { at: ({ pool }) => ({ params: { poolId: pool }, body: { ...change, name: '改名车队' } }) },
      compound: { at: ({ compound }, { own }) => ({ params: { poolId: own.pool }, body: { ...change, compoundId: compound } }) },
    },
  },
  listLedger: {
    lists: {
      vehicles: {
        request: { query: { limit: 200 } },
        all: 'SELECT vehicle_id AS id, user_unit_id AS unit, secrecy AS secret FROM every_vehicle',
        ids: rowIds('vehicleId'),
        narrowed: (organisationId) => ({ organisationId }),
      },
    },
  },
  getVehicleFile: { aims: { path: { at: atVehicle }, sensitive: { at: atSecret, reach: 'cleared' } } },
  getVehicleHistory: { aims: { path: { at: atVehicle }, sensitive: { at: atSecret, reach: 'cleared' } } },
  createVehicle: {
    aims: {
      userUnit: { at: ({ unit }, { own }) => ({ body: { ...leased(unit, own.unit), reason } }) },
      ownerUnit: { at: ({ unit }, { own }) => ({ body: { ...leased(own.unit, unit), reason } }) },
      parking: {
        // Of the caller's own subtree, or above the vehicle's unit.
        at: ({ place }, { own }) => ({ body: { ...leased(own.unit, own.unit), parkingPlaceId: place, reason } }),
        reach: 'holding',
        absent: 'VALIDATION_FAILED',
      },
    },
  },
  changeVehicle: {
    aims: {
      path: { at: ({ vehicle }) => setOn(vehicle, { note: '备注' }) },
      sensitive: { at: ({ secretVehicle }) => setOn(secretVehicle, { note: '备注' }), reach: 'cleared' },
      userUnit: {
        at: ({ unit }, { own, below }) => setOn(unit === own.unit ? below.vehicle : own.vehicle, { userUnitId: unit }),
        also: ['ledger.approve'],
      },
      ownerUnit: {
        at: ({ unit }, { own, below }) => setOn(unit === own.unit ? below.vehicle : own.vehicle, { ownerUnitId: unit }),
        also: ['ledger.approve'],
      },
      parking: {
        at: ({ place }, { own }) => setOn(own.vehicle, { parkingPlaceId: place }),
        reach: 'holding',
        absent: 'VALIDATION_FAILED',
      },
    },
  },
  actOnVehicle: {
    aims: {
      suspend: { at: (at) => ({ ...atVehicle(at), body: { ...change, action: 'suspend' } }) },
      unseal: {
        at: (at) => ({ ...atVehicle(at), body: { ...change, action: 'unseal' } }),
        also: ['ledger.approve'],
        told: () => 'CONFLICT',
      },
    },
  },
  bindTerminal: { aims: { path: { at: (at) => ({ ...atVehicle(at), body: { ...change, terminalId: null } }) } } },
  addVehicleFile: {
    aims: {
      path: {
        at: (at) => ({
          ...atVehicle(at),
          query: { kind: 'document', name: '证件.pdf' },
          body: Buffer.from('%PDF-1'),
          headers: { 'content-type': 'application/octet-stream' },
        }),
      },
    },
  },
  removeVehicleFile: {
    aims: {
      path: { at: ({ vehicle, file }) => ({ params: { vehicleId: vehicle, fileId: file }, query: { reason } }) },
      'file of another vehicle': {
        at: ({ where, vehicle, file }, { own }) => ({
          params: { vehicleId: where === 'own' ? vehicle : own.vehicle, fileId: file },
          query: { reason },
        }),
        exactly: true,
      },
    },
  },
  readVehicleFile: {
    aims: { path: { at: ({ vehicle, file }) => ({ params: { vehicleId: vehicle, fileId: file } }) } },
  },
  previewBulk: { aims: { vehicle: { at: ({ vehicle }) => ({ body: { vehicleIds: [vehicle], set: insured } }), ...preview } } },
  applyBulk: {
    aims: {
      vehicle: {
        at: ({ vehicle }) => ({ body: { vehicleIds: [vehicle], set: insured, token: 'x', reason } }),
        told: () => 'CHANGED_MEANWHILE',
      },
    },
  },
  listFlows: {
    lists: {
      flows: {
        request: { query: { limit: 200 } },
        all: `SELECT flow_id AS id, unit_id AS unit FROM ledger_flows UNION SELECT flow_id, to_unit_id FROM ledger_flows WHERE to_unit_id IS NOT NULL`,
        ids: rowIds('flowId'),
      },
    },
  },
  getFlow: { aims: { path: { at: ({ flow }) => ({ params: { flowId: flow } }) } } },
  startFlow: {
    aims: {
      unit: { at: ({ unit }) => ({ body: { kind: 'acquisition', unitId: unit, plan, reason } }) },
      vehicle: { at: ({ spareVehicle }) => ({ body: { kind: 'disposal', vehicleId: spareVehicle, reason } }) },
    },
  },
  actOnFlow: {
    aims: {
      appraise: { at: ({ flow }) => ({ params: { flowId: flow }, body: { ...change, action: 'appraise', data: { appraisedFen: 1 } } }) },
      refuse: { at: ({ flow }) => ({ params: { flowId: flow }, body: { ...change, action: 'refuse' } }), afterwards: ['ledger.approve'] },
    },
  },
  listQuotas: {
    lists: {
      quotas: {
        request: { query: { limit: 200, category: 'LAW_ENFORCEMENT' } },
        all: `SELECT unit_id AS id, unit_id AS unit FROM quotas WHERE category = 'LAW_ENFORCEMENT'
              UNION SELECT user_unit_id, user_unit_id FROM every_vehicle WHERE category = 'LAW_ENFORCEMENT'`,
        ids: rowIds('unitId'),
        narrowed: (organisationId) => ({ organisationId }),
      },
    },
  },
  getQuota: { aims: { path: { at: ({ quota }) => ({ params: { quotaId: quota } }) } } },
  getQuotaHistory: { aims: { unit: { at: ({ unit }) => ({ query: { unitId: unit, category: 'OTHER_APPROVED' } }) } } },
  draftQuota: {
    aims: {
      unit: {
        at: ({ unit }) => ({ body: { unitId: unit, category: 'EMERGENCY_SUPPORT', seats: 1, effectiveFrom: '2027-01-01', reason } }),
      },
    },
  },
  changeQuota: { aims: { path: { at: ({ quota }) => ({ params: { quotaId: quota }, body: { version: 1, seats: 4, reason } }) } } },
  actOnQuota: {
    aims: {
      submit: { at: ({ quota }) => ({ params: { quotaId: quota }, body: { version: 1, action: 'submit', reason } }) },
      approve: {
        at: ({ quota }) => ({ params: { quotaId: quota }, body: { version: 1, action: 'approve', reason } }),
        also: ['ledger.approve'],
        told: () => 'CONFLICT',
      },
    },
  },
  listStandards: {
    lists: {
      limits: {
        all: 'SELECT limit_id AS id, organisation_id AS unit FROM standard_limits',
        ids: rowIds('limitId', 'limits'),
        reach: 'holding',
      },
    },
  },
  addStandardLimit: { aims: { organisation: { at: ({ unit }) => ({ body: { organisationId: unit, ...limit } }) } } },
  setLedgerPolicy: {
    aims: { organisation: { at: ({ unit }) => ({ body: { organisationId: unit, overQuota: 'flag', overStandard: 'flag', reason } }) } },
  },
}
