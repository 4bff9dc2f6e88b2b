// Reads a file in a worker thread, one file at a time in this process: two would need the memory of two. The thread stays for a while,
// because starting it takes longer than reading a small file; one that ran out of memory or time is ended and the next file gets a new one.
import { Worker } from 'node:worker_threads'
import type { ExchangeSubject, Words } from '../../../contracts/exchange.ts'
import type { CellComplaint, CellNote, TypedBatch, TypedRow } from './rowTyper.ts'
import type { Message, Task } from './worker.ts'

/** Heap of the thread. A workbook of 25,000 rows stays under a fifth of it. */
const MAX_HEAP_MB = 512
const MAX_MS = 90_000
const IDLE_MS = 60_000

export type ReadFile =
  | {
      readable: true
      /** Keys of the columns that the file has. */
      present: string[]
      rows: TypedRow[]
      complaints: CellComplaint[]
      notes: CellNote[]
      noteCount: number
      texts: TypedBatch['texts']
    }
  | { readable: false; words: Words }

let last: Promise<unknown> = Promise.resolve()
let idle: { worker: Worker; timer: NodeJS.Timeout } | undefined

export function readFile(bytes: Buffer, subject: ExchangeSubject, options: { keepTexts?: boolean } = {}): Promise<ReadFile> {
  const mine = last.then(() => readNow({ bytes, subject, keepTexts: options.keepTexts ?? false }))
  last = mine.catch(() => undefined)
  return mine
}

function takeWorker(): Worker {
  if (idle) {
    const { worker, timer } = idle
    idle = undefined
    clearTimeout(timer)
    forgetListeners(worker)
    worker.ref()
    return worker
  }
  return new Worker(new URL('./start.mjs', import.meta.url), { execArgv: [], resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB } })
}

/** Ours only: a Worker listens to itself as well. */
const forgetListeners = (worker: Worker) => {
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event)
}

/** Keeps the thread for the next file, without keeping the program alive. */
function putBack(worker: Worker): void {
  forgetListeners(worker)
  const forget = () => {
    if (idle?.worker === worker) idle = undefined
  }
  const timer = setTimeout(() => {
    forget()
    void worker.terminate()
  }, IDLE_MS).unref()
  idle = { worker, timer }
  worker.once('error', forget).once('exit', forget).unref()
}

const tooMuch: Words = { zh: '文件内容过大或过于复杂，已停止读取', en: 'The file holds too much; reading it was stopped' }

function readNow(task: Task): Promise<ReadFile> {
  const parts: Pick<Extract<ReadFile, { readable: true }>, 'rows' | 'complaints' | 'notes' | 'texts'> = {
    rows: [],
    complaints: [],
    notes: [],
    texts: [],
  }
  return new Promise((resolve, reject) => {
    const worker = takeWorker()
    const timer = setTimeout(() => {
      forgetListeners(worker)
      void worker.terminate()
      resolve({ readable: false, words: tooMuch })
    }, MAX_MS)
    const finish = (answer: ReadFile) => {
      clearTimeout(timer)
      putBack(worker)
      resolve(answer)
    }
    worker.on('message', (message: Message) => {
      if (message.kind === 'unreadable') finish({ readable: false, words: message.words })
      else if (message.kind === 'end') finish({ readable: true, ...parts, present: message.present, noteCount: message.noteCount })
      else {
        const { batch } = message
        parts.rows.push(...batch.rows)
        parts.complaints.push(...batch.complaints)
        parts.notes.push(...batch.notes)
        parts.texts.push(...batch.texts)
      }
    })
    worker.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve({ readable: false, words: tooMuch })
      else reject(error)
    })
    worker.once('exit', () => {
      clearTimeout(timer)
      reject(new Error('the thread that reads files ended'))
    })
    worker.postMessage(task)
  })
}
