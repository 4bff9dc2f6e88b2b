// 配备标准: limits of price and displacement from a day on. They are added, never changed: a later one takes over.
import { wordLists } from '../../../domain/words.ts'
import { choice, integer, money, reference, text } from '../kinds.ts'
import type { Complaint, Sheet } from '../sheet.ts'
import { called, words } from '../words.ts'
import { effectiveFrom, unitColumn } from './common.ts'

const added = words('标准只增不改，请另加一条新生效日期的标准', 'A standard is never changed; add one with a later day')
const any = ['不限', 'Any'] as const
const energy = { any, yes: ['新能源', 'New energy'], no: ['非新能源', 'Not new energy'] } as const

export const standards: Sheet = {
  subject: 'standards',
  name: words('配备标准', 'Standards'),
  view: 'ledger.view',
  table: 'standard_limits',
  id: 'limit_id',
  subjectType: 'standard',
  key: ['unit', 'category', 'body', 'newEnergy', 'effectiveFrom'],
  owner: 't.organisation_id',
  isOver: ({ effectiveFrom }, today) => effectiveFrom! < today,
  order: 'own.lft, t.category, t.body_type NULLS FIRST, t.new_energy NULLS FIRST, t.effective_from',
  columns: [
    { ...unitColumn(words('适用机构', 'Holds for')), kind: reference(words('机构全路径或编码', 'Full path or code of an organisation')) },
    {
      key: 'category',
      heading: called('category'),
      kind: choice(wordLists.category),
      sql: 'category',
      required: true,
      example: '应急保障用车',
    },
    {
      key: 'body',
      heading: words('车身类型', 'Body'),
      kind: choice({ any, ...wordLists.body }),
      sql: 'body_type',
      readSql: `coalesce(t.body_type, 'any')`,
      writeSql: `nullif(n.body_type, 'any')`,
      required: true,
      example: '不限',
    },
    {
      key: 'newEnergy',
      heading: words('能源', 'Energy'),
      kind: choice(energy),
      sql: 'new_energy',
      readSql: `CASE t.new_energy WHEN true THEN 'yes' WHEN false THEN 'no' ELSE 'any' END`,
      writeSql: `CASE n.new_energy WHEN 'yes' THEN true WHEN 'no' THEN false END`,
      required: true,
      example: '不限',
    },
    effectiveFrom,
    {
      key: 'maxPrice',
      heading: words('价格上限（万元）', 'Price at most (10,000 yuan)'),
      kind: money('万元', 10_000_000),
      sql: 'max_price_fen',
      recordAs: 'maxPriceFen',
      fixed: added,
      note: words('留空表示不限', 'Blank: no limit'),
      example: '18',
    },
    {
      key: 'maxDisplacement',
      heading: words('排量上限（毫升）', 'Displacement at most (mL)'),
      kind: integer(1, 30_000),
      sql: 'max_displacement_ml',
      recordAs: 'maxDisplacementMl',
      fixed: added,
      note: words('留空表示不限', 'Blank: no limit'),
      example: '1800',
    },
    { key: 'note', heading: words('依据', 'Basis'), kind: text(200), sql: 'note', required: true, fixed: added, example: '配备标准文件' },
  ],
  judge: ({ row, values }): Complaint[] =>
    values.maxPrice == null && values.maxDisplacement == null
      ? [{ row, column: 'maxPrice', message: words('价格上限与排量上限至少填一项', 'Give a limit of price or of displacement') }]
      : [],
}
