// Colours of the map, light and dark as equals. Colour is spent on status only; the ground stays calm.
// Status never by colour alone: the shapes are in markSprites.ts.

export type Theme = 'light' | 'dark'

export type Palette = {
  dark: boolean
  ground: string
  region: string
  border: string
  highway: string
  arterial: string
  street: string
  water: string
  label: string
  labelSoft: string
  labelHalo: string
  accent: string
  /** The ring around a vehicle that has an open finding. */
  alert: string
  /** Index = vehicleStatuses: moving, idle, parked, offline. */
  status: readonly [string, string, string, string]
  /** Outline of marks and bubbles against the ground. */
  outline: string
  track: string
}

export const palettes: Record<Theme, Palette> = {
  light: {
    dark: false,
    ground: '#f6f7f4',
    region: '#e9ece4',
    border: '#a9b6a9',
    highway: '#d3cdb6',
    arterial: '#ffffff',
    street: '#f7f8f4',
    water: '#d5e0e4',
    label: '#3f4c45',
    labelSoft: '#6d7871',
    labelHalo: '#f6f7f4',
    accent: '#1f6b4c',
    alert: '#d03027',
    status: ['#1d63d8', '#b86e00', '#5b6b7f', '#8a939d'],
    outline: '#ffffff',
    track: '#1f6b4c',
  },
  dark: {
    dark: true,
    ground: '#101416',
    region: '#171d1f',
    border: '#3a4743',
    highway: '#3b4143',
    arterial: '#30373a',
    street: '#262d2f',
    water: '#182a33',
    label: '#c3cec8',
    labelSoft: '#8d9a93',
    labelHalo: '#101416',
    accent: '#5cc598',
    alert: '#ff6b61',
    status: ['#5ea5ff', '#f0ad3c', '#93a1b5', '#77828d'],
    outline: '#101416',
    track: '#5cc598',
  },
}

/** A colour #rrggbb as three numbers 0–1, for the GPU. */
export function rgbOf(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16)
  return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255]
}
