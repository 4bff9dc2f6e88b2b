// What is asked of each list: the first page, the last, and every kind of search that its page offers.
import type { EndpointName } from '../../services/contracts/api.ts'
import type { Role } from '../../services/domain/permissions.ts'

export type Question = { name: string; endpoint: EndpointName; query?: Record<string, string | number>; by?: Role; rounds?: number }

const many = (endpoint: EndpointName, queries: Record<string, Question['query']>, by?: Role): Question[] =>
  Object.entries(queries).map(([name, query]) => ({
    name: `${endpoint}: ${name}`,
    endpoint,
    ...(query ? { query } : {}),
    ...(by ? { by } : {}),
  }))

export const questions: readonly Question[] = [
  ...many('listVehicles', {
    'first page': {},
    'last page': { offset: 23_000 },
    plate: { q: 'a·12' },
    unit: { q: '财政' },
    driver: { q: '张' },
    nothing: { q: 'zzzz' },
    moving: { status: 'moving' },
    'league and class': { league: '150100', class: 'official' },
  }),
  ...many('listLedger', {
    'first page': {},
    'last page': { offset: 23_000 },
    'plate fragment': { q: '8123' },
    unit: { q: '财政' },
    'unit by initials': { q: 'hhhtsczj' },
    'unit by pinyin': { q: 'caizhengju' },
    'driver by pinyin': { q: 'wangwei' },
    nothing: { q: 'zzzz' },
    'over quota': { over: 'quota' },
    'over standard': { over: 'standard' },
    expiring: { expiresInDays: 30 },
    'suspended of one unit': { state: 'SUSPENDED', organisationId: 40 },
  }),
  ...many('listTerminals', {
    'first page': {},
    'last page': { offset: 23_000 },
    number: { q: '0001' },
    plate: { q: 'a·12' },
    nothing: { q: 'zzzz' },
    'not fitted': { fitted: 'no' },
    'silent for a day': { silentHours: 24 },
    'of one unit': { organisationId: 40 },
  }),
  ...many('listDrivers', {
    'first page': {},
    'last page': { offset: 17_000 },
    name: { q: '张伟' },
    pinyin: { q: 'zhangwei' },
    unit: { q: '财政' },
    'on leave': { state: 'leave' },
    'licence expiring': { expiresWithinDays: 90 },
    'of one unit': { organisationId: 40 },
  }),
  ...many(
    'listAccounts',
    {
      'first page': {},
      'last page': { offset: 59_000 },
      'part of a name': { q: '张伟' },
      'one character': { q: '张' },
      'user name': { q: 'clerk.59' },
      nothing: { q: 'zzzz' },
      role: { role: 'unit_approver' },
      'of one unit': { organisationId: 40 },
      pending: { status: 'pending' },
      'waiting for a grant': { waiting: 'true' },
    },
    'system_admin',
  ),
  ...many('listQuotas', { 'first page': {}, 'over quota': { only: 'over' }, unit: { q: '财政' } }),
  ...many('listSuppliers', { 'first page': {}, name: { q: '加油' } }),
  ...many('listFuelCards', { 'first page': {} }),
  ...many('listFlows', { 'first page': {} }),
  { name: 'listOrganisations', endpoint: 'listOrganisations', rounds: 15 },
  { name: 'listLedgerOrganisations', endpoint: 'listLedgerOrganisations', rounds: 15 },
]
