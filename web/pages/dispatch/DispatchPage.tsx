// 派车: what waits for a vehicle, the board, and what is chosen. One key assigns, one undoes; another dispatcher's hand is seen within a second.
import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import type { RequestRow } from '../../../services/contracts/api/requests.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { ApiError } from '../../kit/api/client.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call } from '../../kit/api/session.ts'
import { readNumber } from '../../kit/list/declareList.ts'
import { EmptyState } from '../../kit/State.tsx'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { orderQuery, requestQuery, tripsChanged } from '../../parts/trip/queries.ts'
import { everyMs } from '../../parts/trip/tripNews.ts'
import { spanText } from '../../parts/trip/when.ts'
import { BoardPart } from './BoardPart.tsx'
import { BoardView, type Drop } from './BoardView.tsx'
import { holds, type PlacedRow, rangeOf, type Span } from './boardGeometry.ts'
import { ChosenOrder } from './ChosenOrder.tsx'
import { ChosenRequest } from './ChosenRequest.tsx'
import { nameOfRow } from './clashText.ts'
import { DeskMapPart } from './DeskMapPart.tsx'
import { dayOnMap } from './mapTrips.ts'
import { News, type Said } from './News.tsx'
import type { Pair } from './Pairs.tsx'
import { Queue } from './Queue.tsx'
import { boardQuery, candidatesQuery, queueQuery } from './queries.ts'
import { inOrder } from './queueOrder.ts'
import { useText } from './texts.ts'
import { useBoardUnit } from './useBoardUnit.ts'
import type { Lifted } from './useCarry.ts'
import { useDispatchKeys } from './useDispatchKeys.ts'
import { useMapOpen } from './useMapOpen.ts'
import { whyNotText } from './whyNotText.ts'
import './dispatch.css'

type Done = { order: OrderDetail; was?: { vehicleId: number; driverId: number | null; startsAt: string; endsAt: string } }

const DAY = /^\d{4}-\d\d-\d\d$/
const none: readonly number[] = []

export function DispatchPage() {
  const { t, locale } = useText()
  const { url, change } = useUrl()
  const requestId = readNumber(url.request) ?? null
  const orderId = readNumber(url.order) ?? null
  const span: Span = url.span === 'week' ? 'week' : 'day'
  const day = DAY.test(url.day ?? '') ? url.day! : dayAt(Date.now())
  const range = useMemo(() => rangeOf(day, span), [day, span])

  const [said, setSaid] = useState<Said | null>(null)
  /** What was done last here, until it is taken back or something else is done: an order that was given, or where one was before it was moved. */
  const [last, setLast] = useState<Done | null>(null)

  const queue = useQuery(queueQuery)
  const chosen = useQuery({ ...requestQuery(requestId ?? 0), enabled: requestId !== null, refetchInterval: everyMs, staleTime: 0 })
  // Not what was read when it was opened before: a key would assign what has changed since.
  const request = requestId === null || !chosen.isFetchedAfterMount ? undefined : chosen.data
  const order = useQuery({ ...orderQuery(orderId ?? 0), enabled: orderId !== null }).data
  // What was given is to be seen on the board as long as it can be taken back there.
  const done = said?.undo ? last?.order : undefined
  const { shown, learn } = useBoardUnit((request ?? (orderId === null ? done : order))?.unit.organisationId)
  const [mapOpen, openMap] = useMapOpen()
  const board = useQuery(boardQuery(range, shown, mapOpen))
  useEffect(() => {
    if (!board.isPlaceholderData) learn(board.data)
  }, [learn, board.data, board.isPlaceholderData])
  const waits = request?.state === 'APPROVED'
  const candidates = useQuery(candidatesQuery(requestId ?? 0, waits ? request.version : undefined))
  const found = waits ? candidates.data : undefined
  const offers = found?.pairs.map(({ vehicle }) => vehicle.vehicleId).join()
  const offered = useMemo(() => (offers ? offers.split(',').map(Number) : none), [offers])

  const [busy, setBusy] = useState(false)
  const [pointed, setPointed] = useState<number | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was pointed at before something else was chosen
  useEffect(() => setPointed(null), [requestId, orderId])
  const [lifted, setLifted] = useState<Lifted | null>(null)
  const letGo = useCallback(() => setLifted(null), [])

  const show = useCallback((entries: Record<string, string | undefined>) => change((old) => withEntries(old, entries)), [change])
  const close = () => show({ request: undefined, order: undefined })
  const openOrder = useCallback((id: number) => show({ order: String(id), request: undefined }), [show])
  function choose(row: RequestRow) {
    const startsAtMs = Date.parse(row.startsAt)
    const seen = startsAtMs >= range.fromMs && startsAtMs < range.untilMs
    const rowDay = dayAt(startsAtMs)
    show({
      request: String(row.requestId),
      order: undefined,
      ...(seen ? {} : { day: rowDay === dayAt(Date.now()) ? undefined : rowDay }),
    })
  }

  const refused = useCallback((why: string) => setSaid({ tone: 'wrong', text: t('board.putBack', { why }) }), [t])
  /** Whoever was overtaken is told so; what there is now is read in any case. */
  const why = useCallback(
    (failure: unknown) =>
      failure instanceof ApiError && failure.code === 'CHANGED_MEANWHILE'
        ? t('assign.stale', { what: errorText(failure, t, locale) })
        : errorText(failure, t, locale),
    [t, locale],
  )

  /** Said, to be taken back, and the next one may be chosen. */
  const given = useCallback(
    (order: OrderDetail, plate: string, driver = '') => {
      setLast({ order })
      setSaid({ tone: 'done', text: t('assign.done', { number: order.number, plate, driver }).trim(), undo: true })
      show({ request: undefined, order: undefined })
    },
    [show, t],
  )

  const dispatch = useCallback(
    async ({ requestId, version }: { requestId: number; version: number }, pair: Pair) => {
      const order = await call('dispatchRequest', {
        params: { requestId },
        body: { vehicleId: pair.vehicle.vehicleId, driverId: pair.driver?.driverId ?? null, version },
      })
      given(order, plateAsPrinted(pair.vehicle.plate), pair.driver?.name)
    },
    [given],
  )

  async function assign(pair: Pair) {
    if (busy || !request) return
    setBusy(true)
    setSaid(null)
    try {
      await dispatch(request, pair)
    } catch (failure) {
      setSaid({ tone: 'wrong', text: why(failure) })
    }
    // The next key is not kept waiting for what is read again.
    setBusy(false)
    await tripsChanged()
  }

  /** Put on a row: who goes with the vehicle, or what the driver drives, is found as in the ranking. */
  const give = useCallback(
    async (to: RequestRow, row: PlacedRow) => {
      setSaid(null)
      try {
        const only = row.kind === 'vehicle' ? { vehicleId: row.id } : { driverId: row.id }
        const { pairs, excluded } = await call('listCandidates', { params: { requestId: to.requestId }, query: { most: 1, ...only } })
        const reasons = pairs[0] ? [] : (excluded[0]?.reasons ?? [])
        if (pairs[0]) await dispatch(to, pairs[0])
        else
          refused(t('board.noGive', { row: nameOfRow(row), why: reasons.map((reason) => whyNotText(reason, t)).join(t('search.comma')) }))
      } catch (failure) {
        refused(why(failure))
      }
      await tripsChanged()
    },
    [dispatch, refused, why, t],
  )

  async function undo() {
    if (busy || !last) return
    setBusy(true)
    const { order, was } = last
    try {
      if (was) {
        await call('moveOrder', { params: { orderId: order.orderId }, body: { ...was, version: order.version } })
        setSaid({ tone: 'done', text: t('assign.unmoved', { number: order.number, when: spanText(was.startsAt, was.endsAt) }) })
      } else {
        await call('actOnOrder', {
          params: { orderId: order.orderId },
          body: { action: 'void', version: order.version, reason: t('assign.undoReason') },
        })
        setSaid({ tone: 'done', text: t('assign.undone', { number: order.number }) })
      }
      setLast(null)
    } catch (failure) {
      setSaid({ tone: 'wrong', text: why(failure) })
    }
    setBusy(false)
    await tripsChanged()
  }

  const move = useCallback(
    async ({ trip, from, to, startsAt, endsAt, rows }: Drop) => {
      setSaid(null)
      try {
        // Who goes with it stays; where he is on no row of the board, the order says who.
        const partner = rows.find((row) => row.kind !== from.kind && holds(row, trip.orderId))
        const order = partner ? undefined : await call('getOrder', { params: { orderId: trip.orderId } })
        const withIt = partner?.id ?? (from.kind === 'vehicle' ? order?.driver?.driverId : order?.vehicle?.vehicleId) ?? null
        const placed = (row: PlacedRow) =>
          row.kind === 'vehicle' ? { vehicleId: row.id, driverId: withIt } : { vehicleId: withIt ?? 0, driverId: row.id }
        const moved = await call('moveOrder', {
          params: { orderId: trip.orderId },
          body: { ...placed(to), startsAt, endsAt, version: trip.version },
        })
        setLast({ order: moved, was: { ...placed(from), startsAt: trip.startsAt, endsAt: trip.endsAt } })
        setSaid({
          tone: 'done',
          text: t('board.moved', { number: trip.number, row: nameOfRow(to), when: spanText(startsAt, endsAt) }),
          undo: true,
        })
      } catch (failure) {
        refused(why(failure))
      }
      await tripsChanged()
    },
    [refused, why, t],
  )

  const rows = useMemo(() => queue.data && inOrder(queue.data.rows), [queue.data])
  useDispatchKeys({
    onAssign: (index) => {
      const pair = found?.pairs[index]
      if (pair) void assign(pair)
    },
    onUndo: () => void undo(),
    onMap: () => openMap(!mapOpen),
    onClose: close,
  })
  const shownVehicle = requestId !== null ? (offered[0] ?? null) : (order?.vehicle?.vehicleId ?? null)
  return (
    <div className="dispatch">
      <Queue
        rows={rows}
        total={queue.data?.total}
        error={queue.error}
        retry={() => void queue.refetch()}
        chosen={requestId}
        onChoose={choose}
        onGrab={(row, event) => {
          if (event.button === 0 && event.pointerType === 'mouse')
            setLifted({ load: { kind: 'request', request: row }, x: event.clientX, y: event.clientY })
        }}
      />
      <div className="dispatch-middle">
        <News said={said} onUndo={() => void undo()} onDismiss={() => setSaid(null)} />
        <BoardPart
          day={day}
          span={span}
          unit={shown}
          board={board.data}
          onOpen={openOrder}
          map={
            mapOpen ? (
              <DeskMapPart
                board={board.data}
                day={dayOnMap(day, range)}
                trip={requestId === null ? order : request}
                vehicleId={pointed ?? shownVehicle}
                onVehicle={setPointed}
              />
            ) : null
          }
          onMap={openMap}
          shown={board.data?.more ? Math.max(board.data.vehicles.length, board.data.drivers.length) : null}
        >
          <BoardView
            board={board.data}
            error={board.error}
            retry={() => void board.refetch()}
            range={range}
            offered={offered}
            wanted={waits ? request : null}
            lifted={lifted}
            onLetGo={letGo}
            onGive={(to, row) => void give(to, row)}
            open={orderId}
            pointed={pointed}
            onOpen={openOrder}
            onMove={(drop) => void move(drop)}
            onRefused={refused}
          />
        </BoardPart>
      </div>
      {requestId !== null ? (
        <ChosenRequest
          requestId={requestId}
          request={request}
          error={chosen.error}
          retry={() => void chosen.refetch()}
          found={found}
          foundError={candidates.error}
          retryFound={() => void candidates.refetch()}
          busy={busy}
          onAssign={(pair) => void assign(pair)}
          onLeased={(order, supplier) => given(order, t('assign.leased', { supplier }))}
          onClose={close}
        />
      ) : orderId !== null ? (
        <ChosenOrder orderId={orderId} drivers={board.data?.drivers ?? []} onClose={close} />
      ) : (
        <aside className="panel dispatch-none" aria-label={t('kit.details')}>
          <EmptyState title={t('chosen.noneTitle')} text={t('chosen.none')} />
        </aside>
      )}
    </div>
  )
}
