// 此刻何处: where every vehicle of the scope last was at an instant, with the age of that report; a scrubber over the day runs it forward.
import { CaretRightOutlined, PauseOutlined, StepBackwardOutlined, StepForwardOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Input, Select } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import type { AnswerOf } from '../../../services/contracts/api.ts'
import { DAY_MS } from '../../../services/domain/days.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { call } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { formatCount } from '../../kit/format/number.ts'
import { formatAge, formatClock, formatClockSeconds, fromWallClock, startOfDay, toWallClock } from '../../kit/format/time.ts'
import { ErrorState } from '../../kit/State.tsx'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import type { Dot } from '../../map/whereaboutsMap.ts'
import { useCase, Withheld } from './fields.tsx'
import { useText } from './texts.ts'
import { emptyScene, type TabProps } from './useWhereaboutsMap.ts'

const MINUTE_MS = 60_000
const STEPS_S = [10, 60, 300, 900, 3_600]
/** Between two instants that are played: each is a question on record. */
const PACE_MS = 900
const LISTED = 60
const wholeSecond = (ms: number): number => Math.floor(ms / 1000) * 1000

const shadeOf = (ageS: number): 0 | 1 | 2 => (ageS <= 600 ? 0 : ageS <= 86_400 ? 1 : 2)

export function InstantTab({ caseId, onScene }: TabProps) {
  const { t } = useText()
  const { url, change } = useUrl()
  const found = useCase(caseId)
  const lastMs = Math.floor((found.data ? Math.min(Date.parse(found.data.until), Date.now()) : Date.now()) / MINUTE_MS) * MINUTE_MS
  const atMs = wholeSecond(fromWallClock(url.at ?? '') ?? lastMs)
  const [step, setStep] = useState(300)
  const [playing, setPlaying] = useState(false)
  const goTo = (ms: number) => change((old) => withEntries(old, { at: toWallClock(ms) }), 'follow')
  const asked = url.at !== undefined
  const picture = useQuery({
    queryKey: ['whereabouts', 'instant', atMs, caseId],
    enabled: asked,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    queryFn: ({ signal }) => call('getInstant', { query: { at: new Date(atMs).toISOString(), caseId }, signal }),
  })
  const { data, isPlaceholderData, error } = picture
  const dots = useMemo(() => dotsOf(data), [data])
  const [chosen, setChosen] = useState<number | null>(null)
  useEffect(() => onScene({ ...emptyScene, dots, onOpen: setChosen }), [onScene, dots])
  // biome-ignore lint/correctness/useExhaustiveDependencies: on when the picture of an instant has come
  useEffect(() => {
    if (!playing || isPlaceholderData || !data) return
    const next = atMs + step * 1000
    if (next > Date.now() || error) {
      setPlaying(false)
      return
    }
    const timer = setTimeout(() => goTo(next), PACE_MS)
    return () => clearTimeout(timer)
  }, [playing, data, isPlaceholderData])
  const dayMs = startOfDay(atMs)
  return (
    <>
      <div className="where-form">
        <Field label={t('where.at')}>
          <Input
            type="datetime-local"
            step={1}
            value={toWallClock(atMs)}
            onChange={(event) => {
              const ms = fromWallClock(event.target.value)
              if (ms !== undefined) goTo(wholeSecond(ms))
            }}
          />
        </Field>
        <div className="where-buttons">
          <Button icon={<StepBackwardOutlined />} aria-label={t('where.back')} onClick={() => goTo(atMs - step * 1000)} />
          <Button
            type="primary"
            icon={playing ? <PauseOutlined /> : <CaretRightOutlined />}
            aria-label={t(playing ? 'where.pause' : 'where.play')}
            onClick={() => {
              if (!asked) goTo(atMs)
              setPlaying(!playing)
            }}
          />
          <Button icon={<StepForwardOutlined />} aria-label={t('where.forward')} onClick={() => goTo(atMs + step * 1000)} />
          <Select
            aria-label={t('where.step')}
            value={step}
            options={STEPS_S.map((n) => ({ value: n, label: n < 60 ? t('where.seconds', { n }) : t('where.minutes', { n: n / 60 }) }))}
            onChange={setStep}
          />
          {!asked && (
            <Button type="primary" onClick={() => goTo(atMs)}>
              {t('where.ask')}
            </Button>
          )}
        </div>
        <Scrubber dayMs={dayMs} atMs={atMs} onGo={goTo} />
        <ul className="where-legend">
          {([0, 1, 2] as const).map((shade) => (
            <li key={shade}>
              <i data-shade={shade} /> {t(`where.age.${shade}`)}
            </li>
          ))}
        </ul>
      </div>
      {error && <ErrorState error={error} retry={() => void picture.refetch()} />}
      {picture.isFetching && <p className="where-note quiet">{t('where.loading')}</p>}
      {data && !error && <Found data={data} chosen={chosen} onChoose={setChosen} />}
    </>
  )
}

/** Moves with the hand at once and asks when it is let go. */
function Scrubber({ dayMs, atMs, onGo }: { dayMs: number; atMs: number; onGo: (ms: number) => void }) {
  const { t } = useText()
  const [held, setHeld] = useState<number | null>(null)
  const minute = held ?? Math.floor((atMs - dayMs) / MINUTE_MS)
  const letGo = () => {
    if (held !== null) onGo(dayMs + held * MINUTE_MS)
    setHeld(null)
  }
  return (
    <label className="where-scrub">
      <span className="quiet">
        {t('where.scrub')} <strong className="figure">{formatClockSeconds(held === null ? atMs : dayMs + held * MINUTE_MS)}</strong>
      </span>
      <input
        type="range"
        min={0}
        max={DAY_MS / MINUTE_MS - 1}
        value={minute}
        aria-valuetext={formatClock(dayMs + minute * MINUTE_MS)}
        onChange={(event) => setHeld(Number(event.target.value))}
        onPointerUp={letGo}
        onKeyUp={letGo}
        onBlur={letGo}
      />
    </label>
  )
}

type Picture = AnswerOf<'getInstant'>
const dotsOf = (data: Picture | undefined): Dot[] =>
  data
    ? data.vehicleId.map((id, i) => ({
        id,
        lon: data.lon[i]!,
        lat: data.lat[i]!,
        shade: shadeOf(data.ageS[i]!),
        label: plateAsPrinted(data.plate[i]!),
      }))
    : []

function Found({ data, chosen, onChoose }: { data: Picture; chosen: number | null; onChoose: (id: number) => void }) {
  const { t, locale } = useText()
  const [q, setQ] = useState('')
  const fragment = q.trim().replaceAll('·', '').toUpperCase()
  const matching = (plates: readonly string[]) =>
    plates.flatMap((plate, i) => (fragment === '' || plate.toUpperCase().includes(fragment) ? [i] : []))
  const all = matching(data.plate)
  const first = data.vehicleId.indexOf(chosen ?? -1)
  const rows = [...(first >= 0 ? [first] : []), ...all.filter((i) => i !== first)].slice(0, LISTED)
  const unseen = matching(data.unseen.plate)
  return (
    <>
      <p className="where-note" role="status">
        {t('where.seen', { n: formatCount(data.vehicleId.length) })}
        {data.unseen.vehicleId.length > 0 && <> · {t('where.unseen', { n: formatCount(data.unseen.vehicleId.length) })}</>}
      </p>
      <Withheld count={data.withheld} />
      <Input
        className="where-find"
        aria-label={t('where.find')}
        placeholder={t('where.find')}
        value={q}
        allowClear
        onChange={(event) => setQ(event.target.value)}
      />
      <ul className="where-list">
        {rows.map((i) => (
          <li key={data.vehicleId[i]} aria-current={i === first || undefined}>
            <button type="button" className="bare" onClick={() => onChoose(data.vehicleId[i]!)}>
              <i data-shade={shadeOf(data.ageS[i]!)} />
              <span className="figure">{plateAsPrinted(data.plate[i]!)}</span>
              <span className={shadeOf(data.ageS[i]!) === 2 ? 'stale' : 'quiet'}>
                {t('where.ageOf', { age: formatAge(data.ageS[i]!, locale) })}
              </span>
            </button>
          </li>
        ))}
        {unseen.slice(0, Math.max(5, LISTED - rows.length)).map((i) => (
          <li key={data.unseen.vehicleId[i]}>
            <i data-shade={3} />
            <span className="figure">{plateAsPrinted(data.unseen.plate[i]!)}</span>{' '}
            <span className="quiet">{t('where.unseen', { n: 1 })}</span>
          </li>
        ))}
      </ul>
      {all.length + unseen.length === 0 && <p className="where-note quiet">{t('where.findNone')}</p>}
      {all.length > LISTED && <p className="where-note quiet">{t('where.more', { n: LISTED })}</p>}
    </>
  )
}
