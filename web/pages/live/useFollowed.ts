// Follows a store that may not be there yet.
import { useMemo } from 'react'
import { Store, useStore } from '../../kit/store.ts'

export function useFollowed<T>(store: Store<T | null> | null): T | null {
  const none = useMemo(() => new Store<T | null>(null), [])
  return useStore(store ?? none)
}
