// The two languages of the product. Keys are flat and typed: a text that one language lacks does not compile.
import i18next from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import type { Locale } from '../format/time.ts'
import { en } from './en.ts'
import { type TextKey, zhCN } from './zh-CN.ts'

export type { TextKey } from './zh-CN.ts'
export type Text = (key: TextKey, values?: Record<string, string | number>) => string

const KEY = 'morin.locale'

/** Starts with the stored language, Chinese when there is none. */
export async function startLanguage(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: localStorage.getItem(KEY) === 'en' ? 'en' : 'zh-CN',
    fallbackLng: 'zh-CN',
    resources: { 'zh-CN': { translation: zhCN }, en: { translation: en } },
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
  })
  document.documentElement.lang = i18next.language
}

export function chooseLocale(locale: Locale): void {
  localStorage.setItem(KEY, locale)
  document.documentElement.lang = locale
  void i18next.changeLanguage(locale)
}

export function useText(): { t: Text; locale: Locale } {
  const { t, i18n } = useTranslation()
  return { t: t as Text, locale: i18n.language === 'en' ? 'en' : 'zh-CN' }
}
