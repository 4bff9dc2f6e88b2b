// What stands in a record, in words: actions, subjects, fields and values. What has no word of its own shows as it is recorded.
import type { AuditAction } from '../../services/contracts/auditActions.ts'
import { type Role, roles } from '../../services/contracts/permissions.ts'
import { formatInstant } from '../format/time.ts'
import type { Text, TextKey } from '../i18n/i18n.ts'
import { zhCN } from '../i18n/zh-CN.ts'

/** The text of `prefix` + `name` where the dictionaries have one, otherwise `name`. */
const wordOf = (t: Text, prefix: string, name: string): string => (`${prefix}${name}` in zhCN ? t(`${prefix}${name}` as TextKey) : name)

export const actionText = (t: Text, action: AuditAction | string): string => wordOf(t, 'audit.action.', action)
export const subjectText = (t: Text, { type, id }: { type: string; id: string }): string => `${subjectTypeText(t, type)} ${id}`
/** Kinds of subject that have a word. */
export const subjectTypes: readonly string[] = Object.keys(zhCN)
  .filter((key) => key.startsWith('audit.subject.'))
  .map((key) => key.slice('audit.subject.'.length))
export const subjectTypeText = (t: Text, type: string): string => wordOf(t, 'audit.subject.', type)
export const fieldText = (t: Text, name: string): string => wordOf(t, 'audit.field.', name)
export const roleText = (t: Text, role: string | null): string =>
  role && roles.includes(role as Role) ? wordOf(t, 'role.', role) : (role ?? '')

/** Which closed lists of words a field's values come from. */
const vocabularies: Record<string, readonly string[]> = {
  role: ['role.'],
  requestedRole: ['role.'],
  capabilities: ['capability.'],
  class: ['class.'],
  category: ['category.'],
  energy: ['energy.'],
  plateColour: ['plateColour.'],
  bodyType: ['body.'],
  origin: ['origin.'],
  state: ['vehicleState.', 'flowState.', 'quotaState.', 'driverState.', 'cardState.'],
  kind: ['flow.', 'placeKind.', 'organisationKind.', 'leave.'],
  action: ['vehicleAction.', 'flowAction.', 'quotaAction.'],
  method: ['audit.method.', 'method.'],
  part: ['audit.part.'],
}

/** What a recorded value says; `field` tells which words it may have. */
export function valueText(t: Text, value: unknown, field = ''): string {
  if (value === null || value === undefined || value === '') return t('audit.empty')
  if (value === true) return t('audit.yes')
  if (value === false) return t('audit.no')
  const word = vocabularies[field]?.find((prefix) => `${prefix}${value}` in zhCN)
  if (word) return t(`${word}${value}` as TextKey)
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? formatInstant(Date.parse(value)) : value
  if (Array.isArray(value)) return value.length ? value.map((item) => valueText(t, item, field)).join(t('search.comma')) : t('audit.empty')
  if (typeof value !== 'object') return String(value)
  const parts = Object.entries(value).map(([name, member]) => `${fieldText(t, name)} ${valueText(t, member, name)}`)
  return parts.length ? parts.join('；') : t('audit.empty')
}

export type Change = { name: string; before: unknown; after: unknown }

/** The fields of a change in one list, in the order they were recorded. */
export function changesOf(before: object | null | undefined, after: object | null | undefined): Change[] {
  const [was, is] = [(before ?? {}) as Record<string, unknown>, (after ?? {}) as Record<string, unknown>]
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].map((name) => ({ name, before: was[name], after: is[name] }))
}
