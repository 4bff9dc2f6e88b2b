// The report of a package as PDF: what it is about, each vehicle with its picture, orders, findings, where the audit log stood, and the hash of every file beside it.
// Across each page stands who made it and when. A character without glyph stops the work and is named.
import { plateAsPrinted } from '../../../domain/vehicle.ts'
import { wordOf } from '../../../domain/words.ts'
import type { Manifest, Part } from '../../../evidence/manifest.ts'
import { MAP_SIZE } from '../../../evidence/tracks/mapSvg.ts'
import { regionalOf } from '../../../evidence/tracks/track.ts'
import { boxText, fontBytes, spareFontBytes } from '../../../platform/paper/font.ts'
import { NoGlyph, Pen } from '../../../platform/paper/pen.ts'
import { wrap } from '../../../platform/paper/wrap.ts'
import type { EvidenceOrder, EvidenceTrip, EvidenceVehicle } from './sources.ts'
import { type PackageLanguage, wordsIn } from './texts.ts'
import { Unmade } from './unmade.ts'

export type VehiclePart = {
  vehicle: EvidenceVehicle
  positions: number
  notBelieved: number
  trips: EvidenceTrip[]
  /** PNG, one a month. */
  maps: { name: string; png: Buffer }[]
}
export type ReportFinding = { title: string; lines: string[] }
export type Report = {
  about: Omit<Manifest, 'parts' | 'vehicles'>
  language: PackageLanguage
  vehicles: VehiclePart[]
  orders: EvidenceOrder[]
  findings: ReportFinding[]
  auditRecords: number
  files: readonly Part[]
}

// In points of 1/72 inch.
const PAGE = { width: 595.28, height: 841.89, margin: 48 }
const INNER = PAGE.width - 2 * PAGE.margin
const BOTTOM = PAGE.height - PAGE.margin - 24
const TEXT = { size: 10, line: 15 }
const NAME_WIDTH = 96
const MOST_TRIPS = 40
const MOST_MAPS = 60

export async function reportOf(report: Report): Promise<Buffer> {
  const [main, spare] = await Promise.all([fontBytes(), spareFontBytes()])
  const { about, language } = report
  const t = wordsIn(language)
  const { default: PDFDocument } = await import('pdfkit') // when it is first needed: a start does not wait for it
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    font: main as unknown as string,
    autoFirstPage: false,
    bufferPages: true,
    lang: language,
    info: { Title: `${t('title')} ${about.number}`, CreationDate: new Date(about.madeAt) },
  })
  const parts: Buffer[] = []
  doc.on('data', (part: Buffer) => parts.push(part))
  const ended = new Promise<void>((resolve, reject) => doc.once('end', resolve).once('error', reject))
  const paper = new Paper(doc, new Pen(doc, { main, spare }), t('watermark', about.madeBy.displayName, minuteOf(about.madeAt)))
  try {
    write(paper, report)
  } catch (error) {
    if (!(error instanceof NoGlyph)) throw error
    throw new Unmade('evidence.glyph', { character: error.character, code: `U+${boxText(error.character)}`, part: paper.saying })
  }
  const { count } = doc.bufferedPageRange()
  for (let page = 0; page < count; page++) {
    doc.switchToPage(page)
    paper.watermark()
    const said = t('page', page + 1, count)
    const y = PAGE.height - PAGE.margin - 8
    paper.pen.write(about.number, PAGE.margin, y, 8)
    paper.pen.write(said, PAGE.width - PAGE.margin - paper.pen.widthOf(said, 8), y, 8)
  }
  doc.end()
  await ended
  return Buffer.concat(parts)
}

const minuteOf = (instant: string): string => regionalOf(Date.parse(instant)).slice(0, 16)
const km = (metres: number): string => (metres / 1000).toFixed(1)

function write(paper: Paper, { about, language, vehicles, orders, findings, auditRecords, files }: Report): void {
  const t = wordsIn(language)
  paper.title(t('title'))
  paper.fact(t('number'), about.number)
  paper.fact(t('caseNumber'), about.case.number)
  paper.fact(t('purpose'), about.case.purpose)
  paper.fact(t('basis'), about.case.basis)
  paper.fact(t('period'), `${minuteOf(about.period.from)} – ${minuteOf(about.period.until)}`)
  paper.fact(t('datum'), t('datumSaid'))
  paper.fact(t('madeBy'), `${about.madeBy.displayName} (${about.madeBy.username}) ${about.madeBy.organisation}`)
  paper.fact(t('madeAt'), minuteOf(about.madeAt))

  paper.heading(t('vehicles'))
  let maps = 0
  for (const { vehicle, positions, notBelieved, trips, maps: pictures } of vehicles) {
    paper.subheading(`${plateAsPrinted(vehicle.plate)}  ${vehicle.unit}`)
    paper.fact(t('positions'), positions === 0 ? t('noPositions') : t('positionsSaid', positions, notBelieved))
    paper.fact(t('trips'), t('tripsSaid', trips.length, km(trips.reduce((sum, { distanceM }) => sum + distanceM, 0))))
    for (const trip of trips.slice(0, MOST_TRIPS))
      paper.line(t('tripLine', minuteOf(trip.startedAt), minuteOf(trip.endedAt), km(trip.distanceM)))
    if (trips.length > MOST_TRIPS) paper.line(t('more', trips.length - MOST_TRIPS))
    for (const { name, png } of pictures) if (maps++ < MOST_MAPS) paper.picture(png, name)
  }
  if (maps > 0) paper.line(t('mapSaid'))
  if (maps > MOST_MAPS) paper.line(t('more', maps - MOST_MAPS))
  if (about.leftOut.length > 0) {
    paper.heading(t('leftOut'))
    for (const { plate, why } of about.leftOut) paper.fact(plateAsPrinted(plate), why)
  }

  paper.heading(t('orders2'))
  if (orders.length === 0) paper.line(t('none'))
  for (const order of orders) {
    paper.fact(
      order.number,
      `${order.issuer} · ${plateAsPrinted(order.plate)} · ${order.driver ?? ''} · ${wordOf('orderState', order.state, language) ?? order.state}`,
    )
    paper.line(`${minuteOf(order.startsAt)} – ${minuteOf(order.endsAt)}  ${order.route.join(' → ')}`)
    paper.line(`${wordOf('tripPurpose', order.purposeKind, language) ?? ''}  ${order.purpose}`)
    for (const { action, at, by, reason } of order.approvals)
      paper.line(`${minuteOf(at)}  ${wordOf('requestAction', action, language) ?? action}  ${by}  ${reason}`.trim())
  }

  paper.heading(t('findings'))
  if (findings.length === 0) paper.line(t('none'))
  for (const { title, lines } of findings) {
    paper.subheading(title)
    for (const line of lines) paper.line(line)
  }

  paper.heading(t('auditSaid'))
  paper.line(`${auditRecords}`)
  paper.line(t('auditPlace', about.audit.seq, about.audit.algorithm.toUpperCase(), about.audit.hash))
  paper.heading(t('key'))
  paper.line(t('keySaid', about.signature.algorithm, about.signature.fingerprint))
  paper.heading(t('files'))
  for (const { name, bytes, sha256 } of files) {
    paper.line(`${name}  ${bytes} B`)
    paper.line(sha256, 8)
  }
  paper.line(t('filesSaid'))
}

/** Fills pages from top to bottom. */
class Paper {
  readonly pen: Pen
  readonly #doc: PDFKit.PDFDocument
  readonly #mark: string
  #y = Number.POSITIVE_INFINITY
  /** What is being written: named when a character of it has no glyph. */
  saying = ''

  constructor(doc: PDFKit.PDFDocument, pen: Pen, mark: string) {
    this.#doc = doc
    this.pen = pen
    this.#mark = mark
    this.saying = mark
  }

  title(text: string): void {
    this.#put(text, 20, 34)
  }

  heading(text: string): void {
    this.#room(60)
    this.#y += 14
    this.#put(text, 14, 24)
  }

  subheading(text: string): void {
    this.#room(48)
    this.#y += 6
    this.#put(text, 11.5, 18)
  }

  fact(name: string, value: string): void {
    const lines = this.#wrapped(value, INNER - NAME_WIDTH)
    this.#room(lines.length * TEXT.line)
    this.saying = name
    this.pen.write(name, PAGE.margin, this.#y, TEXT.size)
    for (const line of lines) {
      this.#room(TEXT.line)
      this.pen.write(line, PAGE.margin + NAME_WIDTH, this.#y, TEXT.size)
      this.#y += TEXT.line
    }
  }

  line(text: string, size = TEXT.size): void {
    for (const line of this.#wrapped(text, INNER, size)) {
      this.#room(TEXT.line)
      this.pen.write(line, PAGE.margin, this.#y, size)
      this.#y += TEXT.line
    }
  }

  picture(png: Buffer, name: string): void {
    const height = (INNER * MAP_SIZE.height) / MAP_SIZE.width
    this.#room(height + TEXT.line + 8)
    this.#doc.image(png, PAGE.margin, this.#y, { width: INNER })
    this.#y += height + 4
    this.line(name, 8)
  }

  #put(text: string, size: number, height: number): void {
    this.#room(height)
    this.saying = text
    this.pen.write(text, PAGE.margin, this.#y, size)
    this.#y += height
  }

  #wrapped(text: string, width: number, size = TEXT.size): string[] {
    this.saying = text
    return wrap(text, (character) => this.pen.advanceOf(character) * size, width)
  }

  #room(height: number): void {
    if (this.#y + Math.min(height, BOTTOM - PAGE.margin) <= BOTTOM) return
    this.#doc.addPage()
    this.#y = PAGE.margin
  }

  /** Across the page, over pictures too. */
  watermark(): void {
    this.#doc.save()
    this.#doc.fillColor('#000000').fillOpacity(0.07)
    this.#doc.rotate(-32, { origin: [PAGE.width / 2, PAGE.height / 2] })
    const width = this.pen.widthOf(this.#mark, 22)
    for (const row of [-300, -100, 100, 300]) this.pen.write(this.#mark, (PAGE.width - width) / 2, PAGE.height / 2 + row, 22)
    this.#doc.restore()
    this.#doc.fillOpacity(1).fillColor('#000000')
  }
}
