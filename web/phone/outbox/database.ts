// What the phone keeps when it is closed: what waits to be sent, and the last answers, so that a driver sees his day where there is no network.
import type { Aside, Entry } from './entries.ts'

const NAME = 'morin-phone'
const VERSION = 1
const [OUTBOX, ANSWERS] = ['outbox', 'answers']

let opened: Promise<IDBDatabase> | null = null

function open(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION)
    request.onupgradeneeded = () => {
      // The key is the order in which they were done.
      request.result.createObjectStore(OUTBOX, { autoIncrement: true }).createIndex('id', 'id', { unique: true })
      request.result.createObjectStore(ANSWERS)
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
async function within<T>(store: string, mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T> | null): Promise<T> {
  const database = await open()
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, mode, { durability: 'strict' })
    const request = work(transaction.objectStore(store))
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
  list: (): Promise<Entry[]> => within<Entry[]>(OUTBOX, 'readonly', (store) => store.getAll()),
  add: async (entry: Entry): Promise<void> => void (await within(OUTBOX, 'readwrite', (store) => store.add(entry))),
  remove: async (id: string): Promise<void> => void (await atEntry(id, (cursor) => cursor.delete())),
  setAside: async (id: string, aside: Aside): Promise<void> =>
    void (await atEntry(id, (cursor) => cursor.update({ ...(cursor.value as Entry), aside }))),
  /** Put right by whoever did it, in its old place: it is to be sent again. */
  putRight: async (id: string, data: object): Promise<void> =>
    void (await atEntry(id, (cursor) => {
      const entry = cursor.value as Entry
      cursor.update({ ...entry, data: { ...entry.data, ...data }, aside: null })
    })),
}

export const answers = {
  get: (name: string): Promise<unknown> => within<unknown>(ANSWERS, 'readonly', (store) => store.get(name)),
  put: async (name: string, answer: unknown): Promise<void> =>
    void (await within(ANSWERS, 'readwrite', (store) => store.put(answer, name))),
  remove: async (name: string): Promise<void> => void (await within(ANSWERS, 'readwrite', (store) => store.delete(name))),
  clear: async (): Promise<void> => void (await within(ANSWERS, 'readwrite', (store) => store.clear())),
}
