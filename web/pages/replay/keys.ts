// The keyboard of a replay.
import { useEffect } from 'react'
import { findNext, findPrevious } from '../../../services/domain/replay.ts'
import { type ReplayClock, SPEEDS } from './clock.ts'
import { jumpTo, type ReplayEvent } from './events.ts'
import type { ReplayedVehicle } from './useReplay.ts'

/** S, G, E, F: to the next stop, gap, event of any kind, finding; with Shift to the one before. */
export const jumps = { s: 'stop', g: 'gap', e: null, f: 'finding' } as const

/** To the position before or after of one vehicle. */
export function stepBy(clock: ReplayClock, { line }: ReplayedVehicle, by: 1 | -1): void {
  const times = line.timeMs as unknown as number[]
  const to = by > 0 ? findNext(times, clock.ms.get()) : findPrevious(times, clock.ms.get())
  if (to !== undefined) clock.set(to)
}

export function useKeys(
  clock: ReplayClock,
  vehicle: ReplayedVehicle | undefined,
  events: readonly ReplayEvent[],
  setSpeed: (next: (speed: number) => number) => void,
): void {
  useEffect(() => {
    const faster = (by: 1 | -1) =>
      setSpeed((speed) => SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, SPEEDS.indexOf(speed as 1) + by))] ?? speed)
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (target.closest('input:not([type="range"]), textarea, [role="combobox"], .ant-select, .ant-modal')) return
      const { key, shiftKey } = event
      // A button that has the focus is pressed by space, and nothing else of it is ours.
      if (key === ' ' && target.closest('button, a')) return
      const letter = key.toLowerCase()
      if (!vehicle) return
      if (key === ' ') clock.toggle()
      else if (key === 'ArrowLeft') stepBy(clock, vehicle, -1)
      else if (key === 'ArrowRight') stepBy(clock, vehicle, 1)
      else if (key === '[') faster(-1)
      else if (key === ']') faster(1)
      else if (letter === 's' || letter === 'g' || letter === 'e' || letter === 'f') {
        const to = jumpTo(events, jumps[letter], clock.ms.get(), shiftKey)
        if (to !== undefined) clock.set(to)
      } else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [clock, vehicle, events, setSpeed])
}
