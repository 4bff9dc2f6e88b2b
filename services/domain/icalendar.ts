// iCalendar (RFC 5545), as much as a feed of trips takes: lines of at most 75 octets that never cut a character, texts escaped, times in UTC.

export type CalendarEvent = {
  /** The same for ever. */
  uid: string
  /** One of several that have the UID together: for when it was there first, which no move changes. */
  recurrenceMs: number | null
  /** Grows with each change of the event and with nothing else: clients pass over what has a lower one than they know. */
  sequence: number
  changedAtMs: number
  fromMs: number
  untilMs: number
  summary: string
  location: string | null
  description: string | null
  cancelled: boolean
}

const LINE_OCTETS = 75
const octetsOf = (character: string): number => new TextEncoder().encode(character).length

/** One line as it is sent: a line after the first begins with a space, which counts. */
export function foldLine(line: string): string {
  let folded = ''
  let octets = 0
  for (const character of line) {
    const more = octetsOf(character)
    if (octets + more > LINE_OCTETS) {
      folded += '\r\n '
      octets = 1
    }
    folded += character
    octets += more
  }
  return folded
}

/** A text as a value: what means something in the format is escaped, and what may not stand in it is left out. */
export const escapeText = (text: string): string =>
  text
    .replace(/\r\n|\r/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a value may not hold
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, ' ')
    .replace(/[\\;,]/g, (sign) => `\\${sign}`)
    .replaceAll('\n', '\\n')

/** 20260302T040000Z */
const utc = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '')

export function calendarOf(name: string, events: readonly CalendarEvent[]): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Morin//Orders//ZH',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${escapeText(name)}`,
    ...events.flatMap((event) => [
      'BEGIN:VEVENT',
      `UID:${event.uid}`,
      `DTSTAMP:${utc(event.changedAtMs)}`,
      ...(event.recurrenceMs === null ? [] : [`RECURRENCE-ID:${utc(event.recurrenceMs)}`]),
      `SEQUENCE:${event.sequence}`,
      `DTSTART:${utc(event.fromMs)}`,
      `DTEND:${utc(event.untilMs)}`,
      `SUMMARY:${escapeText(event.summary)}`,
      ...(event.location === null ? [] : [`LOCATION:${escapeText(event.location)}`]),
      ...(event.description === null ? [] : [`DESCRIPTION:${escapeText(event.description)}`]),
      `STATUS:${event.cancelled ? 'CANCELLED' : 'CONFIRMED'}`,
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ]
  return lines.map((line) => `${foldLine(line)}\r\n`).join('')
}
