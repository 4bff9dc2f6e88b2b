// How the line to the server is: read by the banner of the frame, written by whoever holds a live socket.
import { Store } from '../../kit/store.ts'

/** `none`: no page needs a live line now. `dataAtMs` is when the last live data came, on this machine's clock. */
export type Link = { state: 'none' | 'connecting' | 'live' | 'lost'; dataAtMs: number | null }

export const linkStore = new Store<Link>({ state: 'none', dataAtMs: null })
