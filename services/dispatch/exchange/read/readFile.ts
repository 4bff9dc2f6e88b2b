// Reads a file in a worker thread, one file at a time in this process: two would need the memory of two. The thread stays for a while,
// because starting it takes longer than reading a small file; one that ran out of memory or time is ended and the next file gets a new one.
// What was read is taken batch by batch, with a turn of the event loop after each: others are answered meanwhile, however large the file.
import { setImmediate } from 'node:timers/promises'
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { ExchangeSubject, Words } from '../../../contracts/exchange.ts'
import type { CellComplaint, CellNote, TypedBatch, TypedRow } from './rowTyper.ts'
import type { TableRow } from './table.ts'
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
      /** Of a file that is of no sheet of ours: its rows as they are. */
      raw: TableRow[]
    }
  | { readable: false; words: Words }

let last: Promise<unknown> = Promise.resolve()
let idle: { worker: Worker; timer: NodeJS.Timeout } | undefined

/** A cell as text; `rounded`: a number that is too long for a spreadsheet, which has lost its last digits. */
type PlainRow = { row: number; cells: ({ text: string; rounded: boolean } | undefined)[] }

/** The rows of somebody else's file, as text: what its columns mean is for whoever asks. */
export async function readRows(bytes: Buffer): Promise<{ rows: PlainRow[] } | { words: Words }> {
  const read = await readFile(bytes, null)
  if (!read.readable) return read
  return {
    rows: read.raw.map(({ row, cells }) => ({
      row,
      cells: cells.map(
        (cell) => cell && { text: cell.text, rounded: cell.kind === 'number' && Math.abs(cell.number) > Number.MAX_SAFE_INTEGER },
      ),
    })),
  }
}

export function readFile(bytes: Buffer, subject: ExchangeSubject | null, options: { keepTexts?: boolean } = {}): Promise<ReadFile> {
  const mine = last.then(() => readNow({ bytes, subject, keepTexts: options.keepTexts ?? false }))
  // Whoever gave the file hears of a failure; the next file is read all the same.
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

function readNow(file: Omit<Task, 'port'>): Promise<ReadFile> {
  const parts: Pick<Extract<ReadFile, { readable: true }>, 'rows' | 'complaints' | 'notes' | 'texts' | 'raw'> = {
    rows: [],
    complaints: [],
    notes: [],
    texts: [],
    raw: [],
  }
  return new Promise((resolve, reject) => {
    const worker = takeWorker()
    const { port1: port, port2 } = new MessageChannel()
    const timer = setTimeout(() => {
      forgetListeners(worker)
      void worker.terminate()
      end({ readable: false, words: tooMuch })
    }, MAX_MS)
    const end = (answer: ReadFile) => {
      clearTimeout(timer)
      port.close()
      resolve(answer)
    }
    const finish = (answer: ReadFile) => {
      putBack(worker)
      end(answer)
    }
    let taking = false
    // A port that is listened to hands over a thousand messages in one turn; one that is asked hands over one.
    const takeAll = async () => {
      if (taking) return
      taking = true
      for (let got = receiveMessageOnPort(port); got; got = receiveMessageOnPort(port)) {
        const message = got.message as Message
        if (message.kind === 'unreadable') return finish({ readable: false, words: message.words })
        if (message.kind === 'end') return finish({ readable: true, ...parts, present: message.present, noteCount: message.noteCount })
        if (message.kind === 'rows') {
          parts.raw.push(...message.rows)
          await setImmediate()
          continue
        }
        const { batch } = message
        parts.rows.push(...batch.rows)
        parts.complaints.push(...batch.complaints)
        parts.notes.push(...batch.notes)
        parts.texts.push(...batch.texts)
        await setImmediate()
      }
      taking = false
    }
    worker.on('message', () => void takeAll())
    worker.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') return end({ readable: false, words: tooMuch })
      clearTimeout(timer)
      port.close()
      reject(error)
    })
    worker.once('exit', () => {
      clearTimeout(timer)
      port.close()
      reject(new Error('the thread that reads files ended'))
    })
    worker.postMessage({ ...file, port: port2 } satisfies Task, [port2])
  })
}
