// What the door makes of a statement before the backend sees it: refused (with SQLSTATE and a sentence), or let in with what it may leave behind.
// The session is shared by all connections, so what would change it for the others is refused or, for settings and temporary tables, noted
// so that it is cleaned up before the next connection enters. A seat belt, not a wall: a function can still be written to get around it.
import { statements, type Token, tokens } from './sqlTokens.ts'

export type Refusal = { code: string; text: string }
export type Verdict = {
  refusal?: Refusal
  /** May leave session settings changed. */
  settings: boolean
  /** May leave temporary tables. */
  temporary: boolean
  /** Runs a block (DO), whose text can put together statements that the door never sees: the owner's alone. */
  block: boolean
  /** One statement that returns rows: as a simple query it can be run as a portal and sent in slices. */
  sliceable: boolean
}

const harmless: Verdict = { settings: false, temporary: false, block: false, sliceable: false }

export const blocksAreTheOwners: Refusal = { code: '42501', text: 'DO is for the owner of the database' }
const refused = (code: string, text: string): Refusal => ({ code, text })

const copyFromStdin = refused('0A000', 'COPY FROM STDIN is not available in the embedded database; use INSERT … SELECT … FROM unnest(…)')
const otherRole = refused('0A000', 'SET ROLE and SET SESSION AUTHORIZATION are not available here; connect as that user')
const unclearSetting = refused('0A000', 'the name in set_config(…) must be a plain string literal here')
const sqlPrepare = refused(
  '0A000',
  'PREPARE, EXECUTE, DEALLOCATE and DISCARD are not available here; use statements prepared by the driver',
)

/** Everything below starts from one of these words, so a text without them needs no closer look. */
const suspicious = /copy|set|role|authorization|prepare|execute|deallocate|discard|temp|\bdo\b/i
const rowsFirst = /^[\s(]*(?:select|with|values|table)\b/i

/** Services send the same few texts for ever, and cutting a long one into tokens takes half a millisecond. */
const known = new Map<string, Verdict>()
const [KNOWN_TEXTS, KNOWN_LENGTH] = [500, 10_000]

/** Judges one text of SQL, of one statement or many. */
export function judge(sql: string): Verdict {
  const before = known.get(sql)
  if (before) return before
  const verdict = judgeText(sql)
  if (sql.length <= KNOWN_LENGTH) {
    if (known.size >= KNOWN_TEXTS) known.clear()
    known.set(sql, verdict)
  }
  return verdict
}

function judgeText(sql: string): Verdict {
  if (!suspicious.test(sql)) return rowsFirst.test(sql) && !sql.includes(';') ? { ...harmless, sliceable: true } : harmless
  const verdict: Verdict = { ...harmless }
  const all = statements(tokens(sql))
  for (const statement of all) judgeStatement(statement, verdict)
  verdict.sliceable = !verdict.refusal && all.length === 1 && rowsFirst.test(sql)
  return verdict
}

const is = (token: Token | undefined, ...words: string[]): boolean => token?.kind === 'word' && words.includes(token.text)

function judgeStatement(statement: Token[], verdict: Verdict): void {
  const first = statement[0]
  if (is(first, 'copy') && copiesFromStdin(statement)) verdict.refusal ??= copyFromStdin
  if (is(first, 'execute', 'deallocate', 'discard') || (is(first, 'prepare') && !is(statement[1], 'transaction')))
    verdict.refusal ??= sqlPrepare
  if (is(first, 'set', 'reset')) {
    verdict.settings ||= !is(statement[1], 'local', 'transaction', 'constraints')
    if (namesRole(statement)) verdict.refusal ??= otherRole
  }
  if (is(first, 'do')) {
    verdict.block = true
    judgeBody(statement, verdict)
  }
  for (const [index, token] of statement.entries()) {
    if (is(token, 'temp', 'temporary') || ((token.kind === 'word' || token.kind === 'name') && token.text === 'pg_temp'))
      verdict.temporary = true
    if ((token.kind === 'word' || token.kind === 'name') && token.text === 'set_config') {
      verdict.settings = true
      judgeSetConfig(statement, index, verdict)
    }
  }
}

/** The grammar takes STDOUT for STDIN after FROM as well; inside brackets FROM belongs to a query. */
function copiesFromStdin(statement: Token[]): boolean {
  let depth = 0
  return statement.some((token, index) => {
    if (token.kind === 'sign') depth += token.text === '(' ? 1 : token.text === ')' ? -1 : 0
    return depth === 0 && is(token, 'from') && is(statement[index + 1], 'stdin', 'stdout')
  })
}

/** SET|RESET [SESSION|LOCAL] role|session_authorization|SESSION AUTHORIZATION, the name quoted or not. */
function namesRole(statement: Token[]): boolean {
  const at = is(statement[1], 'local') || (is(statement[1], 'session') && !is(statement[2], 'authorization')) ? 2 : 1
  const name = statement[at]
  if (is(name, 'session')) return is(statement[at + 1], 'authorization')
  if (name?.kind === 'name' && /^u&/i.test(name.text)) return true
  return isRoleSetting(name?.text)
}

const isRoleSetting = (name: string | undefined): boolean => ['role', 'session_authorization'].includes(name?.toLowerCase() ?? '')

function judgeSetConfig(statement: Token[], index: number, verdict: Verdict): void {
  const [open, name, after] = statement.slice(index + 1, index + 4)
  if (open?.text !== '(') return
  if (name?.kind !== 'string' || (after?.kind === 'sign' && ![',', ':'].includes(after.text))) verdict.refusal ??= unclearSetting
  else if (isRoleSetting(name.text)) verdict.refusal ??= otherRole
}

/** The body of DO is a string with statements in it, some of which begin after BEGIN, THEN, ELSE or LOOP. */
function judgeBody(statement: Token[], verdict: Verdict): void {
  verdict.settings = true
  verdict.temporary = true
  const body = statement.find((token) => token.kind === 'string')
  if (!body) return
  const cut = tokens(body.text).map((token): Token => (is(token, 'begin', 'then', 'else', 'loop') ? { kind: 'sign', text: ';' } : token))
  // EXECUTE is PL/pgSQL's own here.
  for (const inner of statements(cut)) if (!is(inner[0], 'execute')) judgeStatement(inner, verdict)
}
