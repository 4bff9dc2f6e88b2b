// Rows of terminals.
import type { terminalApi } from '../../../services/contracts/api/terminals.ts'
import { change, type Row, reason, rowIds } from './row.ts'
import type { Site } from './sites.ts'

const atTerminal = ({ terminal }: Site) => ({ params: { terminalId: terminal } })
const inSecret = ({ unit }: Site) => ({ params: { terminalId: `TSECR${unit}` } })
const known = `SELECT t.terminal_id AS id, coalesce(v.user_unit_id, t.organisation_id) AS unit, coalesce(v.secrecy, false) AS secret
  FROM terminals t LEFT JOIN every_vehicle v USING (vehicle_id)`
const register = (organisationId: number, vehicleId: number | null) => ({
  body: { reason, organisationId, terminals: [{ terminalId: 'TNEW0001', vehicleId }] },
})
const fit = (terminalId: string, vehicleId: number | null) => ({ params: { terminalId }, body: { ...change, vehicleId } })

export const terminalRows: Record<keyof typeof terminalApi, Row> = {
  listTerminals: {
    lists: {
      terminals: {
        request: { query: { limit: 200 } },
        all: known,
        ids: rowIds('terminalId'),
        narrowed: (organisationId) => ({ organisationId }),
      },
    },
  },
  getTerminal: { aims: { path: { at: atTerminal }, sensitive: { at: inSecret, reach: 'cleared' } } },
  getTerminalHistory: { aims: { path: { at: atTerminal }, sensitive: { at: inSecret, reach: 'cleared' } } },
  registerTerminals: {
    aims: {
      organisation: { at: ({ unit }) => register(unit, null), absent: 'VALIDATION_FAILED' },
      vehicle: { at: ({ spareVehicle }, { own }) => register(own.unit, spareVehicle), absent: 'VALIDATION_FAILED' },
      sensitive: { at: ({ secretVehicle }, { own }) => register(own.unit, secretVehicle), reach: 'cleared', absent: 'VALIDATION_FAILED' },
    },
  },
  changeTerminal: {
    aims: {
      path: { at: (at) => ({ ...atTerminal(at), body: { ...change, note: '备用' } }) },
      sensitive: { at: (at) => ({ ...inSecret(at), body: { ...change, note: '备用' } }), reach: 'cleared' },
      organisation: {
        at: ({ unit }, { own, below }) => ({
          params: { terminalId: unit === own.unit ? below.freeTerminal : own.freeTerminal },
          body: { ...change, organisationId: unit },
        }),
        absent: 'VALIDATION_FAILED',
      },
    },
  },
  fitTerminal: {
    aims: {
      path: { at: ({ terminal }) => fit(terminal, null) },
      sensitive: { at: ({ unit }) => fit(`TSECR${unit}`, null), reach: 'cleared' },
      vehicle: { at: ({ spareVehicle }, { own }) => fit(own.freeTerminal, spareVehicle), absent: 'VALIDATION_FAILED' },
      'sensitive vehicle': {
        at: ({ secretVehicle }, { own }) => fit(own.freeTerminal, secretVehicle),
        reach: 'cleared',
        absent: 'VALIDATION_FAILED',
      },
    },
  },
  issueCredentials: {
    aims: {
      terminal: { at: ({ terminal }) => ({ body: { reason, terminalIds: [terminal] } }) },
      sensitive: { at: ({ unit }) => ({ body: { reason, terminalIds: [`TSECR${unit}`] } }), reach: 'cleared' },
    },
  },
  revokeTerminals: {
    aims: {
      terminal: { at: ({ terminal }) => ({ body: { reason, terminalIds: [terminal] } }) },
      sensitive: { at: ({ unit }) => ({ body: { reason, terminalIds: [`TSECR${unit}`] } }), reach: 'cleared' },
    },
  },
  listTerminalKnocks: {
    lists: {
      registered: { request: { query: { q: 'TSITE' } }, all: `${known} WHERE terminal_id LIKE 'TSITE%'`, ids: rowIds('name') },
      // A number that is nobody's is there for whoever may register it.
      nobodys: {
        request: { query: { q: 'KNOCK' } },
        all: `SELECT name AS id, NULL AS unit FROM terminal_knocks WHERE name LIKE 'KNOCK%'`,
        ids: rowIds('name'),
        reach: 'holding',
      },
    },
  },
}
