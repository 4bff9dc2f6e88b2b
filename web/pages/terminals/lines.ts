// What somebody pasted to register terminals: a column of numbers, or a small table "number, plate, note". Every line is judged by itself,
// because a file of a supplier is right but for three of its lines.
import { TERMINAL_ID } from '../../../services/contracts/topics.ts'
import { findPlateProblem, plateAsStored } from '../../../services/domain/vehicle.ts'

/** `scientific`: a spreadsheet has turned a long number into 8.61E+14, and its last digits are gone. */
export const lineProblems = ['number', 'scientific', 'twice', 'plate', 'plateTwice', 'columns', 'note'] as const
export type LineProblem = (typeof lineProblems)[number]

export type Line = {
  /** Where it stands in what was pasted, from 1. */
  no: number
  terminalId: string
  /** As it is stored; null = in no vehicle yet. */
  plate: string | null
  note: string | null
  problem: LineProblem | null
}

const LONGEST_NOTE = 400
const HEADING = /\p{Script=Han}|^(terminal|number|no\.?|id|imei|sn|device)([ _.-]?(id|no\.?|number|code))?$/iu
const SCIENTIFIC = /^\d(\.\d+)?E\+\d+$/i

/** Single width, without what nobody sees, and without the quotes of a spreadsheet. */
const plain = (cell: string): string =>
  cell
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim()

const isPlate = (text: string): boolean => text !== '' && findPlateProblem(plateAsStored(text)) === null

/** A tab separates, as spreadsheets copy; where there is none a comma, a semicolon or spaces do. */
function cellsOf(line: string): string[] {
  const separator = line.includes('\t') ? /\t/ : /[,，]/.test(line) ? /[,，]/ : /[;；]/.test(line) ? /[;；]/ : /\s+/
  // Before a tab an empty cell is a cell; spaces around a line are nothing.
  return (line.includes('\t') ? line : line.trim()).split(separator).map(plain)
}

function readLine(no: number, text: string): Line {
  const cells = cellsOf(text)
  // Some keep the vehicle first.
  const turned = isPlate(cells[0]!) && TERMINAL_ID.test(cells[1] ?? '')
  const [terminalId, plate = ''] = turned ? [cells[1]!, cells[0]!] : [cells[0]!, cells[1]]
  const note = cells[2] || null
  const line = { no, terminalId, plate: plate === '' ? null : plateAsStored(plate), note }
  if (cells.slice(3).some(Boolean)) return { ...line, problem: 'columns' }
  if (SCIENTIFIC.test(terminalId)) return { ...line, problem: 'scientific' }
  if (!TERMINAL_ID.test(terminalId)) return { ...line, problem: 'number' }
  if (line.plate !== null && findPlateProblem(line.plate)) return { ...line, problem: 'plate' }
  if (note && note.length > LONGEST_NOTE) return { ...line, problem: 'note' }
  return { ...line, problem: null }
}

/** @returns the lines that say something, and whether the first was a heading and is left out */
export function readLines(text: string): { lines: Line[]; heading: boolean } {
  const said = text
    .split(/\r\n|\r|\n/)
    .map((line, index) => ({ no: index + 1, line }))
    .filter(({ line }) => plain(line) !== '')
  const first = said[0] && cellsOf(said[0].line)[0]!
  const heading = first !== undefined && HEADING.test(first) && !isPlate(first)
  const lines = said.slice(heading ? 1 : 0).map(({ no, line }) => readLine(no, line))
  const [numbers, plates] = [new Set<string>(), new Set<string>()]
  for (const line of lines) {
    if (line.problem) continue
    if (numbers.has(line.terminalId)) line.problem = 'twice'
    else if (line.plate !== null && plates.has(line.plate)) line.problem = 'plateTwice'
    numbers.add(line.terminalId)
    if (line.plate !== null) plates.add(line.plate)
  }
  return { lines, heading }
}

/** `ends`: the two do not differ in a number at the end alone; `order`: the last is before the first; `many`: more than `most`. */
export type RangeProblem = 'number' | 'ends' | 'order' | 'many'

/** The numbers from `first` to `last`: XC0098 to XC0102. */
export function readRange(first: string, last: string, most: number): string[] | RangeProblem {
  const [from, to] = [plain(first), plain(last)]
  if (!TERMINAL_ID.test(from) || !TERMINAL_ID.test(to)) return 'number'
  const [a, b] = [/^(.*?)(\d+)$/.exec(from), /^(.*?)(\d+)$/.exec(to)]
  if (!a || !b || a[1] !== b[1] || a[2]!.length !== b[2]!.length) return 'ends'
  // Numbers of fifteen digits and more are beyond what a figure holds exactly.
  const [start, end] = [BigInt(a[2]!), BigInt(b[2]!)]
  if (end < start) return 'order'
  if (end - start >= BigInt(most)) return 'many'
  const width = a[2]!.length
  return Array.from({ length: Number(end - start) + 1 }, (_, n) => a[1] + String(start + BigInt(n)).padStart(width, '0'))
}
