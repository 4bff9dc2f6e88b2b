// Why a vehicle cannot take a request, in words.
import type { AnswerOf } from '../../../services/contracts/api.ts'
import { minuteOf } from '../../parts/trip/when.ts'
import type { Say } from './texts.ts'

export type Reason = AnswerOf<'listExcluded'>['rows'][number]['reasons'][number]

const until = (instant: string, t: Say): string => (instant === '' ? t('kit.openEnd') : minuteOf(instant).slice(5))

/** 轮椅升降装置、冷藏箱, of words with spaces between them. */
export const equipmentText = (some: string, t: Say): string =>
  some
    .split(' ')
    .map((one) => t(`equipment.${one as 'lift'}`))
    .join(t('search.comma'))

export function whyNotText({ code, detail }: Reason, t: Say): string {
  if (code === 'STATE') return t(`vehicleState.${detail.state as 'SEALED'}`)
  if (code === 'BUSY') return t('whyNot.BUSY', { from: minuteOf(String(detail.from)).slice(5), until: until(String(detail.until), t) })
  if (code === 'EQUIPMENT') return t('whyNot.EQUIPMENT', { missing: equipmentText(String(detail.missing), t) })
  if (code === 'LENT') return t('whyNot.LENT', { to: String(detail.to), until: until(String(detail.until), t) })
  if (code === 'EXPIRES') return t('whyNot.EXPIRES', { what: t(`field.${detail.field as 'inspectionUntil'}`), day: String(detail.day) })
  if (code === 'NO_DRIVER') {
    const counts = Object.entries(detail).map(([why, n]) => `${t(`unfit.${why as 'BUSY'}`)} ${n}`)
    return t('whyNot.NO_DRIVER', { why: counts.join(t('search.comma')) })
  }
  return t(`whyNot.${code as 'SEATS'}`, detail)
}

/** Why a driver cannot, with his hours where it is for them. */
export function unfitText({ code, detail }: Reason, t: Say): string {
  if (code !== 'DAY_HOURS' && code !== 'WEEK_HOURS') return t(`unfit.${code as 'BUSY'}`)
  const hours = (minutes: unknown) => Math.round(Number(minutes) / 6) / 10
  return t(`unfitHours.${code}`, {
    day: String(detail.day),
    given: hours(detail.given),
    sum: hours(detail.minutes),
    limit: hours(detail.limit),
  })
}
