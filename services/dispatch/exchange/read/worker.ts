// The thread in which files are opened and read: whatever they hold, the sockets go on ticking, and the thread's memory has a lid.
import { type MessagePort, parentPort } from 'node:worker_threads'
import type { ExchangeSubject, Words } from '../../../contracts/exchange.ts'
import { Unreadable } from '../../../tables/unreadable.ts'
import { sheetOf, sheets } from '../sheets.ts'
import { readTable } from './readTable.ts'
import { RowTyper, type TypedBatch } from './rowTyper.ts'
import type { TableRow } from './table.ts'

/** `subject` null: of no sheet of ours; its rows are handed over as they are. */
export type Task = { bytes: Uint8Array; subject: ExchangeSubject | null; keepTexts: boolean; port: MessagePort }
export type Message =
  | { kind: 'batch'; batch: TypedBatch }
  | { kind: 'rows'; rows: TableRow[] }
  | { kind: 'end'; present: string[]; noteCount: number }
  | { kind: 'unreadable'; words: Words }

const BATCH = 500
/** What was read waits in the task's port until it is asked for; the word that something waits goes to the owner. */
function send(port: MessagePort, message: Message): void {
  port.postMessage(message)
  parentPort!.postMessage(null)
}

parentPort!.on('message', (task: Task) => {
  // What is no fault of the file ends the thread, and its owner hears of it.
  void read(task)
})

async function read({ bytes, subject, keepTexts, port }: Task): Promise<void> {
  if (subject === null) return readRaw(bytes, port)
  const sheet = sheetOf(subject)
  const typer = new RowTyper(sheet, sheets, keepTexts)
  const flush = (atLeast: number) => {
    if (typer.waiting >= atLeast) send(port, { kind: 'batch', batch: typer.takeBatch() })
  }
  try {
    await readTable(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), [sheet.name.zh, sheet.name.en], {
      row(row) {
        typer.row(row)
        flush(BATCH)
      },
      note: (note) => typer.note(note),
    })
    typer.end()
    flush(1)
    send(port, { kind: 'end', present: typer.present, noteCount: typer.noteCount })
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    send(port, { kind: 'unreadable', words: error.words })
  }
}

/** Rows of the first sheet, a message for each so many. */
async function readRaw(bytes: Uint8Array, port: MessagePort): Promise<void> {
  let rows: TableRow[] = []
  const flush = (atLeast: number) => {
    if (rows.length >= atLeast) send(port, { kind: 'rows', rows })
    if (rows.length >= atLeast) rows = []
  }
  try {
    await readTable(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), [], {
      row(row) {
        rows.push(row)
        flush(BATCH)
      },
      note: () => undefined,
    })
    flush(1)
    send(port, { kind: 'end', present: [], noteCount: 0 })
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    send(port, { kind: 'unreadable', words: error.words })
  }
}
