// The phone as the tracker: it keeps where it is, on the disk first, and sends what it kept when there is a network. Nothing is kept but while an order runs.
import { MOST_FIXES_A_BATCH } from '../../../services/domain/phoneFixes.ts'
import { ApiError } from '../../kit/api/client.ts'
import { call } from '../../kit/api/session.ts'
import { Store, useStore } from '../../kit/store.ts'
import { entryStore, type Fix, fixStore } from '../outbox/database.ts'
import { isStep } from '../outbox/entries.ts'

/** `lost`: the phone does not know where it is at the moment. */
export type Tracking = 'off' | 'on' | 'denied' | 'lost'
const trackingStore = new Store<Tracking>('off')
export const useTracking = (): Tracking => useStore(trackingStore)

const [KEEP_MS, SEND_MS] = [10_000, 30_000]
/** A reading that is said to be older was remembered by the phone, or its clock is another. */
const FRESH_MS = 60_000

/** Keeps fixes of an order until it is ended. */
export function follow(username: string, orderId: number): () => void {
  let keptMs = Number.NEGATIVE_INFINITY
  if (!('geolocation' in navigator)) {
    trackingStore.set('denied')
    return () => trackingStore.set('off')
  }
  const watch = navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => {
      trackingStore.set('on')
      const now = Date.now()
      if (now - keptMs < KEEP_MS) return
      keptMs = now
      const atMs = Math.abs(timestamp - now) < FRESH_MS ? timestamp : now
      const fix: Fix = {
        username,
        orderId,
        atDevice: new Date(atMs).toISOString(),
        lon: coords.longitude,
        lat: coords.latitude,
        accuracyM: coords.accuracy,
        ...(coords.speed !== null && coords.speed >= 0 && coords.speed <= 110 ? { speedKph: coords.speed * 3.6 } : {}),
        ...(coords.heading !== null && coords.heading >= 0 && coords.heading <= 360 ? { headingDeg: coords.heading } : {}),
      }
      // A full disk is no reason to stop the trip.
      void fixStore.add(fix).catch(() => undefined)
    },
    ({ code, PERMISSION_DENIED }) => trackingStore.set(code === PERMISSION_DENIED ? 'denied' : 'lost'),
    { enableHighAccuracy: true, maximumAge: 5_000, timeout: 60_000 },
  )
  return () => {
    navigator.geolocation.clearWatch(watch)
    trackingStore.set('off')
  }
}

/** Whoever takes it back leaves nothing on the phone. */
export const forgetFixes = (username: string): Promise<void> => fixStore.clear(username).catch(() => undefined)

/** Sends what was kept, one page at a time; what the server refuses is given up: it is stored nowhere. */
export const sendFixes = (username: string): Promise<void> =>
  (navigator.locks ? navigator.locks.request('morin-fixes', () => sendAll(username)) : sendAll(username)).catch(() => undefined)

async function sendAll(username: string): Promise<void> {
  for (;;) {
    const { keys, fixes } = await fixStore.oldest(username, MOST_FIXES_A_BATCH)
    const orderId = fixes[0]?.orderId
    if (orderId === undefined) return
    // That he left is told first.
    if ((await entryStore.ofOrder(orderId)).some((entry) => isStep(entry) && !entry.aside)) return
    const places = fixes.map(({ username: _username, orderId: _orderId, ...fix }) => fix)
    try {
      await call('sendOrderFixes', { params: { orderId }, body: { sentAtDevice: new Date().toISOString(), fixes: places } })
    } catch (error) {
      if (!(error instanceof ApiError) || !['CONFLICT', 'FORBIDDEN', 'NOT_FOUND', 'VALIDATION_FAILED'].includes(error.code)) return
    }
    await fixStore.remove(keys)
  }
}

/** Sends now and then, and when the network comes back. */
export function startSending(username: string): () => void {
  const send = () => void sendFixes(username)
  const timer = setInterval(send, SEND_MS)
  window.addEventListener('online', send)
  send()
  return () => {
    clearInterval(timer)
    window.removeEventListener('online', send)
  }
}
