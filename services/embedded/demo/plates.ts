// Number plates of GA 36-2018 for a league's letter, each given once. The letters I and O are not used.
import type { EnergyType, PlateColour } from '../../domain/vehicle.ts'
import type { Random } from './random.ts'

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ'
const digits = (random: Random, count: number) => Array.from({ length: count }, () => random.int(0, 9)).join('')
const letter = (random: Random) => LETTERS[random.int(0, LETTERS.length - 1)]!

/** Hands out plates that were never handed out before. */
export function createPlateOffice(random: Random) {
  const taken = new Set<string>()
  const draw = (prefix: string, colour: PlateColour, energy: EnergyType): string => {
    if (colour === 'white') return `${prefix}${random.pick([letter(random), String(random.int(0, 9))])}${digits(random, 3)}警`
    if (colour === 'green')
      return `${prefix}${energy === 'electric' ? 'D' : 'F'}${random.pick([letter(random), '0', '1', '2', '3', '6', '8'])}${digits(random, 4)}`
    return random.next() < 0.7
      ? `${prefix}${letter(random)}${digits(random, 4)}`
      : `${prefix}${letter(random)}${letter(random)}${digits(random, 3)}`
  }
  return {
    /** A plate such as 蒙A12345 (`prefix` 蒙A), unique over the office's life. */
    issue(prefix: string, colour: PlateColour, energy: EnergyType): string {
      for (;;) {
        const plate = draw(prefix, colour, energy)
        if (taken.has(plate)) continue
        taken.add(plate)
        return plate
      }
    },
  }
}
