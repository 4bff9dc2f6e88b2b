// One batch: the messages of a client up to Sync, Flush or a simple query, turned into what the backend is given.
// Rows are asked for in slices, so that a big result is produced only as fast as its reader takes it.
import { blocksAreTheOwners, judge, type Refusal, type Verdict } from './door.ts'
import type { StatementNames } from './statementNames.ts'
import { type Frame, int16, int32, letter, message, readString, simpleQuery, sync } from './wire.ts'

/** About 0.5 MB of positions: small beside a socket's buffers, and one more round trip inside the process costs some 10 µs. */
const SLICE_ROWS = 4_000

/** `again`: this step ends with a portal; repeat these bytes while it has more rows. */
type Step = { bytes: Buffer[]; again?: Buffer }
export type Plan = {
  steps: Step[]
  /** Types of messages that answer what we added: not for the client. */
  drop: string
  refusal?: Refusal
  verdicts: Verdict[]
  /** Which unnamed statement the batch leaves in the session. */
  unnamed: 'kept' | 'replaced'
  endsWithFlush: boolean
}

const unnamedIsGone: Refusal = {
  code: '26000',
  text: 'the unnamed statement was prepared in an earlier round trip and is gone; send Parse, Bind and Execute together or name the statement',
}
const endOfBatch = new Set([...'QSH'].map(letter))

export const endsBatch = (frame: Frame): boolean => endOfBatch.has(frame.type)

/** `holdsUnnamed`: the session's unnamed statement is this connection's own. `owner`: the connection is the owner's. */
export function planBatch(frames: readonly Frame[], names: StatementNames, holdsUnnamed: boolean, owner: boolean): Plan {
  const plan: Plan = { steps: [{ bytes: [] }], drop: '', verdicts: [], unnamed: 'kept', endsWithFlush: frames.at(-1)!.type === letter('H') }
  for (const frame of frames) {
    const sql = sqlOf(frame)
    if (sql !== undefined) {
      const verdict = judge(sql)
      plan.verdicts.push(verdict)
      plan.refusal ??= verdict.refusal ?? (verdict.block && !owner ? blocksAreTheOwners : undefined)
      if (frame.type === letter('Q') && verdict.sliceable) {
        addSimpleQueryAsPortal(plan, sql)
        continue
      }
    }
    if (usesUnnamed(frame) && !holdsUnnamed && plan.unnamed === 'kept') plan.refusal ??= unnamedIsGone
    if (setsUnnamed(frame)) plan.unnamed = 'replaced'
    if (frame.type === letter('E')) addExecute(plan, frame.bytes)
    else plan.steps.at(-1)!.bytes.push(names.translate(frame))
  }
  return plan
}

/** A text that fails with this refusal, run in place of the batch: so the backend itself fails the transaction, as it would on any error. */
export function refuse({ code, text }: Refusal): Buffer {
  return simpleQuery(`DO $door$BEGIN RAISE EXCEPTION USING ERRCODE = '${code}', MESSAGE = '${text.replaceAll("'", "''")}'; END$door$`)
}

function sqlOf({ type, bytes }: Frame): string | undefined {
  if (type === letter('Q')) return readString(bytes, 5).text
  return type === letter('P') ? readString(bytes, readString(bytes, 5).end).text : undefined
}

function usesUnnamed({ type, bytes }: Frame): boolean {
  if (type === letter('B')) return bytes[readString(bytes, 5).end] === 0
  return type === letter('D') && bytes[5] === letter('S') && bytes[6] === 0
}

const setsUnnamed = ({ type, bytes }: Frame): boolean => type === letter('Q') || (type === letter('P') && bytes[5] === 0)

function addExecute(plan: Plan, bytes: Buffer): void {
  const step = plan.steps.at(-1)!
  const { text: portal, end } = readString(bytes, 5)
  if (bytes.readInt32BE(end) > 0) {
    // The client slices by itself. A step of its own, or its PortalSuspended would be taken for that of the next portal.
    step.bytes.push(bytes)
  } else {
    step.again = message('E', portal, int32(SLICE_ROWS))
    step.bytes.push(step.again)
  }
  plan.steps.push({ bytes: [] })
}

/** The same answer as a simple query gives, once ParseComplete, BindComplete and NoData are dropped. */
function addSimpleQueryAsPortal(plan: Plan, sql: string): void {
  plan.drop = '12n'
  plan.unnamed = 'replaced'
  plan.steps
    .at(-1)!
    .bytes.push(message('P', '', sql, int16(0)), message('B', '', '', int16(0), int16(0), int16(0)), message('D', Buffer.from('P'), ''))
  addExecute(plan, message('E', '', int32(0)))
  plan.steps.at(-1)!.bytes.push(sync)
}
