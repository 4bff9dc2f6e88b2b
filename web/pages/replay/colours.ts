// Colours of a replay: of each vehicle one that is told from its neighbours', of speed five steps, of the bands.
import { palettes, type Theme } from '../../kit/theme/palette.ts'

/** Told from one another in both themes, by those who do not see red and green apart as well; the next twenty-first begins anew. */
const vehicleColours = ['#1f78b4', '#e07b00', '#6a3d9a', '#2a9d8f', '#c2185b', '#7f6000', '#00838f', '#5d4037', '#3949ab', '#8d6e00']
export const colourOf = (n: number): string => vehicleColours[n % vehicleColours.length]!

const speeds: Record<Theme, readonly string[]> = {
  light: ['#9fb3c8', '#3f8fd2', '#1f6b4c', '#d98c00', '#b3261e'],
  dark: ['#5b6b7f', '#5ea5ff', '#5cc598', '#f0ad3c', '#ff7b72'],
}

export function bandColours(theme: Theme) {
  const { hover, accent, moving, idle, parked, alarm, secondary, panel } = palettes[theme]
  const lines = { ignition: idle, driving: moving, stop: parked, order: accent, finding: alarm }
  return { ground: hover, speeds: speeds[theme], ...lines, gap: secondary, gapGround: panel }
}

const withoutOrder: Record<Theme, string> = { light: '#8a97a3', dark: '#6d7a86' }
export const trailColours = (theme: Theme) => ({ speeds: speeds[theme], orders: vehicleColours, none: withoutOrder[theme] })

/** Of a track that somebody else recorded: no vehicle has it. */
export const besideColour = (theme: Theme): string => (theme === 'light' ? '#b5006e' : '#ff6ec7')
