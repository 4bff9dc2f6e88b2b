// XML read as it arrives: elements, their attributes and text, nothing else. A document type is refused outright: entities that
// expand into each other or name files live there, and no spreadsheet needs one.
import { StringDecoder } from 'node:string_decoder'
import { Unreadable } from '../../../tables/unreadable.ts'

export type XmlReader = {
  /** `name` without its prefix; `attributes` by name without prefix. */
  open(name: string, attributes: Attributes): void
  text(text: string): void
  close(name: string): void
}
type Attributes = (name: string) => string | undefined

/** One tag or one stretch of text; a cell holds 32,767 characters at most. */
const MAX_PIECE = 1024 * 1024

const broken = () => new Unreadable('工作簿内容不是有效的 XML', 'The workbook holds invalid XML')
const declared = () =>
  new Unreadable('工作簿含有文档类型声明（DTD），出于安全已拒绝', 'The workbook declares a document type (DTD) and was refused for safety')

/** Feeds `pieces` to `reader`. @throws Unreadable */
export async function readXml(pieces: AsyncIterable<Buffer>, reader: XmlReader): Promise<void> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for await (const piece of pieces) {
    rest = consume(rest + decoder.write(piece), reader, false)
    if (rest.length > MAX_PIECE) throw broken()
  }
  consume(rest + decoder.end(), reader, true)
}

/** Reads all that is whole and returns what is not yet. */
function consume(text: string, reader: XmlReader, last: boolean): string {
  let at = 0
  for (;;) {
    const tag = text.indexOf('<', at)
    if (tag < 0) {
      if (!last) return text.slice(at)
      if (text.slice(at).trim() !== '') throw broken()
      return ''
    }
    const end = endOfTag(text, tag)
    if (end < 0) {
      if (last) throw broken()
      return text.slice(at)
    }
    if (tag > at) reader.text(unescapeXml(text.slice(at, tag)))
    const mark = text.charCodeAt(tag + 1)
    if (mark === 0x2f /* / */) reader.close(local(text.slice(tag + 2, end).trim()))
    else if (mark === 0x21 /* ! */) {
      if (text.startsWith('<![CDATA[', tag)) reader.text(text.slice(tag + 9, end - 2))
      else if (!text.startsWith('<!--', tag)) throw declared()
    } else if (mark !== 0x3f /* ? */) open(text.slice(tag + 1, end), reader)
    at = end + 1
  }
}

/** Index of the `>` that closes the tag at `from`, or −1 while it has not come. */
function endOfTag(text: string, from: number): number {
  if (text.startsWith('<!--', from)) {
    const end = text.indexOf('-->', from + 4)
    return end < 0 ? -1 : end + 2
  }
  if (text.startsWith('<![CDATA[', from)) {
    const end = text.indexOf(']]>', from + 9)
    return end < 0 ? -1 : end + 2
  }
  // A piece may end inside "<!--" or "<![CDATA[" itself; a real declaration shows its name soon enough.
  if (text.charCodeAt(from + 1) === 0x21 && text.length - from < 9) return -1
  let end = text.indexOf('>', from)
  if (end < 0) return -1
  // An attribute may hold a bare ">": then the quotes before it do not come in pairs.
  for (;;) {
    if (!insideQuotes(text, from, end)) return end
    end = text.indexOf('>', end + 1)
    if (end < 0) return -1
  }
}

function insideQuotes(text: string, from: number, to: number): boolean {
  let quote = 0
  for (let k = from; k < to; k++) {
    const code = text.charCodeAt(k)
    if (quote === 0 ? code === 0x22 || code === 0x27 : code === quote) quote = quote === 0 ? code : 0
  }
  return quote !== 0
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1)

function open(inside: string, reader: XmlReader): void {
  const closed = inside.endsWith('/')
  const body = closed ? inside.slice(0, -1) : inside
  const space = body.search(/\s/)
  const name = local(space < 0 ? body : body.slice(0, space))
  if (name === '') throw broken()
  reader.open(name, (wanted) => (space < 0 ? undefined : attribute(body, wanted)))
  if (closed) reader.close(name)
}

/** Walks the attributes one by one: half a million cells have two or three each, and a regular expression takes four times as long. */
function attribute(body: string, wanted: string): string | undefined {
  let at = body.search(SPACE)
  while (at >= 0) {
    while (body.charCodeAt(at) <= 32) at++
    const equals = body.indexOf('=', at)
    if (equals < 0) return undefined
    let from = equals + 1
    while (body.charCodeAt(from) <= 32) from++
    const quote = body[from]
    const to = quote === '"' || quote === "'" ? body.indexOf(quote, from + 1) : -1
    if (to < 0) return undefined
    if (local(body.slice(at, equals).trimEnd()) === wanted) return unescapeXml(body.slice(from + 1, to))
    at = to + 1
  }
  return undefined
}
const SPACE = /\s/

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function unescapeXml(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&([^;&]*);?/g, (_all, name: string) => {
    const known = named[name]
    if (known !== undefined) return known
    const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : name.startsWith('#') ? Number.parseInt(name.slice(1), 10) : -1
    // With no document type there is no other entity.
    if (!(code >= 0 && code <= 0x10ffff)) throw broken()
    return String.fromCodePoint(code)
  })
}
