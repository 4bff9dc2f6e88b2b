// What was just issued, as it is shown, printed and saved once: a card for each terminal, held in memory alone.
import type { TerminalCredential } from '../../../services/contracts/api/terminals.ts'
import type { AnswerOf } from '../../../services/contracts/api.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import type { Text } from './texts.ts'

/** What is known of a terminal besides its secret. */
export type About = { plate: string | null; model: string | null; unit: string }
export type Card = TerminalCredential & About
export type Issued = { cards: Card[]; host: string | null; port: number | null }

/** @param aboutOf what is known of each that was issued a secret */
export function cardsOf({ credentials, connection }: AnswerOf<'issueCredentials'>, aboutOf: (terminalId: string) => About): Issued {
  const cards = credentials.map((credential) => ({ ...credential, ...aboutOf(credential.terminalId) }))
  return { cards, host: connection.host, port: connection.port }
}

/** What the picture on the card says to a program that sets devices up. */
export const settingsOf = ({ terminalId, secret, topic }: Card, { host, port }: Issued): string =>
  JSON.stringify({ host: host ?? undefined, port: port ?? undefined, username: terminalId, password: secret, topic })

const columns = [
  'sheet.number',
  'sheet.secret',
  'sheet.host',
  'sheet.port',
  'sheet.topic',
  'sheet.plate',
  'terminal.model',
  'kit.unit',
] as const

function rowsOf(issued: Issued, t: Text): string[][] {
  const { cards, host, port } = issued
  const row = ({ terminalId, secret, topic, plate, model, unit }: Card) => [
    terminalId,
    secret,
    host ?? '',
    port === null ? '' : String(port),
    topic,
    plate === null ? '' : plateAsPrinted(plate),
    model ?? '',
    unit,
  ]
  return [columns.map((key) => t(key)), ...cards.map(row)]
}

/** Tabs between the cells, as spreadsheets paste. */
export const textOf = (issued: Issued, t: Text): string =>
  rowsOf(issued, t)
    .map((row) => row.join('\t'))
    .join('\n')

/** UTF-8 with its mark and CRLF, as Excel and WPS open it. Every cell is in quotes. */
export const csvOf = (issued: Issued, t: Text): string =>
  `\ufeff${rowsOf(issued, t)
    .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
    .join('\r\n')}\r\n`
