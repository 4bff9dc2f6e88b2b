// Is the map beside the board open? As the address says; else as it was left in this browser; else where the screen has room for both.
import { useUrl, withEntries } from '../../kit/useUrl.ts'

const KEY = 'morin.dispatchMap'
const ROOM = '(min-width: 1181px) and (min-height: 840px)'

export function useMapOpen(): [boolean, (open: boolean) => void] {
  const { url, change } = useUrl()
  const said = url.map ?? localStorage.getItem(KEY)
  const open = said === 'on' || (said !== 'off' && window.matchMedia(ROOM).matches)
  const set = (next: boolean) => {
    const word = next ? 'on' : 'off'
    localStorage.setItem(KEY, word)
    change((old) => withEntries(old, { map: word }), 'follow')
  }
  return [open, set]
}
