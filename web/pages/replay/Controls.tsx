// The buttons of a replay: play and step, jump, speed, what the map and the charts show, and what leaves: a mark on the case, a file, a sheet of paper.
import { CaretRightOutlined, PauseOutlined, StepBackwardOutlined, StepForwardOutlined } from '@ant-design/icons'
import { Button, Select } from 'antd'
import { formatInstant } from '../../kit/format/time.ts'
import { useStore } from '../../kit/store.ts'
import type { TrailColour } from '../../map/replayMap.ts'
import { type Charted, charted } from './Chart.tsx'
import { type ReplayClock, SPEEDS } from './clock.ts'
import { jumpTo, type ReplayEvent } from './events.ts'
import { jumps, stepBy } from './keys.ts'
import { useText } from './texts.ts'
import type { ReplayedVehicle } from './useReplay.ts'

export type Shown = { speed: number; colourBy: TrailColour; followed: number | null; charts: readonly Charted[]; raw: boolean }

type Props = {
  clock: ReplayClock
  vehicles: readonly ReplayedVehicle[]
  vehicle: ReplayedVehicle
  events: readonly ReplayEvent[]
  shown: Shown
  set: (change: Partial<Shown>) => void
  children?: React.ReactNode
}

const colourings = ['vehicle', 'speed', 'order'] as const satisfies readonly TrailColour[]

export function Controls({ clock, vehicles, vehicle, events, shown, set, children }: Props) {
  const { t } = useText()
  return (
    <div className="replay-buttons">
      <PlayButton clock={clock} />
      <Button
        icon={<StepBackwardOutlined />}
        aria-label={t('replay.back')}
        title={t('replay.back')}
        onClick={() => stepBy(clock, vehicle, -1)}
      />
      <Button
        icon={<StepForwardOutlined />}
        aria-label={t('replay.forward')}
        title={t('replay.forward')}
        onClick={() => stepBy(clock, vehicle, 1)}
      />
      <Select
        aria-label={t('replay.speed')}
        value={shown.speed}
        options={SPEEDS.map((n) => ({ value: n, label: t('replay.times', { n }) }))}
        onChange={(speed) => set({ speed })}
      />
      <span className="replay-jumps">
        {(Object.entries(jumps) as [keyof typeof jumps, (typeof jumps)[keyof typeof jumps]][]).map(([key, kind]) => {
          const known = kind === null ? events.length > 0 : events.some((event) => event.kind === kind)
          return (
            <Button
              key={key}
              disabled={!known}
              title={t('replay.jumpKey', { key: key.toUpperCase() })}
              onClick={() => {
                const to = jumpTo(events, kind, clock.ms.get(), false)
                if (to !== undefined) clock.set(to)
              }}
            >
              {t(`replay.jump.${kind ?? 'any'}`)}
            </Button>
          )
        })}
      </span>
      <Select
        aria-label={t('replay.follow')}
        value={shown.followed ?? 0}
        options={[
          { value: 0, label: t('replay.followNone') },
          ...vehicles.map(({ vehicleId, label }) => ({ value: vehicleId, label: `${t('replay.follow')} ${label}` })),
        ]}
        onChange={(id: number) => set({ followed: id || null })}
      />
      <Select
        aria-label={t('replay.colour')}
        value={shown.colourBy}
        options={colourings.map((value) => ({ value, label: t(`replay.colour.${value}`) }))}
        onChange={(colourBy) => set({ colourBy })}
      />
      <Select
        mode="multiple"
        className="replay-charted"
        aria-label={t('replay.chart')}
        placeholder={t('replay.chart')}
        maxTagCount={1}
        value={[...shown.charts]}
        options={charted.map((value) => ({ value, label: t(`replay.chart.${value}`) }))}
        onChange={(charts: Charted[]) => set({ charts: charted.filter((each) => charts.includes(each)) })}
      />
      <Button aria-pressed={shown.raw} type={shown.raw ? 'primary' : 'default'} ghost={shown.raw} onClick={() => set({ raw: !shown.raw })}>
        {t('replay.raw')}
      </Button>
      {children}
      <Now clock={clock} />
    </div>
  )
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
  const { t } = useText()
  return (
    <strong className="figure replay-now">
      {formatInstant(useStore(clock.slow))} <small className="quiet">{t('replay.zoneShort')}</small>
    </strong>
  )
}
