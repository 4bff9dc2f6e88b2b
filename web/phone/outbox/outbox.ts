// The outbox of this phone: what is put in is on the disk before anybody is told so, and is sent by one sender at a time, whichever page it is.
import { ApiError } from '../../kit/api/client.ts'
import { call, queryClient, rememberAccount } from '../../kit/api/session.ts'
import { Store, useStore } from '../../kit/store.ts'
import { entryStore } from './database.ts'
import type {
  ChangeEntry,
  CostEntry,
  Entry,
  ExplainEntry,
  FindingPhotoEntry,
  IncidentEntry,
  LeaveEntry,
  PhotoEntry,
  StepEntry,
} from './entries.ts'
import { type Outcome, type Sender, sendAll } from './sendAll.ts'

/** Everything that the server has not acknowledged, of all users of the phone. */
const entriesStore = new Store<Entry[]>([])
const channel = 'BroadcastChannel' in window ? new BroadcastChannel('morin-outbox') : null
const [SOON_MS, LATEST_MS] = [5_000, 60_000]

/** The phone's store cannot be read: nobody knows what waits. */
const unreadableStore = new Store(false)
export const useUnreadable = (): boolean => useStore(unreadableStore)

export const useEntries = (): Entry[] => useStore(entriesStore)

/** Not on every address has the browser `randomUUID`: an inner network without a certificate is none of them. */
export function newId(): string {
  if ('randomUUID' in crypto) return crypto.randomUUID()
  const bytes = [...(crypto as Crypto).getRandomValues(new Uint8Array(16))]
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return bytes.map((byte, n) => `${[4, 6, 8, 10].includes(n) ? '-' : ''}${byte.toString(16).padStart(2, '0')}`).join('')
}

type New<E extends Entry> = Omit<E, 'id' | 'atDevice' | 'aside'>
/** With the pictures that belong to it. @throws when the phone cannot keep all of it */
export async function putIn(
  entry: New<StepEntry> | New<CostEntry> | New<IncidentEntry> | New<ChangeEntry> | New<LeaveEntry> | New<ExplainEntry>,
  pictures: readonly Blob[] = [],
  shows?: PhotoEntry['data']['shows'],
): Promise<void> {
  const { username, orderId } = entry
  const common = { username, orderId, atDevice: new Date().toISOString(), aside: null }
  const first = { ...entry, ...common, id: newId() } as Entry
  const photos = pictures.map((picture) => {
    const photo = { ...common, id: newId(), bytes: picture.size }
    const entry =
      first.action === 'explain'
        ? ({ ...photo, action: 'findingPhoto', data: { findingId: first.data.findingId } } as FindingPhotoEntry)
        : ({ ...photo, action: 'photo', data: { shows: shows!, of: first.id } } as PhotoEntry)
    return { entry, picture }
  })
  // An answer comes whole: after its photos.
  await entryStore.add(first.action === 'explain' ? [...photos, { entry: first }] : [{ entry: first }, ...photos])
  await changed()
  void send()
}

export async function discard(id: string): Promise<void> {
  await entryStore.remove(id)
  await changed()
  void send()
}

/** Sends again what was set aside, with what was put right. */
export async function putRight(id: string, data: object): Promise<void> {
  await entryStore.putRight(id, data)
  await changed()
  void send()
}

async function reload(): Promise<void> {
  try {
    entriesStore.set(await entryStore.list())
    unreadableStore.set(false)
  } catch (error) {
    unreadableStore.set(true)
    throw error
  }
}
async function changed(): Promise<void> {
  await reload()
  channel?.postMessage('changed')
}

/** Whoever empties the browser's store has taken it away: that is told like a refusal. */
async function pictureOf(id: string): Promise<Blob> {
  const picture = await entryStore.picture(id)
  if (!picture) throw new ApiError('VALIDATION_FAILED', '', { issues: [{ path: 'body', message: '', reason: 'photo.broken' }] })
  return picture
}

const sender: Sender = {
  async whoAmI() {
    const account = await call('getSession')
    rememberAccount(account)
    return account.username
  },
  readOrder: (orderId) => call('getOrder', { params: { orderId } }),
  async send(entry, ofOrder) {
    if (entry.action === 'leave') return void (await call('askLeave', { body: { key: entry.id, ...entry.data } }))
    if (entry.action === 'findingPhoto') {
      const upload = await pictureOf(entry.id)
      return void (await call('addSupervisionPhoto', { params: entry.data, query: { key: entry.id }, upload }))
    }
    if (entry.action === 'explain') {
      const { findingId, text } = entry.data
      const said = { key: entry.id, text, atDevice: entry.atDevice, sentAtDevice: new Date().toISOString() }
      return void (await call('explainSupervisionFinding', { params: { findingId }, body: said }))
    }
    const { orderId, id, atDevice } = entry
    const [params, version] = [{ orderId }, ofOrder!]
    // By the phone's clock, right or wrong: the server sees by the second how far it is off.
    const done = { key: id, atDevice, sentAtDevice: new Date().toISOString() }
    if (entry.action === 'photo') {
      const upload = await pictureOf(id)
      const { shows, of } = entry.data
      return show(orderId, await call('addOrderPhoto', { params, query: { ...done, shows, ...(of ? { of } : {}) }, upload }))
    }
    if (entry.action === 'cost')
      return show(orderId, await call('addOrderCost', { params, body: { ...entry.data, at: atDevice, version, done } }))
    if (entry.action === 'incident') return show(orderId, await call('reportIncident', { params, body: { ...entry.data, done } }))
    if (entry.action === 'change') return show(orderId, await call('askOrderChange', { params, body: { ...entry.data, done } }))
    const { action, reason, data } = entry
    show(orderId, await call('actOnOrder', { params, body: { action, version, reason, data, done } }))
  },
}
const show = (orderId: number, order: unknown): void => void queryClient.setQueryData(['phone', 'order', orderId], order)

let running: Promise<void> | null = null
let again = false
let timer: ReturnType<typeof setTimeout> | undefined
let waitMs = SOON_MS

/** Sends what waits; asked meanwhile, once more. */
export function send(): Promise<void> {
  if (running) again = true
  running ??= sendOnce().finally(() => {
    running = null
    if (!again) return
    again = false
    void send()
  })
  return running
}

async function sendOnce(): Promise<void> {
  clearTimeout(timer)
  const before = entriesStore.get().length
  const work = () => sendAll({ ...entryStore, remove: gone, setAside: aside }, sender)
  // Whatever went wrong on this side, what waits is still there and is tried again.
  const outcome: Outcome = await (navigator.locks ? navigator.locks.request('morin-outbox', work) : work()).catch(() => 'later' as const)
  await changed()
  if (before > 0) await queryClient.invalidateQueries({ queryKey: ['phone'] })
  waitMs = outcome === 'done' ? SOON_MS : Math.min(waitMs * 2, LATEST_MS)
  if (outcome !== 'done') timer = setTimeout(() => void send(), waitMs)
}

async function gone(id: string): Promise<void> {
  await entryStore.remove(id)
  await changed()
}
async function aside(...[id, why]: Parameters<typeof entryStore.setAside>): Promise<void> {
  await entryStore.setAside(id, why)
  await changed()
}

/** Sends whenever there is hope: now, when the network comes back, when the page is looked at. */
export function startOutbox(): () => void {
  const ended = new AbortController()
  const { signal } = ended
  const hopeful = () => {
    waitMs = SOON_MS
    void send()
  }
  channel?.addEventListener('message', () => void reload(), { signal })
  window.addEventListener('online', hopeful, { signal })
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && hopeful(), { signal })
  reload().then(hopeful, () => undefined)
  return () => {
    ended.abort()
    clearTimeout(timer)
  }
}
