// Whether the window is phone-sized; the same breakpoint as in the style sheets.
import { useSyncExternalStore } from 'react'

const query = () => window.matchMedia('(max-width: 767px)')

export const usePhone = (): boolean =>
  useSyncExternalStore(
    (changed) => {
      const media = query()
      media.addEventListener('change', changed)
      return () => media.removeEventListener('change', changed)
    },
    () => query().matches,
  )
