// What stands in a record, in words: actions, subjects, fields and values. Nothing is shown as the number, the constant or the key that it
// is recorded under: what has no word here fails a test (test/audit/everyChange.test.ts).
import type { AuditAction } from '../../../services/contracts/auditActions.ts'
import { type Role, roles } from '../../../services/domain/permissions.ts'
import { nameKey, subjectKey } from '../../../services/domain/recordNames.ts'
import { type WordList, wordLists } from '../../../services/domain/words.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { historyTexts, type Text, type TextKey } from './texts.ts'

/** The text of `prefix` + `name` where the dictionaries have one. */
const findText = (t: Text, prefix: string, name: string): string | undefined =>
  historyTexts.find(`${prefix}${name}`) ? t(`${prefix}${name}` as TextKey) : undefined

/** Names of what a record speaks of by number, as its answer gives them. */
export type Names = Readonly<Record<string, string>>
/** What a record is about: its action and the kind of its subject. They tell which list the word of a state is of. */
export type About = { action: string; names: Names; subjectType?: string | undefined }

export const actionText = (t: Text, action: AuditAction | string): string => findText(t, 'audit.action.', action) ?? t('audit.other')
/** Kinds of subject that have a word. */
export const subjectTypes: readonly string[] = historyTexts.keysFrom('audit.subject.').map((key) => key.slice('audit.subject.'.length))
export const subjectTypeText = (t: Text, type: string): string => findText(t, 'audit.subject.', type) ?? t('audit.other')
/** One name may have a word of its own where the record is about that kind of subject. */
export const fieldText = (t: Text, name: string, subjectType?: string): string =>
  (subjectType && findText(t, `field.${subjectType}.`, name)) || (findText(t, 'field.', name) ?? t('audit.other'))
export const roleText = (t: Text, role: string | null): string =>
  role && roles.includes(role as Role) ? t(`role.${role as Role}`) : t('audit.nobody')

/** 车辆 蒙A·D1234. What has a number of its own that people use is said by it. */
export function subjectText(t: Text, subject: { type: string; id: string | number }, names: Names): string {
  const key = subjectKey(subject)
  const said = key
    ? (names[`${key}:${t('audit.language')}`] ?? names[key] ?? t('audit.unnamed'))
    : /^\d{1,9}$/.test(String(subject.id))
      ? t('audit.no.', { n: subject.id })
      : subject.id
  return `${subjectTypeText(t, subject.type)} ${said}`
}

/** Numbers of rows that nobody knows by them. */
const unsaid: readonly string[] = [
  'loanId',
  'leaveId',
  'leaveRequestId',
  'namingId',
  'noticeId',
  'fileId',
  'photoId',
  'incidentId',
  'changeId',
  'favouriteId',
  'version',
  'token',
  'seq',
  'act',
  'corrects',
]
const businessNumbers: readonly string[] = [
  'requestId',
  'firstId',
  'consents',
  'requestIds',
  'flowId',
  'importId',
  'unmaskingId',
  'unmaskings',
]

/** The lists that a field's value is looked up in; the first that fits what the record is about, otherwise the first that has it. */
const listsOfField: Record<string, readonly (readonly [about: string, list: WordList])[]> = {
  role: [['', 'role']],
  requestedRole: [['', 'role']],
  secondFactorRoles: [['', 'role']],
  class: [['', 'class']],
  category: [['', 'category']],
  energy: [['', 'energy']],
  plateColour: [['', 'plateColour']],
  bodyType: [['', 'body']],
  equipment: [['', 'equipment']],
  origin: [['', 'origin']],
  flowState: [['', 'flowState']],
  sight: [['', 'sight']],
  overQuota: [['', 'overPolicy']],
  overStandard: [['', 'overPolicy']],
  sensitiveKind: [['', 'sensitiveKind']],
  kinds: [
    ['supplier', 'supplierKind'],
    ['webhook', 'eventKind'],
  ],
  webhookState: [['', 'webhookState']],
  webhookKinds: [['', 'eventKind']],
  state: [
    ['unmask', 'unmaskingState'],
    ['driver', 'driverState'],
    ['fuel-card', 'cardState'],
    ['quota', 'quotaState'],
    ['request', 'requestState'],
    ['bill', 'billState'],
    ['order', 'orderState'],
    ['case', 'caseState'],
    ['flow', 'flowState'],
    ['vehicle', 'vehicleState'],
  ],
  purposeKind: [['', 'tripPurpose']],
  way: [['', 'greenWay']],
  every: [
    ['report', 'reportEvery'],
    ['', 'recurrence'],
  ],
  channel: [['report', 'reportChannel']],
  why: [['report', 'notSentWhy']],
  level: [['', 'approvalLevel']],
  levels: [['', 'approvalLevel']],
  when: [['', 'approvalGround']],
  least: [['', 'sizeClass']],
  dispute: [['', 'dispute']],
  decision: [['', 'costDecision']],
  rideState: [['', 'rideState']],
  loanState: [['', 'loanState']],
  leaveState: [['', 'leaveState']],
  lineState: [['', 'fuelLineState']],
  findingState: [['', 'findingState']],
  supervisionState: [['', 'supervisionState']],
  handoverState: [['', 'handoverState']],
  sealState: [['', 'sealState']],
  workOrderState: [['', 'workOrderState']],
  workKind: [['', 'workKind']],
  renewalState: [['', 'renewalState']],
  renewalKind: [['', 'renewalKind']],
  mishapState: [['', 'mishapState']],
  mishapKind: [['', 'mishapKind']],
  liability: [['', 'liability']],
  paidBy: [['', 'finePayer']],
  filingState: [['', 'filingState']],
  publicationState: [['', 'publicationState']],
  publicItems: [['', 'publicationItem']],
  publicClasses: [['', 'class']],
  publicPurposes: [['', 'tripPurpose']],
  rule: [['', 'rule']],
  leaveTrips: [['', 'leaveTrips']],
  loanTrips: [['', 'loanTrips']],
  caseVehicleState: [['', 'caseVehicleState']],
  kind: [
    ['request', 'requestKind'],
    ['order', 'costKind'],
    ['bill', 'costKind'],
    ['tariff', 'tariffKind'],
    ['driver', 'leave'],
    ['calendar', 'calendar'],
    ['organisation', 'organisationKind'],
    ['place', 'placeKind'],
    ['flow', 'flow'],
  ],
  incidentState: [['', 'incidentState']],
  incidentKind: [['', 'incidentKind']],
  changeState: [['', 'changeState']],
  shows: [['', 'photoSubject']],
  item: [['', 'inspectionItem']],
  action: [
    ['ride', 'rideAction'],
    ['bill', 'billAction'],
    ['request', 'requestAction'],
    ['order.incident', 'incidentAction'],
    ['order.change', 'changeAction'],
    ['order', 'orderAction'],
    ['loan', 'loanAction'],
    ['leave', 'leaveAction'],
    ['case.vehicle', 'caseVehicleAction'],
    ['case', 'caseAction'],
    ['supervision', 'supervisionAction'],
    ['handover', 'handoverAction'],
    ['seal', 'sealAction'],
    ['work', 'workOrderAction'],
    ['renewal', 'renewalAction'],
    ['mishap', 'mishapAction'],
    ['filing', 'filingAction'],
    ['publication', 'publicationAction'],
    ['quota', 'quotaAction'],
    ['flow', 'flowAction'],
    ['vehicle', 'vehicleAction'],
  ],
  method: [['', 'method']],
}
/** Words that only records have, by the beginnings of their texts. */
const textsOfField: Record<string, readonly string[]> = {
  capabilities: ['capability.'],
  method: ['audit.method.'],
  part: ['audit.part.'],
  door: ['audit.door.'],
  reason: ['reason.'],
  status: ['audit.status.'],
  step: ['audit.step.'],
  secondFactor: ['audit.factor.'],
  reach: ['audit.reach.'],
  format: ['audit.format.'],
  type: ['audit.shape.', 'audit.subject.'],
  because: ['audit.action.'],
  action: ['audit.action.'],
  subject: ['exchange.subject.'],
  subjectType: ['audit.subject.'],
}

function wordOfValue(t: Text, field: string, value: string, { action, subjectType = '' }: About): string | undefined {
  const has = (list: WordList) => Object.hasOwn(wordLists[list], value)
  const known = (Object.hasOwn(listsOfField, field) ? listsOfField[field]! : []).filter(([, list]) => has(list))
  // The kind of the subject says most, then the act: a flow's step stands in the history of its vehicle.
  const fits = (about: string) => known.find(([key]) => key !== '' && about.startsWith(key))
  const list = (field === 'action' ? (fits(action) ?? fits(subjectType)) : (fits(subjectType) ?? fits(action))) ?? known[0]
  if (list) return t(`${list[1]}.${value}` as TextKey)
  for (const prefix of Object.hasOwn(textsOfField, field) ? textsOfField[field]! : []) {
    const text = findText(t, prefix, value)
    if (text !== undefined) return text
  }
  return undefined
}

const yuan = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })
const clock = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
const weekdayBits = [0, 1, 2, 3, 4, 5, 6] as const

function numberText(t: Text, value: number, field: string): string {
  if (field.endsWith('Fen')) return `¥${yuan.format(value / 100)}`
  if (field.endsWith('Minute')) return clock(value)
  if (field === 'weekdays')
    return weekdayBits
      .filter((bit) => value & (1 << bit))
      .map((bit) => t(`weekday.${bit}`))
      .join(t('search.comma'))
  return businessNumbers.includes(field) ? t('audit.no.', { n: value }) : String(value)
}

/** What a recorded value says; `field` tells which words it may have. */
export function valueText(t: Text, value: unknown, field: string, about: About): string {
  if (value === null || value === undefined || value === '') return t('audit.empty')
  if (value === true) return t('audit.yes')
  if (value === false) return t('audit.no')
  const key = nameKey(field, value)
  if (key) return about.names[key] ?? t('audit.unnamed')
  if (typeof value === 'number') return numberText(t, value, field)
  if (typeof value === 'string') {
    if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return formatInstant(Date.parse(value))
    return wordOfValue(t, field, value, about) ?? value
  }
  if (Array.isArray(value))
    return value.length ? value.map((item) => valueText(t, item, field, about)).join(t('search.comma')) : t('audit.empty')
  const { type, id } = value as { type?: unknown; id?: unknown }
  if (typeof type === 'string' && (typeof id === 'string' || typeof id === 'number')) return subjectText(t, { type, id }, about.names)
  const parts = changesOf(null, value as object).map(
    ({ name, after }) => `${fieldText(t, name, about.subjectType)} ${valueText(t, after, name, about)}`,
  )
  return parts.length ? parts.join(t('kit.stop')) : t('audit.empty')
}

export type Change = { name: string; before: unknown; after: unknown }

/** The fields of a change in one list, in the order they were recorded, without the numbers of rows. */
export function changesOf(before: object | null | undefined, after: object | null | undefined): Change[] {
  const [was, is] = [(before ?? {}) as Record<string, unknown>, (after ?? {}) as Record<string, unknown>]
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((name) => !unsaid.includes(name))
    .map((name) => ({ name, before: was[name], after: is[name] }))
}
