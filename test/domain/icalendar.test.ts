// The format of calendars: lines, letters, times.
import fc from 'fast-check'
import t from 'tap'
import { calendarOf, escapeText, foldLine } from '../../services/domain/icalendar.ts'

const octets = (text: string) => Buffer.byteLength(text)
const unfold = (text: string) => text.replaceAll('\r\n ', '')
const unescapeText = (text: string) => text.replace(/\\(.)/g, (_all, sign: string) => (sign === 'n' ? '\n' : sign))

t.test('a line has at most 75 octets and never a half character; unfolded and unescaped it is what it was', (t) => {
  const summary = foldLine(`SUMMARY:${'车'.repeat(40)}`)
  const [first, ...others] = summary.split('\r\n')
  t.equal([...first!].filter((each) => each === '车').length, 22)
  t.ok([first!, ...others].every((line) => octets(line) <= 75))
  t.equal(unfold(summary), `SUMMARY:${'车'.repeat(40)}`)
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'车🚗a,;\\\n 𠮷é'), maxLength: 200 }), (text) => {
      const folded = foldLine(`DESCRIPTION:${escapeText(text)}`)
      for (const line of folded.split('\r\n')) if (octets(line) > 75 || line.includes('\uFFFD')) t.fail(line)
      t.equal(Buffer.from(folded).toString(), folded, 'whole characters')
      t.equal(unescapeText(unfold(folded).slice('DESCRIPTION:'.length)), text)
    }),
  )
  t.end()
})

t.test('times are in UTC, lines end with CRLF, and what may not stand in a value is left out', (t) => {
  const event = {
    uid: 'order-1@morin',
    recurrenceMs: null,
    sequence: 3,
    changedAtMs: 0,
    fromMs: Date.UTC(2027, 2, 3),
    untilMs: Date.UTC(2027, 2, 3, 1),
  }
  const text = calendarOf('日历', [{ ...event, summary: 'a\u0000b', location: null, description: null, cancelled: true }])
  t.match(text, /^BEGIN:VCALENDAR\r\n[\s\S]*END:VCALENDAR\r\n$/)
  t.notMatch(text.replaceAll('\r\n', ''), /[\r\n]/)
  for (const line of [
    'DTSTART:20270303T000000Z',
    'DTEND:20270303T010000Z',
    'SEQUENCE:3',
    'UID:order-1@morin',
    'STATUS:CANCELLED',
    'SUMMARY:a b',
  ])
    t.match(text, `${line}\r\n`)
  t.end()
})

t.test('those that recur have one UID, and each says for when it was there first', (t) => {
  const event = { uid: 'series-1@morin', sequence: 2, changedAtMs: 0, summary: 'a', location: null, description: null, cancelled: false }
  const times = [Date.UTC(2027, 2, 3), Date.UTC(2027, 2, 10)]
  const text = calendarOf(
    '日历',
    times.map((recurrenceMs) => ({ ...event, recurrenceMs, fromMs: recurrenceMs + 3_600_000, untilMs: recurrenceMs + 7_200_000 })),
  )
  t.same(text.match(/^(UID|RECURRENCE-ID|DTSTART):.*$/gm), [
    'UID:series-1@morin',
    'RECURRENCE-ID:20270303T000000Z',
    'DTSTART:20270303T010000Z',
    'UID:series-1@morin',
    'RECURRENCE-ID:20270310T000000Z',
    'DTSTART:20270310T010000Z',
  ])
  t.end()
})
