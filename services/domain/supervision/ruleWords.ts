// What figures of rules are called in both languages: units and what stands beside them, which are no words of an enumeration that files or histories use.
import type { Word } from '../words.ts'

export const supervisionWords = {
  unit: {
    m: ['米', 'm'],
    min: ['分钟', 'min'],
    h: ['小时', 'h'],
    day: ['天', 'days'],
    night: ['晚', 'nights'],
    kph: ['公里/时', 'km/h'],
    percent: ['%', '%'],
    litre: ['升', 'L'],
    per100: ['升/百公里', 'L/100 km'],
    count: ['次', 'times'],
  },
  note: {
    day: ['单日里程', 'Distance of the day'],
    tank: ['超过油箱容量', 'More than the tank holds'],
    elsewhere: ['加油时车辆不在场', 'It was elsewhere'],
    level: ['油位没有上升', 'The level did not rise'],
    per100: ['百公里油耗', 'Fuel per 100 km'],
    twice: ['一日多次加油', 'Several fills a day'],
    card: ['卡片不在册', 'A card that nobody here has'],
    inspection: ['年检', 'Inspection'],
    insurance: ['保险', 'Insurance'],
    upkeep: ['保养', 'Maintenance'],
    quota: ['超编', 'Beyond the quota'],
    standard: ['超标', 'Beyond the standard'],
  },
} as const satisfies Record<string, Record<string, Word>>

/** What a list says of a value; undefined for one that is not of it. */
export function saidOf(list: keyof typeof supervisionWords, value: string, locale: 'zh-CN' | 'en'): string | undefined {
  const words: Record<string, Word> = supervisionWords[list]
  return Object.hasOwn(words, value) ? words[value]![locale === 'en' ? 1 : 0] : undefined
}
