// What a person chose for the look: system, light or dark; kept in this browser.
import { Store, useStore } from '../store.ts'
import { paint, type Theme } from './palette.ts'

export const themeChoices = ['system', 'light', 'dark'] as const
export type ThemeChoice = (typeof themeChoices)[number]

const KEY = 'morin.theme'
const systemDark = () => window.matchMedia('(prefers-color-scheme: dark)')
const isChoice = (value: unknown): value is ThemeChoice => themeChoices.includes(value as ThemeChoice)

const choiceStore = new Store<ThemeChoice>('system')
const themeStore = new Store<Theme>('light')

function apply(): void {
  const choice = choiceStore.get()
  const theme: Theme = choice === 'system' ? (systemDark().matches ? 'dark' : 'light') : choice
  paint(theme)
  themeStore.set(theme)
}

/** Reads the stored choice, paints it, and follows the system while the choice is 'system'. Call once at start. */
export function startTheme(): void {
  const stored = localStorage.getItem(KEY)
  if (isChoice(stored)) choiceStore.set(stored)
  systemDark().addEventListener('change', apply)
  apply()
}

export function chooseTheme(choice: ThemeChoice): void {
  localStorage.setItem(KEY, choice)
  choiceStore.set(choice)
  apply()
}

export const useThemeChoice = (): ThemeChoice => useStore(choiceStore)
export const useTheme = (): Theme => useStore(themeStore)
