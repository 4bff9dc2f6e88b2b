// 驾驶员: known by their licence.

import { findLicenceClasses, isLicenceNo } from '../../../domain/licence.ts'
import { wordLists } from '../../../domain/words.ts'
import { choice, date, type Kind, reference, text } from '../kinds.ts'
import { normaliseCode } from '../normalise.ts'
import { complainOfPromises } from '../promises.ts'
import type { Complaint, Sheet } from '../sheet.ts'
import { called, refused, words } from '../words.ts'

const licenceTakes = words('18 位，末位为校验码', '18 characters whose last one checks the others')
const licenceNo: Kind = {
  sql: 'text',
  normalise: (raw) => normaliseCode(raw).toUpperCase(),
  read: (cell) =>
    isLicenceNo(cell)
      ? { value: cell }
      : { problem: words(`驾驶证号不正确：应为 ${licenceTakes.zh}`, `No licence number: it has ${licenceTakes.en}`) },
  write: (value) => String(value),
  takes: licenceTakes,
}
const classTakes = words('A1、B1、C1、C2 等代号，可并列如 A1A2', 'A1, B1, C1, C2 or several such as A1A2')
const licenceClass: Kind = {
  sql: 'text',
  normalise: (raw) => normaliseCode(raw).toUpperCase(),
  read: (cell) =>
    findLicenceClasses(cell)
      ? { value: cell }
      : { problem: words(`“${cell}”不是准驾车型，应为 ${classTakes.zh}`, `“${cell}” is no licence class: ${classTakes.en}`) },
  write: (value) => String(value),
  takes: classTakes,
}
const phone: Kind = {
  ...text(20, { pattern: /^\+?[\d -]{7,20}$/, takes: words('电话号码', 'a telephone number') }),
  normalise: (raw) => normaliseCode(raw),
}

const stateFixed = words('在岗状态在驾驶员档案中变更', 'The state is changed in the driver’s file')

export const drivers: Sheet = {
  subject: 'drivers',
  name: words('驾驶员', 'Drivers'),
  view: 'driver.view',
  table: 'drivers',
  id: 'driver_id',
  subjectType: 'driver',
  key: ['licenceNo'],
  owner: 't.organisation_id',
  isOver: ({ state }) => state === 'retired',
  order: 'own.lft, t.name COLLATE "C", t.driver_id',
  columns: [
    {
      key: 'licenceNo',
      heading: words('驾驶证号', 'Licence no.'),
      kind: licenceNo,
      sql: 'licence_no',
      required: true,
      personal: 'licence',
      example: '000000000000000000',
    },
    { key: 'name', heading: words('姓名', 'Name'), kind: text(40), sql: 'name', required: true, example: '示例驾驶员' },
    { key: 'phone', heading: words('电话', 'Phone'), kind: phone, sql: 'phone', required: true, personal: 'phone', example: '10000000000' },
    {
      key: 'unit',
      heading: words('所属单位', 'Unit'),
      kind: reference(words('单位全路径或机构编码', 'Full path or code of a unit')),
      sql: 'organisation_id',
      refers: 'unit',
      required: true,
      example: '示例市/示例区/示例单位',
    },
    {
      key: 'licenceClass',
      heading: called('licenceClass'),
      kind: licenceClass,
      sql: 'licence_class',
      required: true,
      example: 'C1',
    },
    {
      key: 'licenceIssuedOn',
      heading: words('初次领证日期', 'Licence issued on'),
      kind: date,
      sql: 'licence_issued_on',
      example: '2010-05-01',
    },
    {
      key: 'licenceExpiresOn',
      heading: words('驾驶证有效期至', 'Licence valid until'),
      kind: date,
      sql: 'licence_expires_on',
      required: true,
      example: '2030-05-01',
    },
    {
      key: 'vehicle',
      heading: words('常用车辆', 'Usual vehicle'),
      kind: reference(words('号牌号码', 'Plate')),
      sql: 'vehicle_id',
      refers: 'vehicle',
      unique: true,
      example: '蒙A·00000',
    },
    {
      key: 'state',
      heading: called('state'),
      kind: choice(wordLists.driverState),
      sql: 'state',
      whenNew: 'active',
      fixed: stateFixed,
      example: '在册',
    },
    {
      key: 'stateReason',
      heading: words('状态说明', 'Why'),
      kind: text(200),
      sql: 'state_reason',
      fixed: stateFixed,
      example: '',
    },
  ],
  derived: [{ sql: 'name_pinyin', type: 'text', of: ({ name }, { rules }) => rules.pinyinOf(String(name)) }],
  judge: ({ row, values }): Complaint[] =>
    values.licenceIssuedOn != null && values.licenceIssuedOn > values.licenceExpiresOn!
      ? [{ row, column: 'licenceExpiresOn', message: refused('dates.until') }]
      : [],
  judgeAll: (candidates, { db, nowMs }) =>
    complainOfPromises(
      db,
      'driver',
      'unit',
      candidates.filter(({ values, existing }) => existing && existing.values.unit !== values.unit),
      nowMs,
    ),
}
