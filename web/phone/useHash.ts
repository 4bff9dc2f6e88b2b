// The screen is in the address: `#trips/12`, so that the way back of the phone works.
import { useSyncExternalStore } from 'react'

const follow = (changed: () => void) => {
  window.addEventListener('hashchange', changed)
  return () => window.removeEventListener('hashchange', changed)
}

/** The pieces of what stands behind the `#`. */
export function useHash(): string[] {
  return useSyncExternalStore(follow, () => window.location.hash.slice(1)).split('/')
}

export function goTo(hash: string): void {
  window.location.hash = hash
}
