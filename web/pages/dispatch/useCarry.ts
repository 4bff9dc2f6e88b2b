// A trip that is being put elsewhere, by pointer or by keys: where it would come to lie, before it is let go.
import { useCallback, useEffect, useRef, useState } from 'react'
import { type BoardRow, nextRow, type PlacedRow, type Range, shiftOf, type Trip } from './boardGeometry.ts'

export type Carried = { trip: Trip; from: PlacedRow; toIndex: number; shiftMs: number; by: 'pointer' | 'keys' }
type Held = { trip: Trip; from: PlacedRow; x: number; y: number; scrollLeft: number }

/** Further than a hand trembles. */
const MOVED_PX = 4
const QUARTER_MS = 15 * 60_000
/** So near to an edge the board scrolls on. */
const EDGE_PX = 36

type Options = {
  rows: readonly BoardRow[]
  range: Range
  widthPx: number
  rowPx: number
  scroller: React.RefObject<HTMLDivElement | null>
  list: React.RefObject<HTMLElement | null>
  onDrop: (carried: Carried) => void
}

export function useCarry({ rows, range, widthPx, rowPx, scroller, list, onDrop }: Options) {
  const [held, setHeld] = useState<Held | null>(null)
  const [carried, setCarried] = useState<Carried | null>(null)
  // Read when a key comes: rows are not drawn again for every step of what is carried over them.
  const latest = useRef(carried)
  latest.current = carried

  useEffect(() => {
    if (!held) return
    let last: Carried | null = null
    const where = (event: PointerEvent): Carried | null => {
      const box = scroller.current!
      const dx = event.clientX - held.x + box.scrollLeft - held.scrollLeft
      if (!last && Math.abs(dx) < MOVED_PX && Math.abs(event.clientY - held.y) < MOVED_PX) return null
      const index = Math.floor((event.clientY - list.current!.getBoundingClientRect().top) / rowPx)
      const toIndex = Math.max(0, Math.min(rows.length - 1, index))
      return { trip: held.trip, from: held.from, toIndex, shiftMs: shiftOf(dx, range, widthPx), by: 'pointer' }
    }
    const move = (event: PointerEvent) => {
      const edge = scroller.current!.getBoundingClientRect()
      if (last && event.clientY > edge.bottom - EDGE_PX) scroller.current!.scrollTop += rowPx / 2
      if (last && event.clientY < edge.top + EDGE_PX) scroller.current!.scrollTop -= rowPx / 2
      last = where(event) ?? last
      if (last) setCarried(last)
    }
    const release = () => {
      setHeld(null)
      setCarried(null)
    }
    const up = (event: PointerEvent) => {
      const there = where(event)
      release()
      if (!there) return
      // What is dragged is not clicked.
      window.addEventListener('click', (click) => click.stopPropagation(), { capture: true, once: true })
      onDrop(there)
    }
    const giveUpByKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') release()
    }
    window.addEventListener('pointermove', move)
    window.addEventListener('pointerup', up)
    window.addEventListener('pointercancel', release)
    window.addEventListener('keydown', giveUpByKey)
    return () => {
      window.removeEventListener('pointermove', move)
      window.removeEventListener('pointerup', up)
      window.removeEventListener('pointercancel', release)
      window.removeEventListener('keydown', giveUpByKey)
    }
  }, [held, rows, range, widthPx, rowPx, scroller, list, onDrop])

  const grab = useCallback(
    (trip: Trip, from: PlacedRow, event: React.PointerEvent) => {
      if (event.button !== 0 || !event.isPrimary) return
      setHeld({ trip, from, x: event.clientX, y: event.clientY, scrollLeft: scroller.current?.scrollLeft ?? 0 })
    },
    [scroller],
  )

  /** Arrow keys carry, Enter lets go, Escape gives up. True: the key was for it. */
  const press = useCallback(
    (trip: Trip, from: PlacedRow, key: string): boolean => {
      const shift = { ArrowLeft: -QUARTER_MS, ArrowRight: QUARTER_MS }[key] ?? 0
      const step: -1 | 0 | 1 = key === 'ArrowUp' ? -1 : key === 'ArrowDown' ? 1 : 0
      if (shift !== 0 || step !== 0) {
        setCarried((old) => {
          const at = old ?? {
            trip,
            from,
            toIndex: rows.findIndex(({ kind, id }) => kind === from.kind && id === from.id),
            shiftMs: 0,
            by: 'keys' as const,
          }
          return { ...at, shiftMs: at.shiftMs + shift, toIndex: step === 0 ? at.toIndex : nextRow(rows, at.toIndex, step) }
        })
        return true
      }
      const now = latest.current
      if (!now) return false
      if (key === 'Escape') setCarried(null)
      if (key === 'Enter') {
        setCarried(null)
        onDrop(now)
      }
      return key === 'Escape' || key === 'Enter'
    },
    [rows, onDrop],
  )
  const giveUp = useCallback(() => setCarried((old) => (old?.by === 'keys' ? null : old)), [])
  return { carried, grab, press, giveUp }
}
