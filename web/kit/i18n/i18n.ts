// The two languages of the product. A text is a pair, both languages side by side: a text that one of them lacks does not compile.
// Each room of the web has texts of its own (`texts.ts`), which come with its code when it is opened, over those of the room below it.

import type { Locale } from '../format/time.ts'
import { Store, useStore } from '../store.ts'

/** Whatever stands behind the two has another use (words of imported files) and is not shown. */
export type Pair = readonly [zh: string, en: string, ...others: string[]]
export type Values = Record<string, string | number>
export type Say<K extends string> = (key: K, values?: Values) => string
type Room<K extends string> = {
  /** The text of `key` here or below; undefined when nobody has it. */
  find: (key: string) => Pair | undefined
  /** Keys of the texts here and below that begin with `prefix`. */
  keysFrom: (prefix: string) => string[]
  useText: () => { t: Say<K>; locale: Locale }
  /** Says in one language, outside React. */
  sayIn: (locale: Locale) => Say<K>
}
/** What says the texts of a room and of those below it. */
export type RoomText<R> = R extends Room<infer K> ? Say<K> : never

const KEY = 'morin.locale'
const localeStore = new Store<Locale>('zh-CN')

/** Starts with the stored language, Chinese when there is none. */
export function startLanguage(): void {
  showLocale(localStorage.getItem(KEY) === 'en' ? 'en' : 'zh-CN')
}

export function chooseLocale(locale: Locale): void {
  localStorage.setItem(KEY, locale)
  showLocale(locale)
}

function showLocale(locale: Locale): void {
  document.documentElement.lang = locale
  localeStore.set(locale)
}

const fill = (text: string, values: Values | undefined): string =>
  values ? text.replace(/\{\{(\w+)\}\}/g, (slot, name) => String(values[name] ?? slot)) : text

/** The texts of a room over those of the room `below`; its own come first. */
export function roomTexts<K extends string, B extends string = never>(below: Room<B> | null, own: Record<K, Pair>): Room<K | B> {
  const find = (key: string): Pair | undefined => (Object.hasOwn(own, key) ? own[key as K] : below?.find(key))
  const inLanguage =
    (column: 0 | 1): Say<K | B> =>
    (key, values) =>
      fill(find(key)?.[column] ?? key, values)
  // Made once: effects that depend on it do not run again because something was drawn again.
  const said: Record<Locale, Say<K | B>> = { 'zh-CN': inLanguage(0), en: inLanguage(1) }
  return {
    find,
    keysFrom: (prefix) => [...Object.keys(own).filter((key) => key.startsWith(prefix)), ...(below?.keysFrom(prefix) ?? [])],
    sayIn: (locale) => said[locale],
    useText: () => {
      const locale = useStore(localeStore)
      return { t: said[locale], locale }
    },
  }
}
