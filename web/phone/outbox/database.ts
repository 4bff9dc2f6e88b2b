// What the phone keeps when it is closed: what waits to be sent, and the last answers, so that a driver sees his day where there is no network.
import { MOST_FIXES_KEPT } from '../../../services/domain/phoneFixes.ts'
import type { Aside, Entry } from './entries.ts'

const NAME = 'morin-phone'
const [OUTBOX, ANSWERS, PICTURES, FIXES] = ['outbox', 'answers', 'pictures', 'fixes']

/** Where the phone was while an order ran, by its own clock. */
export type Fix = {
  username: string
  orderId: number
  atDevice: string
  lon: number
  lat: number
  accuracyM: number
  speedKph?: number
  headingDeg?: number
}

/**
 * How the store came to its shape, one step a version: an older one is led through those it lacks, in one transaction. If one fails, nothing of it
 * has happened, and what waits is where it was.
 */
const steps: readonly ((database: IDBDatabase, transaction: IDBTransaction) => void)[] = [
  (database) => {
    // The key is the order in which they were done.
    database.createObjectStore(OUTBOX, { autoIncrement: true }).createIndex('id', 'id', { unique: true })
    database.createObjectStore(ANSWERS)
  },
  // Pictures, by the entry's id: the list of what waits is read often, and without them. An entry that carried its own hands it over.
  (database, transaction) => {
    const pictures = database.createObjectStore(PICTURES)
    transaction.objectStore(OUTBOX).openCursor().onsuccess = ({ target }) => {
      const cursor = (target as IDBRequest<IDBCursorWithValue | null>).result
      if (!cursor) return
      const { picture, ...entry } = cursor.value as Entry & { picture?: Blob }
      if (picture) {
        pictures.put(picture, entry.id)
        cursor.update(entry)
      }
      cursor.continue()
    }
  },
  // Positions of the phone; what waits is found by its order; and an entry of a picture says how much there is to send.
  (database, transaction) => {
    database.createObjectStore(FIXES, { autoIncrement: true })
    const outbox = transaction.objectStore(OUTBOX)
    outbox.createIndex('orderId', 'orderId')
    outbox.openCursor().onsuccess = ({ target }) => {
      const cursor = (target as IDBRequest<IDBCursorWithValue | null>).result
      if (!cursor) return
      const entry = cursor.value as Entry
      if (entry.action === 'photo') {
        const at = cursor.primaryKey
        transaction.objectStore(PICTURES).get(entry.id).onsuccess = ({ target }) => {
          const picture = (target as IDBRequest<Blob | undefined>).result
          if (picture) outbox.put({ ...entry, bytes: picture.size }, at)
        }
      }
      cursor.continue()
    }
  },
]

let opened: Promise<IDBDatabase> | null = null

function open(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(NAME, steps.length)
    request.onupgradeneeded = ({ oldVersion }) => {
      for (const step of steps.slice(oldVersion)) step(request.result, request.transaction!)
    }
    request.onsuccess = () => {
      request.result.onversionchange = () => {
        request.result.close()
        opened = null
      }
      resolve(request.result)
    }
    request.onerror = () => reject(request.error)
  }).catch((error: unknown) => {
    opened = null
    throw error
  })
  return opened
}

/** Does its work in one transaction; the answer comes when it is on the disk. */
async function within<T>(
  store: string | [string, ...string[]],
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore, transaction: IDBTransaction) => IDBRequest<T> | null,
): Promise<T> {
  const database = await open()
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, mode, { durability: 'strict' })
    const request = work(transaction.objectStore(typeof store === 'string' ? store : store[0]), transaction)
    transaction.oncomplete = () => resolve(request?.result as T)
    transaction.onabort = () => reject(transaction.error)
  })
}

/** Works on the row of one entry where it is still there. */
const atEntry = (id: string, work: (cursor: IDBCursorWithValue) => void): Promise<unknown> =>
  within(OUTBOX, 'readwrite', (store) => {
    const request = store.index('id').openCursor(id)
    request.onsuccess = () => {
      if (request.result) work(request.result)
    }
    return null
  })

export const entryStore = {
  ofOrder: (orderId: number): Promise<Entry[]> => within<Entry[]>(OUTBOX, 'readonly', (store) => store.index('orderId').getAll(orderId)),
  list: (): Promise<Entry[]> => within<Entry[]>(OUTBOX, 'readonly', (store) => store.getAll()),
  /** All of them, with their pictures, or none. */
  add: async (all: readonly { entry: Entry; picture?: Blob }[]): Promise<void> =>
    void (await within([OUTBOX, PICTURES], 'readwrite', (store, transaction) => {
      for (const { entry, picture } of all) {
        store.add(entry)
        if (picture) transaction.objectStore(PICTURES).add(picture, entry.id)
      }
      return null
    })),
  picture: (id: string): Promise<Blob | undefined> => within<Blob | undefined>(PICTURES, 'readonly', (store) => store.get(id)),
  remove: async (id: string): Promise<void> =>
    void (await within([OUTBOX, PICTURES], 'readwrite', (store, transaction) => {
      transaction.objectStore(PICTURES).delete(id)
      const request = store.index('id').openCursor(id)
      request.onsuccess = () => request.result?.delete()
      return null
    })),
  setAside: async (id: string, aside: Aside): Promise<void> =>
    void (await atEntry(id, (cursor) => cursor.update({ ...(cursor.value as Entry), aside }))),
  /** Put right by whoever did it, in its old place: it is to be sent again. */
  putRight: async (id: string, data: object): Promise<void> =>
    void (await atEntry(id, (cursor) => {
      const entry = cursor.value as Entry
      cursor.update({ ...entry, data: { ...entry.data, ...data }, aside: null })
    })),
}

export const fixStore = {
  /** Of more than may be kept the oldest go. */
  add: async (fix: Fix): Promise<void> =>
    void (await within(FIXES, 'readwrite', (store) => {
      store.add(fix)
      const count = store.count()
      count.onsuccess = () => {
        let more = count.result - MOST_FIXES_KEPT
        if (more <= 0) return
        const oldest = store.openCursor()
        oldest.onsuccess = () => {
          if (!oldest.result || more-- <= 0) return
          oldest.result.delete()
          oldest.result.continue()
        }
      }
      return null
    })),
  /** The oldest of one order of that user, at most so many, with their keys. */
  async oldest(username: string, most: number): Promise<{ keys: IDBValidKey[]; fixes: Fix[] }> {
    const found: { keys: IDBValidKey[]; fixes: Fix[] } = { keys: [], fixes: [] }
    await within(FIXES, 'readonly', (store) => {
      const request = store.openCursor()
      request.onsuccess = () => {
        const cursor = request.result
        if (!cursor || found.keys.length >= most) return
        const fix = cursor.value as Fix
        if (fix.username === username && fix.orderId === (found.fixes[0]?.orderId ?? fix.orderId)) {
          found.keys.push(cursor.primaryKey)
          found.fixes.push(fix)
        }
        cursor.continue()
      }
      return null
    })
    return found
  },
  remove: async (keys: readonly IDBValidKey[]): Promise<void> =>
    void (await within(FIXES, 'readwrite', (store) => {
      for (const key of keys) store.delete(key)
      return null
    })),
  /** Whoever takes his consent back leaves none behind. */
  clear: async (username: string): Promise<void> =>
    void (await within(FIXES, 'readwrite', (store) => {
      const request = store.openCursor()
      request.onsuccess = () => {
        if (!request.result) return
        if ((request.result.value as Fix).username === username) request.result.delete()
        request.result.continue()
      }
      return null
    })),
}

export const answers = {
  get: (name: string): Promise<unknown> => within<unknown>(ANSWERS, 'readonly', (store) => store.get(name)),
  put: async (name: string, answer: unknown): Promise<void> =>
    void (await within(ANSWERS, 'readwrite', (store) => store.put(answer, name))),
  remove: async (name: string): Promise<void> => void (await within(ANSWERS, 'readwrite', (store) => store.delete(name))),
  clear: async (): Promise<void> => void (await within(ANSWERS, 'readwrite', (store) => store.clear())),
}
