// 车队: units that name the same pool share its vehicles (the sheet of organisations says which).
import { reference, text } from '../kinds.ts'
import type { Sheet } from '../sheet.ts'
import { called, words } from '../words.ts'
import { unitColumn } from './common.ts'

export const pools: Sheet = {
  subject: 'pools',
  name: words('车队', 'Motor pools'),
  view: 'ledger.view',
  table: 'motor_pools',
  id: 'pool_id',
  subjectType: 'pool',
  key: ['name', 'unit'],
  owner: 't.organisation_id',
  stays: true,
  order: 'own.lft, t.name COLLATE "C"',
  columns: [
    { key: 'name', heading: called('name'), kind: text(80), sql: 'name', required: true, example: '示例车队' },
    unitColumn(),
    {
      key: 'compound',
      heading: words('集中办公区', 'Compound'),
      kind: reference(words('集中办公区名称，重名时写 名称@机构编码', 'Name of a compound, or name@code')),
      sql: 'compound_id',
      refers: 'compound',
      recordAs: 'compoundId',
      example: '',
    },
  ],
}
