// Something that is done on the server by a touch: once at a time, with its refusal in words.
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'

export function useDeed() {
  const cache = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const atWork = useRef(false)
  /** @returns whether it was done */
  async function run(work: () => Promise<unknown>): Promise<boolean> {
    if (atWork.current) return false
    atWork.current = true
    setBusy(true)
    setError(null)
    try {
      await work()
      return true
    } catch (failure) {
      setError(failure)
      return false
    } finally {
      atWork.current = false
      setBusy(false)
      void cache.invalidateQueries({ queryKey: ['phone'] })
    }
  }
  return { busy, error, run }
}
