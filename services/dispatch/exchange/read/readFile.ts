// Reads a file in a worker thread, one file at a time in this process: two would need the memory of two.
import { Worker } from 'node:worker_threads'
import type { Words } from '../../../contracts/exchange.ts'
import type { CellComplaint, CellNote, TypedBatch, TypedRow } from './rowTyper.ts'
import type { Message, Task } from './worker.ts'

/** Heap of the worker. A workbook of 25,000 rows stays under a fifth of it. */
const MAX_HEAP_MB = 512
const MAX_MS = 90_000

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

export function readFile(bytes: Buffer, subject: string, options: { keepTexts?: boolean } = {}): Promise<ReadFile> {
  const mine = last.then(() => readNow({ bytes, subject, keepTexts: options.keepTexts ?? false }))
  last = mine.catch(() => undefined)
  return mine
}

function readNow(task: Task): Promise<ReadFile> {
  const result = {
    readable: true as const,
    present: [] as string[],
    rows: [],
    complaints: [],
    notes: [],
    noteCount: 0,
    texts: [],
  } as Extract<ReadFile, { readable: true }>
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    })
    const tooMuch: Words = { zh: '文件内容过大或过于复杂，已停止读取', en: 'The file holds too much; reading it was stopped' }
    const timer = setTimeout(() => finish({ readable: false, words: tooMuch }), MAX_MS)
    const finish = (answer: ReadFile) => {
      clearTimeout(timer)
      resolve(answer)
      void worker.terminate()
    }
    worker.on('message', (message: Message) => {
      if (message.kind === 'unreadable') finish({ readable: false, words: message.words })
      else if (message.kind === 'end') finish({ ...result, present: message.present, noteCount: message.noteCount })
      else for (const part of ['rows', 'complaints', 'notes', 'texts'] as const) (result[part] as unknown[]).push(...message.batch[part])
    })
    worker.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') return finish({ readable: false, words: tooMuch })
      clearTimeout(timer)
      reject(error)
    })
  })
}
