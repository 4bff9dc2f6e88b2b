// What is being put elsewhere, by pointer or by keys: where it would come to lie, before it is let go. A trip as a whole or by one of its ends, or a
// request from the queue.
import { useCallback, useEffect, useRef, useState } from 'react'
import { type BoardRow, type Load, nextRow, type PlacedRow, type Range, shiftOf, type Trip } from './boardGeometry.ts'

export type Carried = { load: Load; toIndex: number; shiftMs: number; by: 'pointer' | 'keys' }
type Held = { load: Load; x: number; y: number; scrollLeft: number }
/** Taken up outside the board. */
export type Lifted = { load: Load; x: number; y: number }

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
  lifted: Lifted | null
  onDrop: (carried: Carried) => void
  /** What was taken up outside was let go, on the board or beside it. */
  onLetGo: () => void
}

export function useCarry({ rows, range, widthPx, rowPx, scroller, list, lifted, onDrop, onLetGo }: Options) {
  const [grabbed, setHeld] = useState<Held | null>(null)
  const [carried, setCarried] = useState<Carried | null>(null)
  const held: Held | null = grabbed ?? (lifted && { ...lifted, scrollLeft: 0 })
  const latest = useRef({ held, carried })
  latest.current = { held, carried }
  const holds = held !== null

  useEffect(() => {
    if (!holds) return
    let last: Carried | null = null
    let moved = false
    const where = (event: PointerEvent): Carried | null => {
      const { load, x, y, scrollLeft } = latest.current.held!
      const box = scroller.current!
      const dx = event.clientX - x + box.scrollLeft - scrollLeft
      // By the hand alone: a board that stands scrolled makes no drag of a press.
      if (!moved && Math.abs(event.clientX - x) < MOVED_PX && Math.abs(event.clientY - y) < MOVED_PX) return null
      moved = true
      const edge = box.getBoundingClientRect()
      if (
        load.kind === 'request' &&
        (event.clientX < edge.left || event.clientX > edge.right || event.clientY < edge.top || event.clientY > edge.bottom)
      )
        return null
      const whole = load.kind === 'request' || load.grip === 'whole'
      const index = whole ? Math.floor((event.clientY - list.current!.getBoundingClientRect().top) / rowPx) : indexOf(rows, load)
      const toIndex = Math.max(0, Math.min(rows.length - 1, index))
      return { load, toIndex, shiftMs: load.kind === 'request' ? 0 : shiftOf(dx, range, widthPx), by: 'pointer' }
    }
    const move = (event: PointerEvent) => {
      const edge = scroller.current!.getBoundingClientRect()
      if (last && event.clientY > edge.bottom - EDGE_PX) scroller.current!.scrollTop += rowPx / 2
      if (last && event.clientY < edge.top + EDGE_PX) scroller.current!.scrollTop -= rowPx / 2
      last = where(event)
      setCarried(last)
    }
    const release = () => {
      setHeld(null)
      setCarried(null)
      onLetGo()
    }
    const up = (event: PointerEvent) => {
      const there = where(event)
      release()
      // What is dragged is not clicked.
      const swallow = (click: Event) => click.stopPropagation()
      if (moved) window.addEventListener('click', swallow, { capture: true, once: true })
      setTimeout(() => window.removeEventListener('click', swallow, { capture: true }))
      if (there) onDrop(there)
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
  }, [holds, rows, range, widthPx, rowPx, scroller, list, onDrop, onLetGo])

  const grab = useCallback(
    (load: Load, event: React.PointerEvent) => {
      if (event.button !== 0 || !event.isPrimary) return
      setHeld({ load, x: event.clientX, y: event.clientY, scrollLeft: scroller.current?.scrollLeft ?? 0 })
    },
    [scroller],
  )

  /** Arrow keys carry, with Shift the end and with Alt the beginning alone; Enter lets go, Escape gives up. True: the key was for it. */
  const press = useCallback(
    (trip: Trip, from: PlacedRow, { key, shiftKey, altKey }: React.KeyboardEvent): boolean => {
      const grip = shiftKey ? 'end' : altKey ? 'start' : 'whole'
      const shift = { ArrowLeft: -QUARTER_MS, ArrowRight: QUARTER_MS }[key] ?? 0
      const step: -1 | 0 | 1 = grip !== 'whole' ? 0 : key === 'ArrowUp' ? -1 : key === 'ArrowDown' ? 1 : 0
      if (shift !== 0 || step !== 0) {
        setCarried((old) => {
          const load: Load = { kind: 'trip', trip, from, grip }
          const kept = old?.load.kind === 'trip' && old.load.grip === grip ? old : null
          const at = kept ?? { load, toIndex: indexOf(rows, load), shiftMs: 0, by: 'keys' as const }
          return { ...at, shiftMs: at.shiftMs + shift, toIndex: step === 0 ? at.toIndex : nextRow(rows, at.toIndex, step) }
        })
        return true
      }
      const now = latest.current.carried
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

const indexOf = (rows: readonly BoardRow[], load: Load): number =>
  load.kind === 'request' ? -1 : rows.findIndex(({ kind, id }) => kind === load.from.kind && id === load.from.id)
