// 谁来过: an area drawn on the map or typed by its corners, or a place; a period; and every vehicle that was inside.
import { useQuery } from '@tanstack/react-query'
import { Button, Input, Select } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import type { VisitRow } from '../../../services/contracts/api/whereabouts.ts'
import type { AnswerOf } from '../../../services/contracts/api.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { formatDuration, formatInstant } from '../../kit/format/time.ts'
import { readNumber } from '../../kit/list/declareList.ts'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { useSettled } from '../../kit/useSettled.ts'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { FoundVehicle, GoOn, PeriodFields, periodInUrl, usePeriod, Withheld } from './fields.tsx'
import { useText } from './texts.ts'
import { emptyScene, type LonLat, type TabProps } from './useWhereaboutsMap.ts'

const DAYS = 31
const NOWHERE: readonly LonLat[] = []
const datums = ['wgs84', 'gcj02'] as const

/** Six decimals are a tenth of a metre. */
const writeArea = (corners: readonly LonLat[]): string => corners.map(([lon, lat]) => `${+lon.toFixed(6)},${+lat.toFixed(6)}`).join(';')
const readArea = (text: string | undefined): LonLat[] =>
  (text ?? '').split(';').flatMap((part): LonLat[] => {
    const [lon, lat] = part.split(',').map(Number)
    return part !== '' && Number.isFinite(lon) && Number.isFinite(lat) ? [[lon!, lat!]] : []
  })

export function HereTab({ caseId, onScene }: TabProps) {
  const { t } = useText()
  const { url, change } = useUrl()
  const period = usePeriod(caseId, DAYS)
  const [corners, setCorners] = useState<LonLat[]>(() => readArea(url.area))
  const [drawing, setDrawing] = useState(false)
  const [datum, setDatum] = useState<(typeof datums)[number]>(url.datum === 'gcj02' ? 'gcj02' : 'wgs84')
  const [placeId, setPlaceId] = useState(readNumber(url.place))
  const asked = periodInUrl(url)
  const askedPlace = readNumber(url.place)
  const here = useQuery({
    queryKey: ['whereabouts', 'here', url.area, url.datum, askedPlace, asked, caseId],
    enabled: asked !== undefined && (url.area !== undefined || askedPlace !== undefined),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    queryFn: ({ signal }) => {
      const where =
        askedPlace === undefined
          ? { area: url.area, datum: url.datum === 'gcj02' ? ('gcj02' as const) : ('wgs84' as const) }
          : { placeId: askedPlace }
      return call('findWhoWasHere', { query: { ...asked!, ...where, caseId }, signal })
    },
  })
  const ring = here.data?.ring
  // Corners that were typed may be anywhere: the map goes there. Where they are clicked it is already.
  const [typed, setTyped] = useState(NOWHERE)
  // What was answered is in WGS-84, whatever it was drawn on.
  const shown = useMemo(() => (drawing || !ring ? corners : ring.slice(0, -1)), [drawing, ring, corners])
  useEffect(
    () =>
      onScene({
        ...emptyScene,
        corners: shown,
        drawing,
        fit: ring ?? typed,
        onPoint: (point) => setCorners((old) => [...old, point]),
        onDrag: (corner, point) => setCorners((old) => old.map((one, n) => (n === corner ? point : one))),
      }),
    [onScene, shown, drawing, ring, typed],
  )
  const ready = placeId !== undefined || corners.length >= 3
  const ask = () => {
    setDrawing(false)
    const where =
      placeId === undefined
        ? { area: writeArea(corners), place: undefined, datum: datum === 'gcj02' ? datum : undefined }
        : { area: undefined, datum: undefined, place: String(placeId) }
    change((old) => withEntries(old, { ...where, from: period.from, to: period.to }))
    void queryAgain()
  }
  /** The same question once more is another look. */
  const queryAgain = async () => {
    if (here.data && url.from === period.from && url.to === period.to) await here.refetch()
  }
  return (
    <>
      <div className="where-form">
        <PlaceField value={placeId} onChange={setPlaceId} />
        {placeId === undefined && (
          <fieldset className="where-area">
            <legend>
              {t('where.area')} <span className="quiet figure">{t('where.corners', { n: corners.length })}</span>
            </legend>
            <div className="where-buttons">
              <Button type={drawing ? 'primary' : 'default'} aria-pressed={drawing} onClick={() => setDrawing(!drawing)}>
                {t(drawing ? 'where.drawn' : 'where.draw')}
              </Button>
              <Button disabled={corners.length === 0} onClick={() => setCorners(corners.slice(0, -1))}>
                {t('where.undo')}
              </Button>
              <Button disabled={corners.length === 0} onClick={() => setCorners([])}>
                {t('where.clear')}
              </Button>
            </div>
            <p className="quiet">{t('where.drawHint')}</p>
            <CornerField
              onAdd={(corner) => {
                const all = [...corners, corner]
                setCorners(all)
                if (all.length >= 3) setTyped(all)
              }}
            />
            <Field label={t('where.datum')}>
              <Select
                aria-label={t('where.datum')}
                value={datum}
                options={datums.map((value) => ({ value, label: t(`where.datum.${value}`) }))}
                onChange={setDatum}
              />
            </Field>
          </fieldset>
        )}
        <PeriodFields {...period} />
        <Button type="primary" disabled={!ready} loading={here.isFetching} onClick={ask}>
          {t('where.ask')}
        </Button>
      </div>
      {here.error && <ErrorState error={here.error} retry={() => void here.refetch()} />}
      {!here.data && !here.error && !here.isFetching && <EmptyState title={t('where.tab.here')} text={t('where.hereHint')} />}
      {here.data && !here.error && <Visits data={here.data} caseId={caseId} />}
    </>
  )
}

/** A corner by its position: what a click there would do. */
function CornerField({ onAdd }: { onAdd: (corner: LonLat) => void }) {
  const { t } = useText()
  const [typed, setTyped] = useState('')
  const point = /^\s*(-?\d+(?:\.\d+)?)\s*[,，\s]\s*(-?\d+(?:\.\d+)?)\s*$/.exec(typed)
  const add = () => {
    if (!point) return
    onAdd([Number(point[2]), Number(point[1])])
    setTyped('')
  }
  return (
    <div className="where-buttons">
      <Input
        aria-label={t('where.typed')}
        placeholder="40.81700, 111.66400"
        value={typed}
        status={typed && !point ? 'warning' : undefined}
        onChange={(event) => setTyped(event.target.value)}
        onPressEnter={add}
      />
      <Button disabled={!point} onClick={add}>
        {t('where.add')}
      </Button>
    </div>
  )
}

function PlaceField({ value, onChange }: { value: number | undefined; onChange: (id: number | undefined) => void }) {
  const { t } = useText()
  const mayFind = may(useAccount(), 'place.view')
  const [typed, setTyped] = useState('')
  const q = useSettled(typed.trim(), 250)
  const { data } = useQuery({
    queryKey: ['places', 'choice', q],
    enabled: mayFind,
    queryFn: ({ signal }) => call('listPlaces', { query: { ...(q ? { q } : {}), limit: 20 }, signal }),
  })
  const { data: known } = useQuery({
    queryKey: ['place', value],
    enabled: mayFind && value !== undefined,
    queryFn: ({ signal }) => call('getPlace', { params: { placeId: value! }, signal }),
  })
  if (!mayFind) return null
  const rows = [...(known && !(data?.rows ?? []).some(({ placeId }) => placeId === known.placeId) ? [known] : []), ...(data?.rows ?? [])]
  return (
    <Field label={t('where.place')}>
      <Select
        aria-label={t('where.place')}
        allowClear
        showSearch={{ filterOption: false, onSearch: setTyped }}
        placeholder={t('where.placeHint')}
        notFoundContent={null}
        value={value}
        options={rows.map(({ placeId, name, organisation }) => ({ value: placeId, label: `${name} · ${organisation.name}` }))}
        onChange={(id: number | undefined) => onChange(id)}
      />
    </Field>
  )
}

function Visits({ data, caseId }: { data: AnswerOf<'findWhoWasHere'>; caseId: number | undefined }) {
  const { t } = useText()
  return (
    <>
      <p className="where-note" role="status">
        {t('where.hereCount', { vehicles: data.vehicles.length, visits: data.visits.length })} ·{' '}
        <span className="quiet">
          {t('where.datumSaid', { km2: data.areaKm2 < 10 ? data.areaKm2.toFixed(2) : Math.round(data.areaKm2) })}
        </span>
      </p>
      {data.keptFrom !== null && (
        <p className="where-note quiet">{t('where.kept', { time: formatInstant(Date.parse(data.keptFrom)).slice(0, 16) })}</p>
      )}
      <Withheld count={data.withheld} />
      <GoOn next={data.next} />
      {data.vehicles.length === 0 && data.withheld === 0 && <EmptyState title={t('where.tab.here')} text={t('where.hereNone')} />}
      <ul className="where-list">
        {data.vehicles.map((vehicle) => {
          const visits = data.visits.filter(({ vehicleId }) => vehicleId === vehicle.vehicleId)
          return (
            <li key={vehicle.vehicleId}>
              <FoundVehicle vehicle={vehicle} askId={data.askId} caseId={caseId} from={visits[0]!.from} until={visits.at(-1)!.until} />
              <ol>
                {visits.map((visit) => (
                  <Visit key={`${visit.how} ${visit.from}`} visit={visit} />
                ))}
              </ol>
            </li>
          )
        })}
      </ul>
    </>
  )
}

function Visit({ visit }: { visit: VisitRow }) {
  const { t, locale } = useText()
  const [fromMs, untilMs] = [Date.parse(visit.from), Date.parse(visit.until)]
  const says = [
    ...(visit.how === 'seen' && untilMs - fromMs >= 60_000 ? [t('where.stay', { time: formatDuration(untilMs - fromMs, locale) })] : []),
    ...(visit.how === 'seen' && visit.movingS >= 60 ? [t('where.moved', { time: formatDuration(visit.movingS * 1000, locale) })] : []),
    ...(visit.how === 'seen' && visit.standingS >= 60 ? [t('where.stood', { time: formatDuration(visit.standingS * 1000, locale) })] : []),
    ...(visit.trip ? [t('where.trip')] : []),
    ...(visit.began === 'way' ? [] : [t(`where.began.${visit.began}`)]),
    ...(visit.ended === 'way' ? [] : [t(`where.ended.${visit.ended}`)]),
    visit.orders.length > 0 ? visit.orders.map(({ number }) => t('where.order', { number })).join(' ') : t('where.noOrder'),
  ]
  return (
    <li>
      <span className="figure">
        {formatInstant(fromMs).slice(5)} – {formatInstant(untilMs).slice(5)}
      </span>
      {visit.how === 'inferred' && (
        <span className="where-inferred" title={t('where.inferredWhy')}>
          {t('where.inferred')}
        </span>
      )}
      <span className="quiet">{says.join(' · ')}</span>
    </li>
  )
}
