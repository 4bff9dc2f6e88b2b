// How figures of the ledger are said, and which fields of a file are shown in which order.
import type { VehicleField } from '../../services/contracts/api/ledger.ts'
import {
  bodyTypes,
  energyTypes,
  plateColours,
  vehicleCategories,
  vehicleClasses,
  vehicleOrigins,
} from '../../services/contracts/vehicle.ts'
import { MISSING } from '../format/number.ts'
import type { Locale } from '../format/time.ts'
import type { Text, TextKey } from '../i18n/i18n.ts'

const yuan = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })

/** 14.98 万元 / ¥149,800, as prices of vehicles are said. */
export const formatPrice = (fen: number, locale: Locale): string =>
  locale === 'en' ? formatYuan(fen) : `${(fen / 1_000_000).toFixed(2)} 万元`
export const formatYuan = (fen: number | null): string => (fen === null ? MISSING : `¥${yuan.format(fen / 100)}`)

/** Fields with a closed list of words. */
export const choicesOf = (t: Text): Partial<Record<VehicleField, { value: string; label: string }[]>> => {
  const words = (values: readonly string[], key: string) => values.map((value) => ({ value, label: t(`${key}.${value}` as TextKey) }))
  return {
    class: words(vehicleClasses, 'class'),
    category: words(vehicleCategories, 'category'),
    energy: words(energyTypes, 'energy'),
    plateColour: words(plateColours, 'plateColour'),
    bodyType: words(bodyTypes, 'body'),
    origin: words(vehicleOrigins, 'origin'),
  }
}

/** What a value of a field says to a person, wherever it is shown: file, history, steps. */
export function sayField(t: Text, field: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return MISSING
  if (typeof value === 'boolean') return t(value ? 'file.yes' : 'file.no')
  if (field === 'flowState') return t(`flowState.${String(value)}` as TextKey)
  if (field === 'state') {
    for (const kind of ['vehicleState', 'flowState', 'quotaState'])
      if (t(`${kind}.${String(value)}` as TextKey) !== `${kind}.${String(value)}`) return t(`${kind}.${String(value)}` as TextKey)
  }
  if (field.endsWith('Fen')) return formatYuan(Number(value))
  if (field === 'method') return t(`method.${String(value)}` as TextKey)
  const word = choicesOf(t)[field as VehicleField]?.find((choice) => choice.value === value)
  return word?.label ?? (typeof value === 'object' ? JSON.stringify(value) : String(value))
}

/** The name of a field; one that has no text is shown by its own name. */
export function nameField(t: Text, field: string): string {
  for (const key of [`field.${field}`, `need.${field}`, `quota.${field}`]) if (t(key as TextKey) !== key) return t(key as TextKey)
  return field
}

export const isDue = (day: string | null, nowMs: number, withinDays = 30): boolean =>
  day !== null && Date.parse(day) - nowMs < withinDays * 86_400_000
