// What is in the way, in words.
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { minuteOf, spanText } from '../../parts/trip/when.ts'
import type { Clash, PlacedRow } from './boardGeometry.ts'
import type { Say } from './texts.ts'

export function clashText(clash: Clash, t: Say): string {
  if (clash.code === 'kind') return t('clash.kind')
  if (clash.code === 'order') return t('clash.order')
  if (clash.code === 'far') {
    const [earliest, latest] = [clash.earliestMs, clash.latestMs].map((ms) => minuteOf(new Date(ms).toISOString()).slice(5))
    return t('clash.far', { earliest: earliest!, latest: latest! })
  }
  if (clash.code === 'seats') return t('whyNot.SEATS', { places: clash.places, passengers: clash.passengers })
  if (clash.code === 'state') return t('clash.state', { state: t(`vehicleState.${clash.state}`) })
  const { bar, freeMs } = clash
  const when = bar.until === null ? `${minuteOf(bar.from).slice(5)}–${t('kit.openEnd')}` : spanText(bar.from, bar.until)
  return t(`clash.${clash.code}`, {
    when,
    what: bar.order?.number ?? t(`held.${bar.reason}`),
    free: freeMs === null ? '' : t('clash.next', { time: minuteOf(new Date(freeMs).toISOString()).slice(5) }),
  })
}

export const nameOfRow = (row: PlacedRow): string => (row.kind === 'vehicle' ? plateAsPrinted(row.plate) : row.name)
