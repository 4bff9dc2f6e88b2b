// Kinds of columns that say when: an instant, an hour of the day, days of the week.
import { wordLists } from '../../domain/words.ts'
import { choices, type Kind, noTime, readTime } from './kinds.ts'
import { normaliseCode, normaliseTime } from './normalise.ts'
import { words } from './words.ts'

const DAY_MIN = 1_440

/** Stored to the microsecond and said in the region's time: what was exported comes back as the same instant. A day alone is its midnight. */
export const instant: Kind = {
  sql: 'timestamptz',
  normalise: normaliseTime,
  read(text, cell) {
    const time = readTime(text)
    if (!time) return noTime(text, cell, '2024-05-01 08:30:00')
    return { value: `${time.day}T${time.clock ?? '00:00:00'}.${time.fraction.slice(0, 6).padEnd(6, '0')}+08:00` }
  },
  write: (value) => String(value).slice(0, 26).replace('T', ' '),
  takes: words('时间，如 2024-05-01 08:30:00', 'A time such as 2024-05-01 08:30:00'),
}
/** How the ledger says an instant so that `instant` reads it: SQL over the column. */
export const instantSql = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+08:00'`

/** 08:30; hours beyond 24 are of the next day (30:00 = 06:00 the next day). */
export const minuteOfDay: Kind = {
  sql: 'smallint',
  normalise: (raw) => normaliseCode(raw),
  read(cell, raw) {
    // A spreadsheet keeps a time as a fraction of a day.
    const fraction = raw.kind === 'number' && raw.number >= 0 && raw.number < 2 ? Math.round(raw.number * DAY_MIN) : Number.NaN
    const match = /^(\d{1,2}):(\d\d)(?::00)?$/.exec(cell)
    const minute = match && Number(match[2]) < 60 ? Number(match[1]) * 60 + Number(match[2]) : fraction
    if (minute >= 0 && minute <= 2 * DAY_MIN) return { value: minute }
    return { problem: words(`“${cell}”应写成 08:30`, `“${cell}” should be written as 08:30`) }
  },
  write: (value) => `${String(Math.floor(Number(value) / 60)).padStart(2, '0')}:${String(Number(value) % 60).padStart(2, '0')}`,
  takes: words('时刻，如 08:30；次日 06:00 写成 30:00', 'A time such as 08:30; 06:00 of the next day is 30:00'),
}

const listed = choices(wordLists.weekday)

/** As bits, Monday the lowest. */
export const weekdays: Kind = {
  ...listed,
  sql: 'smallint',
  read(cell, raw) {
    const read = listed.read(cell, raw)
    if ('problem' in read || read.value === null) return read
    return {
      value: String(read.value)
        .split(',')
        .reduce((bits, day) => bits | (1 << Number(day)), 0),
    }
  },
  write: (value, locale) =>
    listed.write(
      Object.keys(wordLists.weekday)
        .filter((day) => Number(value) & (1 << Number(day)))
        .join(','),
      locale,
    ),
}
