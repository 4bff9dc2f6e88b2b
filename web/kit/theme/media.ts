// What the window and its user ask for: phone-sized, and no motion. The same queries as in the style sheets.
import { useSyncExternalStore } from 'react'

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = window.matchMedia(query)
      media.addEventListener('change', changed)
      return () => media.removeEventListener('change', changed)
    },
    () => window.matchMedia(query).matches,
  )
}

const PHONE = '(max-width: 767px)'
export const usePhone = (): boolean => useMedia(PHONE)
/** Whether the screen is a phone’s at this moment. */
export const isPhone = (): boolean => window.matchMedia(PHONE).matches
export const useCalm = (): boolean => useMedia('(prefers-reduced-motion: reduce)')
