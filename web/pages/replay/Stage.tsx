// A replay that has something to play: map, what happened, controls, bands, charts, raw points; one clock for all of it.
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { stateAtReplay } from '../../../services/domain/replay.ts'
import { formatCount, formatKm, formatSpeed } from '../../kit/format/number.ts'
import { formatInstant, toWallClock } from '../../kit/format/time.ts'
import { readNumber } from '../../kit/list/declareList.ts'
import { useStore } from '../../kit/store.ts'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import type { Range } from '../../parts/vehicle/liveUrl.ts'
import { Watermark } from '../../parts/watermark/Watermark.tsx'
import { Besides } from './Besides.tsx'
import { besideQuery } from './beside.ts'
import { Chart } from './Chart.tsx'
import { Controls, type Shown } from './Controls.tsx'
import { ReplayClock } from './clock.ts'
import { Drawn } from './Drawn.tsx'
import { EventList } from './EventList.tsx'
import { eventsOf, isSamePlace } from './events.ts'
import { useKeys } from './keys.ts'
import { Leaving } from './Leaving.tsx'
import { RawPoints } from './RawPoints.tsx'
import { Timeline } from './Timeline.tsx'
import { useText } from './texts.ts'
import type { ReplayedVehicle } from './useReplay.ts'
import { useReplayMap } from './useReplayMap.ts'

type Props = {
  /** Of all that are replayed, in their order, also those of which nothing has come yet. */
  vehicleIds: readonly number[]
  vehicles: ReplayedVehicle[]
  range: Range
  caseId: number | undefined
  mark: string
  startMs: number | undefined
}

export function Stage({ vehicleIds, vehicles, range, caseId, mark, startMs }: Props) {
  const { t } = useText()
  const { url, change } = useUrl()
  const container = useRef<HTMLDivElement>(null)
  const [clock] = useState(() => new ReplayClock(range.fromMs, range.toMs, startMs ?? range.fromMs))
  const [shown, setShown] = useState<Shown>({ speed: clock.speed, colourBy: 'vehicle', followed: null, charts: ['speedDkph'], raw: false })
  const [chosen, setChosen] = useState<number>()
  const [sheet, setSheet] = useState<string | null>(null)
  const set = useCallback((more: Partial<Shown>) => setShown((old) => ({ ...old, ...more })), [])
  const setSpeed = useCallback((next: (speed: number) => number) => setShown((old) => ({ ...old, speed: next(old.speed) })), [])
  const vehicle = vehicles.find(({ vehicleId }) => vehicleId === chosen) ?? vehicles[0]
  const events = useMemo(() => vehicles.flatMap(eventsOf).sort((a, b) => a.atMs - b.atMs), [vehicles])
  const exhibitId = caseId === undefined ? undefined : readNumber(url.x)
  const beside = useQuery(besideQuery(exhibitId))
  const drawn = useReplayMap(container, vehicleIds, vehicles, shown.colourBy, shown.followed, clock, beside.data ?? null)
  useEffect(() => {
    clock.speed = shown.speed
  }, [clock, shown.speed])
  useEffect(() => () => clock.pause(), [clock])
  // The map is there before the tracks are; with the first of them the clock goes to where something is.
  const begun = useRef(startMs !== undefined)
  useEffect(() => {
    const first = begun.current ? undefined : firstSeen(vehicles)
    if (first === undefined) return
    begun.current = true
    clock.set(first)
  }, [clock, vehicles])
  useEffect(() => {
    // The number is drawn before the sheet is.
    if (sheet !== null) requestAnimationFrame(() => window.print())
  }, [sheet])
  useKeys(clock, vehicle, events, setSpeed)
  const cut = vehicles.filter(({ track }) => track.nextMs !== null)
  return (
    <>
      <div className="replay-stage">
        <section className="replay-map" aria-label={t('replay.map')}>
          <div ref={container} className="replay-canvas" />
          <Watermark text={sheet === null ? mark : `${mark} ${sheet}`} />
        </section>
        <EventList events={events} vehicles={vehicles} clock={clock} caseId={caseId} />
      </div>
      {vehicle && (
        <section className="replay-controls" aria-label={t('replay.timeline')}>
          <Controls clock={clock} vehicles={vehicles} vehicle={vehicle} events={events} shown={shown} set={set}>
            <Leaving clock={clock} vehicle={vehicle} vehicles={vehicles} range={range} caseId={caseId} onPrint={setSheet} />
          </Controls>
          <ul className="replay-states">
            {vehicles.map((each) => (
              <li key={each.vehicleId}>
                <button type="button" className="bare" aria-pressed={each === vehicle} onClick={() => setChosen(each.vehicleId)}>
                  <i style={{ background: each.colour }} /> {each.label}
                </button>{' '}
                <State vehicle={each} clock={clock} />{' '}
                <span className="quiet figure">
                  {t('replay.points', { n: formatCount(each.track.count), kb: formatCount(Math.ceil(each.track.bytes / 1024)) })}
                </span>
              </li>
            ))}
          </ul>
          <Drawn drawn={drawn} vehicles={vehicles} />
          {cut.map(({ vehicleId, label, track }) => (
            <p key={vehicleId} className="stale">
              {t('replay.more', { plate: label, n: formatCount(track.count), time: formatInstant(track.nextMs!) })}{' '}
              <Button size="small" onClick={() => change((old) => withEntries(old, { from: toWallClock(track.nextMs!) }))}>
                {t('replay.continue')}
              </Button>
            </p>
          ))}
          <Timeline vehicles={vehicles} range={range} clock={clock} />
          {shown.charts.map((column) => (
            <Chart key={column} vehicle={vehicle} column={column} range={range} clock={clock} />
          ))}
          {caseId !== undefined && (
            <Besides
              {...{ caseId, vehicle, range, clock }}
              chosen={exhibitId}
              onChoose={(id) => change((old) => withEntries(old, { x: id === undefined ? undefined : String(id) }))}
              beside={beside.data ?? null}
              error={beside.error}
            />
          )}
          {shown.raw && <RawPoints vehicle={vehicle} clock={clock} />}
          <p className="quiet replay-hint">{t('replay.keys')}</p>
        </section>
      )}
    </>
  )
}

const firstSeen = (vehicles: readonly ReplayedVehicle[]): number | undefined => {
  const firsts = vehicles.flatMap(({ line }) => (line.timeMs.length > 0 ? [line.timeMs[0]!] : []))
  return firsts.length > 0 ? Math.min(...firsts) : undefined
}

function State({ vehicle: { line, speedKph }, clock }: { vehicle: ReplayedVehicle; clock: ReplayClock }) {
  const { t } = useText()
  const state = stateAtReplay(line, useStore(clock.slow))
  if (state.seen === 'not-yet') return <span className="quiet">{t('replay.state.not-yet')}</span>
  if (state.seen === 'moving') {
    const kph = speedKph[state.index]!
    return <span className="figure">{formatSpeed(Number.isNaN(kph) ? null : kph)}</span>
  }
  const gap = state.seen === 'gap' ? line.gaps.find(({ index }) => index === state.index) : undefined
  return (
    <span className="stale figure">
      {t(`replay.state.${state.seen}`, { time: formatInstant(state.sinceMs) })}
      {gap &&
        t(isSamePlace(gap.metres) ? 'replay.state.unseenStill' : 'replay.state.unseen', {
          km: formatKm(gap.metres),
          time: formatInstant(gap.untilMs).slice(11),
        })}
    </span>
  )
}
