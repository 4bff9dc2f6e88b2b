// 驾驶时长限制: minutes a day, without a rest, of rest, and a week; from a day on.
import { integer } from '../kinds.ts'
import { judgeDomain } from '../regionOnly.ts'
import type { Sheet } from '../sheet.ts'
import { words } from '../words.ts'
import { domainColumn, effectiveFrom } from './common.ts'

export const drivingLimits: Sheet = {
  subject: 'drivingLimits',
  name: words('驾驶时长限制', 'Driving limits'),
  view: 'driver.view',
  table: 'driving_limits',
  id: 'limits_id',
  subjectType: 'driving-limits',
  key: ['unit', 'effectiveFrom'],
  owner: 't.organisation_id',
  isOver: ({ effectiveFrom }, today) => effectiveFrom! < today,
  order: 'own.lft NULLS FIRST, t.effective_from',
  columns: [
    domainColumn,
    effectiveFrom,
    {
      key: 'dayMin',
      heading: words('每日上限（分钟）', 'A day (min)'),
      kind: integer(60, 1_440),
      sql: 'day_min',
      required: true,
      example: '480',
    },
    {
      key: 'continuousMin',
      heading: words('连续上限（分钟）', 'Without a rest (min)'),
      kind: integer(30, 1_440),
      sql: 'continuous_min',
      required: true,
      example: '240',
    },
    { key: 'restMin', heading: words('休息（分钟）', 'Rest (min)'), kind: integer(1, 720), sql: 'rest_min', required: true, example: '20' },
    { key: 'weekMin', heading: words('每周上限（分钟）', 'A week (min)'), kind: integer(60, 10_080), sql: 'week_min', example: '2640' },
  ],
  judgeAll: (candidates, context) => judgeDomain(candidates, context, 'rules.regionOnly'),
}
