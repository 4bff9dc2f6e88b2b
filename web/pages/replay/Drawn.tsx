// How much of the trails is on the map: of how many points the lines are made at this zoom, and how far the others are from them at most.
import { formatCount } from '../../kit/format/number.ts'
import { type Store, useStore } from '../../kit/store.ts'
import type { TrailsDrawn } from '../../map/replayMap.ts'
import { drafts } from './drafts.ts'
import { useText } from './texts.ts'
import type { ReplayedVehicle } from './useReplay.ts'

type Props = { drawn: Store<TrailsDrawn>; vehicles: readonly ReplayedVehicle[] }

export function Drawn({ drawn, vehicles }: Props) {
  const { t } = useText()
  const { toleranceM, trails } = useStore(drawn)
  if (trails.length === 0) return null
  const sum = (of: (trail: (typeof trails)[number]) => number) => trails.reduce((total, trail) => total + of(trail), 0)
  const [n, of] = [sum(({ drawn }) => drawn), sum(({ of }) => of)]
  const apart = vehicles.reduce((total, { line }) => total + line.apart.length, 0)
  const labelOf = (id: number) => vehicles.find(({ vehicleId }) => vehicleId === id)?.label ?? ''
  const each = trails.map((trail) =>
    t('replay.drawn.one', { plate: labelOf(trail.vehicleId), n: formatCount(trail.drawn), of: formatCount(trail.of) }),
  )
  return (
    <p className="quiet figure replay-drawn" title={trails.length > 1 ? each.join(t('replay.drawn.between')) : undefined}>
      {n === of
        ? t('replay.drawn.all', { n: formatCount(of) })
        : t('replay.drawn.part', { n: formatCount(n), of: formatCount(of), m: formatTolerance(toleranceM) })}
      {apart > 0 && t('replay.drawn.apart', { n: formatCount(apart) })}
    </p>
  )
}

/** What is drawn of tracks that are on their way. */
export function Drafted() {
  const { t } = useText()
  const sketches = [...useStore(drafts.store).values()].flat().filter(({ madeOf }) => madeOf !== undefined)
  if (sketches.length === 0) return <>{t('replay.loading')}</>
  const [n, of] = [sketches.reduce((sum, { lonE7 }) => sum + lonE7.length, 0), sketches.reduce((sum, { madeOf }) => sum + madeOf!, 0)]
  return <>{t('replay.sketched', { n: formatCount(n), of: formatCount(of) })}</>
}

/** Rounded up, so that what is said holds. */
const formatTolerance = (metres: number): string =>
  metres < 10 ? (Math.ceil(metres * 10) / 10).toFixed(1) : formatCount(Math.ceil(metres))
