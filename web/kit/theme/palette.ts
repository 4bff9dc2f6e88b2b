// The colours of the product, light and dark, once: the CSS variables and the component library's tokens both come from here.
// Calm ground, one accent; every other colour means a status.
import type { VehicleStatus } from '../../../services/domain/status.ts'

export type Theme = 'light' | 'dark'

type Palette = {
  ground: string
  panel: string
  raised: string
  hover: string
  border: string
  text: string
  secondary: string
  accent: string
  accentSoft: string
  onAccent: string
  rail: string
  railText: string
  railActive: string
  alarm: string
  alarmSoft: string
  warnSoft: string
  focus: string
  shadow: string
} & Record<VehicleStatus, string>

export const palettes: Record<Theme, Palette> = {
  light: {
    ground: '#f3f6f4',
    panel: '#ffffff',
    raised: '#ffffff',
    hover: '#edf2ef',
    border: '#dbe3de',
    text: '#16211c',
    secondary: '#53625b',
    accent: '#1c6b50',
    accentSoft: '#e2f0ea',
    onAccent: '#ffffff',
    rail: '#14352a',
    railText: '#c3d6cd',
    railActive: '#23523f',
    alarm: '#bf2c25',
    alarmSoft: '#fbe9e7',
    warnSoft: '#fdf1dc',
    focus: '#1c6b50',
    shadow: '0 6px 24px rgba(16, 40, 30, 0.14)',
    moving: '#1a5fc0',
    idle: '#985800',
    parked: '#56687a',
    offline: '#767d83',
  },
  dark: {
    ground: '#0c1210',
    panel: '#131b18',
    raised: '#1a2420',
    hover: '#1f2b26',
    border: '#293630',
    text: '#e3ebe6',
    secondary: '#9dafa6',
    accent: '#54b992',
    accentSoft: '#1b3a2e',
    onAccent: '#06130d',
    rail: '#0f1f19',
    railText: '#a5bab0',
    railActive: '#1d3a2e',
    alarm: '#ff7d72',
    alarmSoft: '#3a1d1b',
    warnSoft: '#3a2c14',
    focus: '#7fd6b4',
    shadow: '0 6px 24px rgba(0, 0, 0, 0.5)',
    moving: '#6cabff',
    idle: '#f0b14c',
    parked: '#a3b4c4',
    offline: '#8b959b',
  },
}

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** Sets the palette as CSS variables (`--accent-soft`, `--moving` …) on the document. */
export function paint(theme: Theme): void {
  const root = document.documentElement
  root.dataset.theme = theme
  root.style.colorScheme = theme
  for (const [name, value] of Object.entries(palettes[theme])) root.style.setProperty(`--${kebab(name)}`, value)
}
