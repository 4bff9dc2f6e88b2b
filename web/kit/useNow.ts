// The present, every so often; for ages that grow while nobody clicks.
import { useEffect, useState } from 'react'

/** Milliseconds since 1970, renewed every `everyMs`. */
export function useNow(everyMs = 1000): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
