// Why a vehicle cannot take a request, in words.
import type { AnswerOf } from '../../../services/contracts/api.ts'
import { minuteOf } from '../../parts/trip/when.ts'
import type { Say } from './texts.ts'

export type Reason = AnswerOf<'listExcluded'>['rows'][number]['reasons'][number]

const until = (instant: string, t: Say): string => (instant === '' ? t('kit.openEnd') : minuteOf(instant).slice(5))

export function whyNotText({ code, detail }: Reason, t: Say): string {
  if (code === 'STATE') return t(`vehicleState.${detail.state as 'SEALED'}`)
  if (code === 'BUSY') return t('whyNot.BUSY', { from: minuteOf(String(detail.from)).slice(5), until: until(String(detail.until), t) })
  if (code === 'LENT') return t('whyNot.LENT', { to: String(detail.to), until: until(String(detail.until), t) })
  if (code === 'EXPIRES') return t('whyNot.EXPIRES', { what: t(`field.${detail.field as 'inspectionUntil'}`), day: String(detail.day) })
  if (code === 'NO_DRIVER') {
    const counts = Object.entries(detail).map(([why, n]) => `${t(`unfit.${why as 'BUSY'}`)} ${n}`)
    return t('whyNot.NO_DRIVER', { why: counts.join(t('search.comma')) })
  }
  return t(`whyNot.${code as 'SEATS'}`, detail)
}
