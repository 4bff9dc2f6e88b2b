// What a screen reader is told of figures that change every second: at most twice a minute.
import { useEffect, useRef, useState } from 'react'

const EVERY_MS = 30_000

export function useSpoken(text: string | null): string {
  const latest = useRef(text)
  latest.current = text
  const [spoken, setSpoken] = useState('')
  const known = text !== null
  useEffect(() => {
    if (!known) return
    setSpoken(latest.current ?? '')
    const timer = setInterval(() => setSpoken(latest.current ?? ''), EVERY_MS)
    return () => clearInterval(timer)
  }, [known])
  return spoken
}
