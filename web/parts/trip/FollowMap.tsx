// The map on which the vehicle of one's trip is followed: its engine is fetched when somebody looks, and not before.
import { useEffect, useMemo, useRef, useState } from 'react'
import type { FollowedVehicle } from '../../../services/contracts/api/travel.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { ErrorState } from '../../kit/State.tsx'
import { useTheme } from '../../kit/theme/preference.ts'
import type { FollowMap as Engine, FollowScene } from '../../map/followMap.ts'
import { useMapSources } from '../../map/useMapSources.ts'
import { useText } from './texts.ts'
import './followMap.css'

function sceneOf({ position, vehicle, from, to, via }: FollowedVehicle): FollowScene {
  const stops = [
    { kind: 'from' as const, ...from },
    ...via.map((stop) => ({ kind: 'via' as const, ...stop })),
    { kind: 'to' as const, ...to },
  ]
  return {
    vehicle: position && {
      lon: position.lon,
      lat: position.lat,
      headingDeg: position.headingDeg,
      moving: position.status === 'moving',
      text: plateAsPrinted(vehicle.plate),
    },
    stops: stops.flatMap(({ kind, name, lon, lat }) => (lon === null || lat === null ? [] : [{ kind, lon, lat, text: name }])),
  }
}

export function FollowMap({ followed }: { followed: FollowedVehicle }) {
  const { t } = useText()
  const scene = useMemo(() => sceneOf(followed), [followed])
  return <SceneMap scene={scene} label={t('follow.map')} />
}

/** Places on a small map; `scene` is shown when it becomes another. */
export function SceneMap({ scene, label }: { scene: FollowScene; label: string }) {
  const { locale } = useText()
  const theme = useTheme()
  const container = useRef<HTMLDivElement>(null)
  const [map, setMap] = useState<Engine | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const latest = useRef({ theme, locale, label })
  latest.current = { theme, locale, label }
  const sources = useMapSources()
  useEffect(() => {
    if (!sources) return
    let made: Engine | null = null
    let gone = false
    import('../../map/followMap.ts')
      .then((engine) => {
        if (gone || !container.current) return
        made = new engine.FollowMap({ ...latest.current, container: container.current, sources })
        setMap(made)
      })
      .catch((reason: unknown) => !gone && setFailure(reason))
    return () => {
      gone = true
      made?.destroy()
      setMap(null)
    }
  }, [sources])
  useEffect(() => map?.setLook({ theme, locale }), [map, theme, locale])
  useEffect(() => map?.show(scene), [map, scene])
  return failure ? <ErrorState error={failure} /> : <div ref={container} className="follow-map" />
}
