// Columns that several subjects share.
import { date, reference, text } from '../kinds.ts'
import type { Column } from '../sheet.ts'
import { called, words } from '../words.ts'

const unitKind = reference(words('单位全路径或机构编码', 'Full path or code of a unit'))

export const unitColumn = (heading = words('所属机构', 'Organisation')): Column => ({
  key: 'unit',
  heading,
  kind: unitKind,
  sql: 'organisation_id',
  refers: 'unit',
  required: true,
  recordAs: 'organisationId',
  example: '示例市/示例区',
})

/** An organisation and everything below it, or the whole region (organisation_id NULL). */
export const domainColumn: Column = {
  key: 'unit',
  heading: words('适用机构', 'Holds for'),
  kind: reference(words('机构全路径或编码；全区适用写“全区”', 'Full path or code of an organisation; “Whole region” for all')),
  sql: 'organisation_id',
  readSql: 'coalesce(t.organisation_id, 0)',
  writeSql: 'nullif(n.organisation_id, 0)',
  refers: 'domain',
  required: true,
  recordAs: 'organisationId',
  example: '示例市/示例区',
}

export const driverColumn: Column = {
  key: 'driver',
  heading: words('驾驶证号', 'Licence no.'),
  kind: reference(words('驾驶员的驾驶证号', 'Licence number of the driver')),
  sql: 'driver_id',
  refers: 'driver',
  personal: 'licence',
  required: true,
  recordAs: 'driverId',
  example: '000000000000000000',
}
/** SQL: whose row it is that hangs on a driver. */
export const driverOwner = '(SELECT d.organisation_id FROM drivers d WHERE d.driver_id = t.driver_id)'

export const fromDay: Column = {
  key: 'fromDay',
  heading: called('fromDay'),
  kind: date,
  sql: 'from_day',
  required: true,
  example: '2026-03-02',
}
export const untilDay: Column = {
  key: 'untilDay',
  heading: called('untilDay'),
  kind: date,
  sql: 'until_day',
  example: '2026-03-06',
}
export const effectiveFrom: Column = {
  key: 'effectiveFrom',
  heading: called('effectiveFrom'),
  kind: date,
  sql: 'effective_from',
  required: true,
  example: '2026-01-01',
}
export const note: Column = { key: 'note', heading: called('note'), kind: text(500), sql: 'note', example: '' }
/** What is only ever added. */
export const kept = words('已登记的历史不再更改', 'What is on record does not change')
