// 地点: compounds, lots, stations and sensitive places as a list and on a map; drawing one happens on the same map.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Place } from '../../../services/contracts/api/places.ts'
import { dayAt } from '../../../services/domain/days.ts'
import type { Box } from '../../../services/domain/geofence.ts'
import { placeKinds } from '../../../services/domain/places.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { formatCount } from '../../kit/format/number.ts'
import { AddButton } from '../../kit/list/AddButton.tsx'
import { declareList, idInAddress } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { ErrorState } from '../../kit/State.tsx'
import { useSettled } from '../../kit/useSettled.ts'
import type { Draft } from '../../map/placeMap.ts'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { PlaceEditor } from './PlaceEditor.tsx'
import { PlacePanel } from './PlacePanel.tsx'
import { kindText, validText } from './placeWords.ts'
import { useText } from './texts.ts'
import './places.css'
import { usePlaceMap } from '../../map/usePlaceMap.ts'

const places = declareList({
  endpoint: 'listPlaces',
  key: 'places',
  useText,
  texts: {
    title: 'page.places',
    search: 'places.search',
    total: 'places.total',
    emptyTitle: 'places.emptyTitle',
    emptyText: 'places.emptyText',
  },
  columns: [
    { title: 'place.name', cell: (row) => row.name, className: 'clip' },
    { title: 'place.kind', cell: (row, { t }) => kindText(row, t) },
    { title: 'place.unit', cell: (row) => row.organisation.name, className: 'clip' },
    {
      title: 'place.shape',
      cell: (row, { t }) =>
        row.radiusM === null ? t('place.polygonOf', { n: row.corners ?? 0 }) : t('place.circleOf', { m: formatCount(row.radiusM) }),
    },
    { title: 'place.valid', cell: (row, { t }) => <span className="figure">{validText(row, t)}</span> },
  ],
  idOf: (row) => row.placeId,
  address: idInAddress,
  filters: {
    organisationId: unitFilter('kit.filterUnit'),
    kind: choice({ label: 'place.kind', values: placeKinds, word: (kind) => `placeKind.${kind}` }),
  },
  exported: 'places',
})

export function PlacesPage() {
  const { t } = useText()
  const account = useAccount()
  const list = useList(places)
  const { url, set, open, opened: id } = list
  const { kind } = list.filter
  const [editing, setEditing] = useState<Place | 'new' | null>(null)
  const [draft, setDraft] = useState<Draft | null>(null)
  const [box, setBox] = useState<Box | null>(null)
  const container = useRef<HTMLDivElement>(null)
  const settledBox = useSettled(box, 200)
  const shapes = useQuery({
    queryKey: ['places', 'shapes', settledBox, kind],
    enabled: settledBox !== null,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      const [west, south, east, north] = settledBox!
      return call('listPlaceShapes', { query: { west, south, east, north, kind, on: dayAt(Date.now()) }, signal })
    },
  })
  const chosen = useQuery({
    queryKey: ['place', id],
    enabled: id !== null,
    queryFn: ({ signal }) => call('getPlace', { params: { placeId: id! }, signal }),
  })
  const editedId = editing !== null && editing !== 'new' ? editing.placeId : null
  const shown = useMemo(() => (shapes.data?.rows ?? []).filter((row) => row.placeId !== editedId), [shapes.data, editedId])
  const { map, failure } = usePlaceMap({
    container,
    places: shown,
    selected: id,
    draft,
    drawing: editing !== null,
    onBox: setBox,
    onOpen: open,
    onPoint: (point) =>
      setDraft((old) => {
        if (!old) return old
        if (old.type === 'circle') return { ...old, centre: point }
        return { type: 'polygon', corners: [...old.corners, point] }
      }),
    onDrag: (corner, point) =>
      setDraft((old) => {
        if (!old) return old
        if (old.type === 'circle') return { ...old, centre: point }
        return { type: 'polygon', corners: old.corners.map((each, n) => (n === corner ? point : each)) }
      }),
  })
  const shape = id === null ? undefined : chosen.data?.shape
  useEffect(() => {
    if (shape) map?.flyTo(shape)
  }, [map, shape])
  const view = url.view === 'map' ? 'map' : 'list'
  const end = () => {
    setEditing(null)
    setDraft(null)
  }
  const begin = (place: Place | 'new') => {
    setEditing(place)
    set({ view: 'map' })
  }
  return (
    <List
      of={list}
      actions={
        editing === null && (
          <AddButton needs="place.manage" onClick={() => begin('new')}>
            {t('places.add')}
          </AddButton>
        )
      }
      moreFilters={
        <Segmented
          className="places-switch"
          aria-label={t('page.places')}
          value={view}
          options={[
            { value: 'list', label: t('places.list') },
            { value: 'map', label: t('places.mapTab') },
          ]}
          onChange={(value) => set({ view: value === 'list' ? undefined : value, page: url.page })}
        />
      }
      above={shapes.data?.more && <p className="quiet">{t('places.more')}</p>}
      drawer={
        editing !== null ? (
          <PlaceEditor
            key={editedId ?? 'new'}
            place={editing === 'new' ? undefined : editing}
            draft={draft}
            onDraft={setDraft}
            onTyped={(point) => map?.lookAt(point)}
            onClose={end}
            onSaved={(placeId) => {
              end()
              open(placeId)
            }}
          />
        ) : (
          id !== null && (
            <PlacePanel
              placeId={id}
              place={chosen.data}
              error={chosen.error}
              retry={() => void chosen.refetch()}
              onClose={() => open(null)}
              onEdit={may(account, 'place.manage') ? begin : undefined}
            />
          )
        )
      }
      body={(table) => (
        <div className={`places-both places-view-${view}`}>
          <div className="places-list">{table}</div>
          <div className="places-map">
            <div ref={container} className="places-canvas" />
            {failure !== null && <ErrorState error={failure} />}
          </div>
        </div>
      )}
    />
  )
}
