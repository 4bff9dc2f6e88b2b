// What a touch opens, or what was refused, is brought where it is read: not under the fold, and not behind the bar below.
import { useEffect, useRef } from 'react'

/** @param what brought into sight when it becomes another, and is something */
export function useInSight<E extends HTMLElement>(what: unknown, block: ScrollLogicalPosition): React.RefObject<E | null> {
  const there = useRef<E>(null)
  useEffect(() => {
    if (what) there.current?.scrollIntoView({ block })
  }, [what, block])
  return there
}
