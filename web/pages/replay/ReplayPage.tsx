// 轨迹回放: up to twenty vehicles in step over a time, on one clock. What is shown stands in the address; each track is a look on record, within a case where one
// is required. Map above, below it the bands that are the scrubber, and a chart that shares their axis; at the right what happened.
import { CaretRightOutlined, PauseOutlined, StepBackwardOutlined, StepForwardOutlined } from '@ant-design/icons'
import { Button, Select } from 'antd'
import { useEffect, useMemo, useRef, useState } from 'react'
import { findNext, findPrevious, stateAtReplay } from '../../../services/domain/replay.ts'
import { useAccount } from '../../kit/api/session.ts'
import { formatCount, formatKm, formatSpeed } from '../../kit/format/number.ts'
import { formatDuration, formatInstant } from '../../kit/format/time.ts'
import { readNumber } from '../../kit/list/declareList.ts'
import { ErrorState } from '../../kit/State.tsx'
import { useStore } from '../../kit/store.ts'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { readRange } from '../../parts/vehicle/liveUrl.ts'
import { Chart, type Charted, charted } from './Chart.tsx'
import { ReplayClock, SPEEDS } from './clock.ts'
import { eventsOf, type ReplayEvent } from './events.ts'
import { RawPoints } from './RawPoints.tsx'
import { Timeline } from './Timeline.tsx'
import { useText } from './texts.ts'
import { MAX_REPLAYED, type ReplayedVehicle, readable, useCase, useReplay } from './useReplay.ts'
import { useReplayMap } from './useReplayMap.ts'
import { Watermark } from './Watermark.tsx'
import './replay.css'

export function ReplayPage() {
  const { t } = useText()
  const { url, change } = useUrl()
  const account = useAccount()
  const caseId = readNumber(url.case)
  const found = useCase(caseId)
  const range = readRange(url)
  const offered = useMemo(() => readable(found.data), [found.data])
  const plates = useMemo(() => new Map(offered.map(({ vehicleId, plate }) => [vehicleId, plate])), [offered])
  const asked = (url.v ?? '').split(',').flatMap((text) => readNumber(text) ?? [])
  const vehicleIds = (asked.length > 0 ? asked : offered.slice(0, 1).map(({ vehicleId }) => vehicleId)).slice(0, MAX_REPLAYED)
  // A case is waited for: outside it nothing would be read.
  const { vehicles, busy, error, retry } = useReplay(caseId === undefined || found.data ? vehicleIds : [], plates, range, caseId)
  return (
    <div className="replay">
      <header className="replay-bar">
        <h1>{t('page.replay')}</h1>
        {found.data && (
          <span>
            <strong>{found.data.number}</strong> {found.data.purpose} · {account.displayName}
          </span>
        )}
        {offered.length > 1 && (
          <Select
            mode="multiple"
            className="replay-choice"
            aria-label={t('replay.vehicles')}
            maxCount={MAX_REPLAYED}
            value={vehicleIds}
            options={offered.map(({ vehicleId, plate }) => ({ value: vehicleId, label: plate }))}
            onChange={(chosen: number[]) => change((old) => withEntries(old, { v: chosen.join(',') || undefined }))}
          />
        )}
        <span className="quiet">{t('replay.zone')}</span>
      </header>
      {found.error !== null && <ErrorState error={found.error} retry={() => void found.refetch()} />}
      {error !== null && <ErrorState error={error} retry={retry} />}
      {!range && <p className="quiet replay-note">{t('replay.none')}</p>}
      {caseId !== undefined && found.data && vehicleIds.length === 0 && <p className="quiet replay-note">{t('replay.noCase')}</p>}
      {busy && <p className="quiet replay-note">{t('replay.loading')}</p>}
      {range && vehicles.length > 0 && (
        <Stage
          key={`${range.fromMs} ${range.toMs}`}
          vehicles={vehicles}
          range={range}
          mark={t('replay.watermark', {
            name: account.displayName,
            time: formatInstant(Date.now()).slice(0, 16),
            case: found.data?.number ?? '',
          })}
        />
      )}
    </div>
  )
}

function Stage({ vehicles, range, mark }: { vehicles: ReplayedVehicle[]; range: { fromMs: number; toMs: number }; mark: string }) {
  const { t } = useText()
  const { change } = useUrl()
  const container = useRef<HTMLDivElement>(null)
  const [clock] = useState(() => new ReplayClock(range.fromMs, range.toMs, firstSeen(vehicles) ?? range.fromMs))
  const [speed, setSpeed] = useState(clock.speed)
  const [colourBy, setColourBy] = useState<'vehicle' | 'speed'>('vehicle')
  const [followed, setFollowed] = useState<number | null>(null)
  const [chosen, setChosen] = useState<number>()
  const [column, setColumn] = useState<Charted>('speedDkph')
  const [raw, setRaw] = useState(false)
  const vehicle = vehicles.find(({ vehicleId }) => vehicleId === chosen) ?? vehicles[0]!
  const events = useMemo(
    () => vehicles.flatMap(({ vehicleId, line, trips }) => eventsOf(vehicleId, line, trips)).sort((a, b) => a.atMs - b.atMs),
    [vehicles],
  )
  useReplayMap(container, vehicles, colourBy, followed, clock)
  useEffect(() => {
    clock.speed = speed
  }, [clock, speed])
  useEffect(() => () => clock.pause(), [clock])
  useKeys(clock, vehicle, events, setSpeed)
  const cut = vehicles.find(({ track }) => track.nextMs !== null)?.track.nextMs
  return (
    <>
      <div className="replay-stage">
        <section className="replay-map" aria-label={t('replay.map')}>
          <div ref={container} className="replay-canvas" />
          <Watermark text={mark} />
        </section>
        <EventList events={events} vehicles={vehicles} clock={clock} />
      </div>
      <section className="replay-controls" aria-label={t('replay.timeline')}>
        <div className="replay-buttons">
          <PlayButton clock={clock} />
          <Button icon={<StepBackwardOutlined />} aria-label={t('replay.back')} onClick={() => stepBy(clock, vehicle, -1)} />
          <Button icon={<StepForwardOutlined />} aria-label={t('replay.forward')} onClick={() => stepBy(clock, vehicle, 1)} />
          <Select
            aria-label={t('replay.speed')}
            value={speed}
            options={SPEEDS.map((n) => ({ value: n, label: t('replay.times', { n }) }))}
            onChange={setSpeed}
          />
          <Select
            aria-label={t('replay.follow')}
            value={followed ?? 0}
            options={[
              { value: 0, label: t('replay.followNone') },
              ...vehicles.map(({ vehicleId, label }) => ({ value: vehicleId, label: `${t('replay.follow')} ${label}` })),
            ]}
            onChange={(id: number) => setFollowed(id || null)}
          />
          <Select
            aria-label={t('replay.colour')}
            value={colourBy}
            options={(['vehicle', 'speed'] as const).map((value) => ({ value, label: t(`replay.colour.${value}`) }))}
            onChange={setColourBy}
          />
          <Select
            aria-label={t('replay.chart')}
            value={column}
            options={charted.map((value) => ({ value, label: t(`replay.chart.${value}`) }))}
            onChange={setColumn}
          />
          <Button aria-pressed={raw} onClick={() => setRaw(!raw)}>
            {t('replay.raw')}
          </Button>
          <Now clock={clock} />
        </div>
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
        {cut && (
          <p className="stale">
            {t('replay.more', { time: formatInstant(cut) })}{' '}
            <Button size="small" onClick={() => change((old) => withEntries(old, { from: formatInstant(cut).replace(' ', 'T') }))}>
              {t('replay.continue')}
            </Button>
          </p>
        )}
        <Timeline vehicles={vehicles} range={range} clock={clock} />
        <Chart vehicle={vehicle} column={column} range={range} clock={clock} />
        {raw && <RawPoints vehicle={vehicle} clock={clock} />}
        <p className="quiet replay-hint">{t('replay.keys')}</p>
      </section>
    </>
  )
}

const firstSeen = (vehicles: readonly ReplayedVehicle[]): number | undefined => {
  const firsts = vehicles.flatMap(({ line }) => (line.timeMs.length > 0 ? [line.timeMs[0]!] : []))
  return firsts.length > 0 ? Math.min(...firsts) : undefined
}

function PlayButton({ clock }: { clock: ReplayClock }) {
  const { t } = useText()
  const playing = useStore(clock.playing)
  return (
    <Button
      type="primary"
      icon={playing ? <PauseOutlined /> : <CaretRightOutlined />}
      aria-label={t(playing ? 'replay.pause' : 'replay.play')}
      onClick={() => clock.toggle()}
    />
  )
}

function Now({ clock }: { clock: ReplayClock }) {
  return <strong className="figure replay-now">{formatInstant(useStore(clock.slow))}</strong>
}

function State({ vehicle: { line, speedKph }, clock }: { vehicle: ReplayedVehicle; clock: ReplayClock }) {
  const { t } = useText()
  const state = stateAtReplay(line, useStore(clock.slow))
  if (state.seen === 'not-yet') return <span className="quiet">{t('replay.state.not-yet')}</span>
  if (state.seen === 'moving') {
    const kph = speedKph[state.index]!
    return <span className="figure">{formatSpeed(Number.isNaN(kph) ? null : kph)}</span>
  }
  return <span className="stale figure">{t(`replay.state.${state.seen}`, { time: formatInstant(state.sinceMs) })}</span>
}

/** To the position before or after of one vehicle. */
function stepBy(clock: ReplayClock, { line }: ReplayedVehicle, by: 1 | -1): void {
  const times = line.timeMs as unknown as number[]
  const to = by > 0 ? findNext(times, clock.ms.get()) : findPrevious(times, clock.ms.get())
  if (to !== undefined) clock.set(to)
}

function useKeys(
  clock: ReplayClock,
  vehicle: ReplayedVehicle,
  events: readonly ReplayEvent[],
  setSpeed: (next: (speed: number) => number) => void,
) {
  useEffect(() => {
    const jump = (kind: ReplayEvent['kind'] | null, back: boolean) => {
      const starts = events.filter((event) => kind === null || event.kind === kind).map(({ atMs }) => atMs)
      const to = back ? findPrevious(starts, clock.ms.get()) : findNext(starts, clock.ms.get())
      if (to !== undefined) clock.set(to)
    }
    const faster = (by: 1 | -1) =>
      setSpeed((speed) => SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, SPEEDS.indexOf(speed as 1) + by))] ?? speed)
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement
      if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input, textarea, [role="combobox"], .ant-select, button'))
        return
      const { key, shiftKey } = event
      if (key === ' ') clock.toggle()
      else if (key === 'ArrowLeft') stepBy(clock, vehicle, -1)
      else if (key === 'ArrowRight') stepBy(clock, vehicle, 1)
      else if (key === '[') faster(-1)
      else if (key === ']') faster(1)
      else if (key.toLowerCase() === 's') jump('stop', shiftKey)
      else if (key.toLowerCase() === 'g') jump('gap', shiftKey)
      else if (key.toLowerCase() === 'e') jump(null, shiftKey)
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [clock, vehicle, events, setSpeed])
}

function EventList({
  events,
  vehicles,
  clock,
}: {
  events: readonly ReplayEvent[]
  vehicles: readonly ReplayedVehicle[]
  clock: ReplayClock
}) {
  const { t, locale } = useText()
  const of = new Map(vehicles.map((each) => [each.vehicleId, each]))
  const says = ({ kind, atMs, untilMs, metres }: ReplayEvent): string => {
    const time = untilMs === null ? '' : formatDuration(untilMs - atMs, locale)
    if (kind === 'start') return t('replay.event.start', { km: formatKm(metres) })
    if (kind === 'gap') return t('replay.event.gap', { time, km: formatKm(metres) })
    return untilMs === null ? t('replay.event.stopOpen') : t('replay.event.stop', { time })
  }
  return (
    <aside className="replay-events" aria-label={t('replay.events')}>
      <h2>{t('replay.events')}</h2>
      {events.length === 0 && <p className="quiet">{t('replay.noEvents')}</p>}
      <ol>
        {events.map((event) => (
          <li key={`${event.vehicleId} ${event.kind} ${event.atMs}`}>
            <button type="button" className="bare" onClick={() => clock.set(event.atMs)}>
              <i style={{ background: of.get(event.vehicleId)?.colour }} />
              <span className="figure">{formatInstant(event.atMs).slice(5, 16)}</span>
              <span className={event.kind === 'gap' ? 'stale' : undefined}>{says(event)}</span>
            </button>
          </li>
        ))}
      </ol>
    </aside>
  )
}
