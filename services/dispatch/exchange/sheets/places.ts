// 场所: a circle by its centre and radius, or an area by its border.

import { boxOf, pointInside, ringAreaM2, type Shape, withoutDoubledCorners } from '../../../domain/geofence.ts'
import { findShapeProblem, flatRing, type PlaceKind, ringOf } from '../../../domain/places.ts'
import { wordLists } from '../../../domain/words.ts'
import { choice, date, text, type Value } from '../kinds.ts'
import { decimal, ring, ringFromText, ringSql } from '../shapeKinds.ts'
import type { Complaint, Sheet } from '../sheet.ts'
import { called, refused, words } from '../words.ts'
import { note, unitColumn } from './common.ts'

type Values = Record<string, Value>
const textOf = (corners: readonly (readonly [number, number])[]): string => corners.map((corner) => corner.join(',')).join(' ')
const cornersOf = (border: string) => ringOf(border.split(/[ ,]/).map(Number))

/** Undefined while a radius and a border are both there, or neither. */
function shapeOf({ lon, lat, radius, border }: Values): Shape | undefined {
  if (border != null) return radius == null ? { type: 'polygon', ring: cornersOf(border as string) } : undefined
  if (lon == null || lat == null || radius == null) return undefined
  return { type: 'circle', centre: [lon as number, lat as number], radiusM: radius as number }
}

const boxColumn = (sql: string, side: number) => ({
  sql,
  type: 'double precision' as const,
  of: (values: Values) => boxOf(shapeOf(values)!)[side],
})

export const places: Sheet = {
  subject: 'places',
  name: words('场所与围栏', 'Places'),
  view: 'place.view',
  table: 'places',
  id: 'place_id',
  subjectType: 'place',
  key: ['name', 'kind', 'unit'],
  owner: 't.organisation_id',
  isOver: ({ validUntil }, today) => validUntil != null && validUntil < today,
  stays: true,
  order: 'own.lft, t.kind, t.name COLLATE "C"',
  columns: [
    { key: 'name', heading: called('name'), kind: text(80), sql: 'name', required: true, example: '示例定点停车场' },
    { key: 'kind', heading: words('类型', 'Kind'), kind: choice(wordLists.placeKind), sql: 'kind', required: true, example: '定点停车场' },
    { ...unitColumn(), note: words('对该机构及其下级有效', 'Holds for it and everything below it') },
    {
      key: 'sensitiveKind',
      heading: words('敏感类别', 'Sensitive kind'),
      kind: choice(wordLists.sensitiveKind),
      sql: 'sensitive_kind',
      note: words('只有敏感场所填写', 'For sensitive places only'),
      example: '',
    },
    {
      key: 'lon',
      heading: words('经度', 'Longitude'),
      kind: decimal(-180, 180, 'double precision'),
      sql: 'lon',
      note: words('WGS-84；圆形场所必填', 'WGS-84; needed for a circle'),
      example: '111.7',
    },
    { key: 'lat', heading: words('纬度', 'Latitude'), kind: decimal(-90, 90, 'double precision'), sql: 'lat', example: '40.8' },
    {
      key: 'radius',
      heading: words('半径（米）', 'Radius (m)'),
      kind: decimal(5, 50_000, 'real'),
      sql: 'radius_m',
      recordAs: 'radiusM',
      note: words('圆形填半径，区域填边界，二者选一', 'A radius for a circle or a border for an area, one of the two'),
      example: '100',
    },
    { key: 'border', heading: words('边界', 'Border'), kind: ring, sql: 'ring', readSql: ringSql, writeSql: ringFromText, example: '' },
    { key: 'validFrom', heading: words('启用日期', 'Valid from'), kind: date, sql: 'valid_from', required: true, example: '2026-01-01' },
    { key: 'validUntil', heading: words('停用日期', 'Valid until'), kind: date, sql: 'valid_until', example: '' },
    note,
  ],
  derived: [
    { sql: 'name_pinyin', type: 'text', of: ({ name }, { rules }) => rules.pinyinOf(String(name)) },
    boxColumn('west', 0),
    boxColumn('south', 1),
    boxColumn('east', 2),
    boxColumn('north', 3),
  ],
  settle(values, existing) {
    if (values.border == null || values.border === existing?.values.border) return
    const given = cornersOf(values.border as string)
    const corners = withoutDoubledCorners(given)
    // Counter-clockwise, as everywhere (RFC 7946); a border that is none is refused by `judge`.
    if (corners.length > 3 && ringAreaM2(corners) < 0) values.border = textOf(ringOf(flatRing(corners.toReversed())))
    else if (corners.length < given.length) values.border = textOf(corners)
    const moved = existing && values.lon === existing.values.lon && values.lat === existing.values.lat
    if ((values.lon == null || moved) && !findShapeProblem({ type: 'polygon', ring: corners }, values.kind as PlaceKind))
      [values.lon, values.lat] = pointInside({ type: 'polygon', ring: corners })
  },
  judge({ row, values }): Complaint[] {
    const shape = shapeOf(values)
    const problem = shape && findShapeProblem(shape, values.kind as PlaceKind)
    const complaints: Complaint[] = []
    if (!shape)
      complaints.push({
        row,
        column: 'radius',
        message: words('圆形填经纬度和半径，区域填边界，二者选一', 'Give centre and radius for a circle, or a border for an area'),
      })
    else if (problem)
      complaints.push({ row, column: shape.type === 'circle' ? 'lon' : 'border', message: refused(`place.shape.${problem}`) })
    if ((values.kind === 'sensitive') !== (values.sensitiveKind != null))
      complaints.push({ row, column: 'sensitiveKind', message: refused('place.sensitive') })
    if (values.validUntil != null && values.validUntil < values.validFrom!)
      complaints.push({ row, column: 'validUntil', message: refused('dates.until') })
    return complaints
  },
}
