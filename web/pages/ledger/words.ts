// How figures of the ledger are said, and which fields of a file are shown in which order.
import type { VehicleField } from '../../../services/contracts/api/ledger.ts'
import { addDays, dayAt } from '../../../services/domain/days.ts'
import {
  bodyTypes,
  energyTypes,
  plateColours,
  vehicleCategories,
  vehicleClasses,
  vehicleOrigins,
} from '../../../services/domain/vehicle.ts'
import { MISSING } from '../../kit/format/number.ts'
import type { Locale } from '../../kit/format/time.ts'
import { valueText } from '../../parts/history/words.ts'
import type { Text, TextKey } from './texts.ts'

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

/** What a value of the file says to a person. */
export function sayField(t: Text, field: VehicleField, value: unknown): string {
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return MISSING
  return valueText(t, value, field, { action: 'vehicle', subjectType: 'vehicle', names: {} })
}

export const isDue = (day: string | null, nowMs: number, withinDays = 30): boolean =>
  day !== null && day < addDays(dayAt(nowMs), withinDays)
