// The board: vehicles and drivers as rows, hours as columns. A trip is dragged, or carried by keys; what would be in its way is said before
// it is let go. Only the rows on screen exist.
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useMemo, useRef } from 'react'
import type { Board } from '../../../services/contracts/api/dispatching.ts'
import type { RequestRow } from '../../../services/contracts/api/requests.ts'
import { DAY_MS } from '../../../services/domain/days.ts'
import { formatDay } from '../../kit/format/time.ts'
import { ErrorState } from '../../kit/State.tsx'
import { useNow } from '../../kit/useNow.ts'
import { spanText } from '../../parts/trip/when.ts'
import { BoardLine, LABEL_PX } from './BoardLine.tsx'
import { HOUR_MS, judgeDrop, judgeGive, type PlacedRow, placeOf, type Range, rowsOf, type Trip, timesOf } from './boardGeometry.ts'
import { clashText, nameOfRow } from './clashText.ts'
import { useText } from './texts.ts'
import { type Carried, type Lifted, useCarry } from './useCarry.ts'

const ROW_PX = 40
const bones = [1, 2, 3, 4, 5, 6, 7, 8]
const HOUR_PX = { day: 46, week: 9 }

export type Drop = { trip: Trip; from: PlacedRow; to: PlacedRow; startsAt: string; endsAt: string; rows: readonly PlacedRow[] }

type Props = {
  board: Board | undefined
  error: unknown
  retry: () => void
  range: Range
  /** Vehicles that are offered for the chosen request, the best first. */
  offered: readonly number[]
  /** The chosen request, while it waits. */
  wanted: RequestRow | null
  /** A request that is dragged from the queue. */
  lifted: Lifted | null
  onLetGo: () => void
  /** A request is given the vehicle, or the driver, of a row. */
  onGive: (request: RequestRow, row: PlacedRow) => void
  open: number | null
  /** The vehicle that was pointed at on the map: its row is brought into sight. */
  pointed: number | null
  onOpen: (orderId: number) => void
  onMove: (drop: Drop) => void
  /** Let go where it cannot lie. */
  onRefused: (why: string) => void
}

export function BoardView({
  board,
  error,
  retry,
  range,
  offered,
  wanted,
  lifted,
  onLetGo,
  onGive,
  open,
  pointed,
  onOpen,
  onMove,
  onRefused,
}: Props) {
  const { t, locale } = useText()
  const nowMs = useNow(30_000)
  const scroller = useRef<HTMLDivElement>(null)
  const list = useRef<HTMLUListElement>(null)
  const days = Math.round((range.untilMs - range.fromMs) / DAY_MS)
  const hourPx = HOUR_PX[days === 1 ? 'day' : 'week']
  const widthPx = days * 24 * hourPx
  const [wantedFrom, wantedUntil] = [wanted?.startsAt, wanted?.endsAt]
  const rows = useMemo(() => {
    const times = wantedFrom && wantedUntil ? { startsAtMs: Date.parse(wantedFrom), endsAtMs: Date.parse(wantedUntil) } : null
    return board ? rowsOf(board, offered, times) : []
  }, [board, offered, wantedFrom, wantedUntil])

  const judge = useCallback(
    ({ load, toIndex, shiftMs }: Carried) => {
      const times = timesOf(load, shiftMs)
      const to = rows[toIndex]!
      const clashes =
        load.kind === 'trip' ? judgeDrop(rows, { orderId: load.trip.orderId, ...times }, load.from, to) : judgeGive(load.request, to)
      return { to, startsAt: new Date(times.startsAtMs).toISOString(), endsAt: new Date(times.endsAtMs).toISOString(), clashes }
    },
    [rows],
  )
  const drop = useCallback(
    (carried: Carried) => {
      const { load } = carried
      const { to, startsAt, endsAt, clashes } = judge(carried)
      if (load.kind === 'trip' && carried.shiftMs === 0 && to.kind === load.from.kind && to.id === load.from.id) return
      if (clashes.length > 0 || to.kind === 'head') onRefused(clashes.map((clash) => clashText(clash, t)).join(t('search.comma')))
      else if (load.kind === 'request') onGive(load.request, to)
      else onMove({ trip: load.trip, from: load.from, to, startsAt, endsAt, rows: rows.filter((row) => row.kind !== 'head') })
    },
    [judge, onRefused, onMove, onGive, rows, t],
  )
  const giveChosen = useCallback(
    (row: PlacedRow) => {
      if (!wanted) return
      const clashes = judgeGive(wanted, row)
      if (clashes.length > 0) onRefused(clashes.map((clash) => clashText(clash, t)).join(t('search.comma')))
      else onGive(wanted, row)
    },
    [wanted, onGive, onRefused, t],
  )
  const { carried, grab, press, giveUp } = useCarry({ rows, range, widthPx, rowPx: ROW_PX, scroller, list, lifted, onDrop: drop, onLetGo })
  const held = carried?.load.kind === 'trip' ? carried.load : null
  const kept = held ? rows.findIndex(({ kind, id }) => kind === held.from.kind && id === held.from.id) : -1
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 6,
    // The row that a trip is carried from holds the focus: it stays.
    rangeExtractor: (seen) => [...new Set([...defaultRangeExtractor(seen), ...(kept < 0 ? [] : [kept])])].sort((a, b) => a - b),
  })
  useEffect(() => {
    if (carried?.by === 'keys') virtual.scrollToIndex(carried.toIndex)
  }, [carried, virtual])
  const pointedAt = pointed === null ? -1 : rows.findIndex(({ kind, id }) => kind === 'vehicle' && id === pointed)
  useEffect(() => {
    if (pointedAt >= 0) virtual.scrollToIndex(pointedAt)
  }, [pointedAt, virtual])
  // The board opens shortly before now, or before the chosen request.
  const first = wanted === null ? nowMs : Date.parse(wanted.startsAt)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when another stretch of time or another request is shown
  useEffect(() => {
    const place = placeOf(first, first + 1, range, widthPx)
    if (scroller.current) scroller.current.scrollLeft = place ? Math.max(0, place.left - 2 * HOUR_PX.day) : 0
  }, [range.fromMs, widthPx, wanted?.startsAt, board === undefined])
  useEffect(() => {
    if (offered.length > 0) scroller.current?.scrollTo({ top: 0 })
  }, [offered])

  const now = placeOf(nowMs, nowMs + 1, range, widthPx)
  const band = wanted && placeOf(Date.parse(wanted.startsAt), Date.parse(wanted.endsAt), range, widthPx)
  const ghost = carried && judge(carried)
  const ghostPlace = ghost && placeOf(Date.parse(ghost.startsAt), Date.parse(ghost.endsAt), range, widthPx)
  const clashing = (ghost?.clashes.length ?? 0) > 0
  if (error && !board) return <ErrorState error={error} retry={retry} />
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard, and no row may hold a trip */}
      <div ref={scroller} className="board-rows" tabIndex={0}>
        <div style={{ width: LABEL_PX + widthPx }} className="board-sheet">
          <div className="board-hours" aria-hidden="true">
            <span className="board-name" style={{ width: LABEL_PX }} />
            {hoursOf(range, days).map((atMs) => (
              <span key={atMs} className="figure" style={{ width: days === 1 ? hourPx : 24 * hourPx }}>
                {days === 1 ? new Date(atMs + 8 * HOUR_MS).getUTCHours() : formatDay(atMs, locale)}
              </span>
            ))}
          </div>
          <div
            className="board-body"
            style={{ '--hour': `${hourPx}px`, '--day': `${24 * hourPx}px`, '--label': `${LABEL_PX}px` } as React.CSSProperties}
          >
            {/* Below the rows: names that are scrolled over it hide it. */}
            {band && <div className="board-wanted" style={{ left: LABEL_PX + band.left, width: band.width }} />}
            {now && <div className="board-now" style={{ left: LABEL_PX + now.left }} title={t('board.now')} />}
            {!board && bones.map((n) => <div key={n} className="bone" />)}
            <ul ref={list} style={{ height: virtual.getTotalSize() }}>
              {virtual.getVirtualItems().map((item) => {
                const row = rows[item.index]
                if (!row) return null
                const style = { transform: `translateY(${item.start}px)`, height: ROW_PX }
                return row.kind === 'head' ? (
                  <li key={row.id} className="board-row board-head-row" style={style}>
                    <strong>{t(`board.${row.id}`, { n: row.count })}</strong>
                  </li>
                ) : (
                  <li
                    key={`${row.kind} ${row.id}`}
                    className={item.index === pointedAt ? 'board-row board-pointed' : 'board-row'}
                    style={style}
                  >
                    <BoardLine
                      row={row}
                      range={range}
                      widthPx={widthPx}
                      offer={row.kind === 'vehicle' ? offered.indexOf(row.id) + 1 : 0}
                      open={open}
                      lifted={held?.trip.orderId ?? null}
                      onOpen={onOpen}
                      onGrab={grab}
                      onPress={press}
                      onLeave={giveUp}
                      onGive={wanted ? giveChosen : undefined}
                    />
                  </li>
                )
              })}
            </ul>
            {carried && ghost && ghostPlace && (
              <div
                className={clashing ? 'board-ghost board-ghost-wrong' : 'board-ghost'}
                style={{ left: LABEL_PX + ghostPlace.left, width: ghostPlace.width, top: carried.toIndex * ROW_PX, height: ROW_PX }}
              >
                {carried.load.kind === 'trip' ? carried.load.trip.to : carried.load.request.to.name}
              </div>
            )}
          </div>
        </div>
      </div>
      <p className={clashing ? 'board-said bad-text' : 'board-said quiet'} role="status">
        {carried && ghost ? (
          <>
            {t(carried.load.kind === 'trip' ? 'board.carried' : 'board.given', {
              number: carried.load.kind === 'trip' ? carried.load.trip.number : carried.load.request.to.name,
              row: ghost.to.kind === 'head' ? '' : nameOfRow(ghost.to),
              when: spanText(ghost.startsAt, ghost.endsAt),
            })}
            {t('kit.clause')}
            {clashing
              ? ghost.clashes.map((clash) => clashText(clash, t)).join(t('search.comma'))
              : t(carried.load.kind === 'trip' ? 'board.free' : 'board.freeGive')}
          </>
        ) : (
          t('board.keys')
        )}
      </p>
    </>
  )
}

/** The hours of a day, or the days of a week. */
const hoursOf = ({ fromMs }: Range, days: number): number[] =>
  Array.from({ length: days === 1 ? 24 : days }, (_, n) => fromMs + n * (days === 1 ? HOUR_MS : DAY_MS))
