// 集中办公区: of an organisation, at a place.
import { reference, text } from '../kinds.ts'
import type { Sheet } from '../sheet.ts'
import { called, words } from '../words.ts'
import { unitColumn } from './common.ts'

export const compounds: Sheet = {
  subject: 'compounds',
  name: words('集中办公区', 'Compounds'),
  view: 'ledger.view',
  table: 'compounds',
  id: 'compound_id',
  subjectType: 'compound',
  key: ['name', 'unit'],
  owner: 't.organisation_id',
  stays: true,
  order: 'own.lft, t.name COLLATE "C"',
  columns: [
    { key: 'name', heading: called('name'), kind: text(80), sql: 'name', required: true, example: '示例集中办公区' },
    unitColumn(),
    {
      key: 'place',
      heading: words('场所', 'Place'),
      kind: reference(words('场所名称，重名时写 名称@机构编码', 'Name of a place, or name@code')),
      sql: 'place_id',
      refers: 'place',
      recordAs: 'placeId',
      example: '',
    },
  ],
}
