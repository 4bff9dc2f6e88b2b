// 地点: compounds, lots, stations and sensitive places as a list and on a map; drawing one happens on the same map.
import { PlusOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Segmented, Select } from 'antd'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Place, PlaceRow } from '../../../services/contracts/api/places.ts'
import { dayAt } from '../../../services/domain/days.ts'
import type { Box } from '../../../services/domain/geofence.ts'
import { placeKinds } from '../../../services/domain/places.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { formatCount } from '../../kit/format/number.ts'
import { ListPage, PAGE_ROWS, useListUrl } from '../../kit/list/ListPage.tsx'
import { type Column, ListTable } from '../../kit/list/ListTable.tsx'
import { ErrorState } from '../../kit/State.tsx'
import { useSettled } from '../../kit/useSettled.ts'
import type { Draft } from '../../map/placeMap.ts'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { PlaceEditor } from './PlaceEditor.tsx'
import { PlacePanel } from './PlacePanel.tsx'
import { kindText, validText } from './placeWords.ts'
import { type Text, useText } from './texts.ts'
import './places.css'
import { usePlaceMap } from '../../map/usePlaceMap.ts'

const columns = (t: Text): Column<PlaceRow>[] => [
  { title: t('place.name'), cell: (row) => row.name, className: 'clip' },
  { title: t('place.kind'), cell: (row) => kindText(row, t) },
  { title: t('place.unit'), cell: (row) => row.organisation.name, className: 'clip' },
  {
    title: t('place.shape'),
    cell: (row) =>
      row.radiusM === null ? t('place.polygonOf', { n: row.corners ?? 0 }) : t('place.circleOf', { m: formatCount(row.radiusM) }),
  },
  { title: t('place.valid'), cell: (row) => <span className="figure">{validText(row, t)}</span> },
]

export function PlacesPage() {
  const { t } = useText()
  const account = useAccount()
  const { url, set, open, id, q, page, offset } = useListUrl()
  const [editing, setEditing] = useState<Place | 'new' | null>(null)
  const [draft, setDraft] = useState<Draft | null>(null)
  const [box, setBox] = useState<Box | null>(null)
  const container = useRef<HTMLDivElement>(null)
  const kind = placeKinds.find((each) => each === url.kind)
  const organisationId = /^[1-9]\d{0,9}$/.test(url.org ?? '') ? Number(url.org) : undefined
  const list = useQuery({
    queryKey: ['places', q, page, kind, organisationId],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      call('listPlaces', { query: { q: q.trim() || undefined, kind, organisationId, limit: PAGE_ROWS, offset }, signal }),
  })
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
    <ListPage
      title={t('page.places')}
      searchHint={t('places.search')}
      total={list.data ? t('places.total', { n: formatCount(list.data.total) }) : ''}
      count={list.data?.total}
      busy={list.isFetching}
      exported={{ subject: 'places', list: 'places', filter: { q: q.trim() || undefined, kind, organisationId } }}
      actions={
        may(account, 'place.manage') &&
        editing === null && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => begin('new')}>
            {t('places.add')}
          </Button>
        )
      }
      filters={
        <>
          <UnitChoice
            label={t('kit.filterUnit')}
            value={organisationId}
            onChange={(org) => set({ org: org === undefined ? undefined : String(org) })}
          />
          <Select
            allowClear
            aria-label={t('place.kind')}
            placeholder={t('place.kind')}
            value={kind}
            options={placeKinds.map((value) => ({ value, label: t(`placeKind.${value}`) }))}
            onChange={(value) => set({ kind: value })}
          />
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
        </>
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
    >
      <div className={`places-both places-view-${view}`}>
        <div className="places-list">
          <ListTable
            columns={columns(t)}
            rows={list.data?.rows}
            idOf={(row) => row.placeId}
            selected={id}
            onOpen={open}
            error={list.error}
            retry={() => void list.refetch()}
            empty={{ title: t('places.emptyTitle'), text: q || kind || organisationId ? t('kit.noMatch') : t('places.emptyText') }}
          />
        </div>
        <div className="places-map">
          <div ref={container} className="places-canvas" />
          {failure !== null && <ErrorState error={failure} />}
        </div>
      </div>
    </ListPage>
  )
}
