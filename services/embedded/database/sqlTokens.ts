// Cuts SQL into tokens as far as the door needs: words, quoted names, strings and single signs; comments and space are dropped.
// It follows PostgreSQL's lexer with standard_conforming_strings on: nested comments, E'' escapes, dollar quotes, doubled quotes.

export type Token = { kind: 'word' | 'name' | 'string' | 'sign'; text: string }

const space = /\s+/y
const lineComment = /--[^\n\r]*/y
const word = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y
const number = /\d[\w.]*/y
const plainString = /'((?:[^']|'')*)'/y
const escapeString = /[eE]'((?:[^'\\]|''|\\[\s\S])*)'/y
const prefixedString = /(?:[bBxXnN]|[uU]&)'((?:[^']|'')*)'/y
const quotedName = /(?:[uU]&)?"((?:[^"]|"")*)"/y
const dollarQuote = /\$((?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?)\$/y

/** The tokens of `sql`; words are in lower case. What is left open (a string without its end) is one sign after another. */
export function tokens(sql: string): Token[] {
  const found: Token[] = []
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const match = pattern.exec(sql)
    if (match) at = pattern.lastIndex
    return match
  }
  while (at < sql.length) {
    if (take(space) || take(lineComment)) continue
    if (sql.startsWith('/*', at)) {
      at = endOfBlockComment(sql, at)
      continue
    }
    const quoted = take(escapeString) ?? take(prefixedString) ?? take(plainString)
    if (quoted) {
      found.push({ kind: 'string', text: quoted[1]!.replaceAll("''", "'") })
      continue
    }
    const name = take(quotedName)
    if (name) {
      // A U&"" name may spell anything by escapes: keep the mark, so that nothing mistakes it for a harmless name.
      found.push({ kind: 'name', text: name[0].startsWith('"') ? name[1]!.replaceAll('""', '"') : name[0] })
      continue
    }
    const open = take(dollarQuote)
    if (open) {
      const end = sql.indexOf(open[0], at)
      found.push({ kind: 'string', text: sql.slice(at, end < 0 ? undefined : end) })
      at = end < 0 ? sql.length : end + open[0].length
      continue
    }
    const bare = take(word)
    if (bare) found.push({ kind: 'word', text: bare[0].toLowerCase() })
    else if (!take(number)) found.push({ kind: 'sign', text: sql[at++]! })
  }
  return found
}

/** Block comments nest in PostgreSQL. */
function endOfBlockComment(sql: string, start: number): number {
  let depth = 0
  for (let at = start; at < sql.length; at++) {
    if (sql.startsWith('/*', at)) depth++
    else if (sql.startsWith('*/', at)) depth--
    else continue
    at++
    if (depth === 0) return at + 1
  }
  return sql.length
}

/** Splits at the semicolons outside brackets; empty statements are dropped. */
export function statements(all: Token[]): Token[][] {
  const found: Token[][] = [[]]
  for (const token of all) {
    if (token.kind === 'sign' && token.text === ';') found.push([])
    else found.at(-1)!.push(token)
  }
  return found.filter((statement) => statement.length > 0)
}
