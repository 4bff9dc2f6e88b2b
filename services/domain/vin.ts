// Vehicle identification numbers of GB 16735: 17 characters, the ninth a check digit in China (L…) and North America (1–5).

const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
const letterValues: Record<string, number> = Object.fromEntries(
  [...'ABCDEFGH']
    .map((letter, i) => [letter, i + 1] as const)
    .concat(
      [...'JKLMN'].map((letter, i) => [letter, i + 1] as const),
      [['P', 7], ['R', 9], ...[...'STUVWXYZ'].map((letter, i) => [letter, i + 2] as const)],
    ),
)

const VIN = /^[A-HJ-NPR-Z0-9]{17}$/

/** The check digit that `vin` (17 characters) should have in its ninth place. */
export function vinCheckDigit(vin: string): string {
  const sum = [...vin].reduce((total, character, i) => total + (letterValues[character] ?? Number(character)) * weights[i]!, 0)
  return sum % 11 === 10 ? 'X' : String(sum % 11)
}

/** Judged where a check digit is required; elsewhere any character may stand there. */
export function judgeVin(vin: string): 'sound' | 'form' | { wanted: string } {
  if (!VIN.test(vin)) return 'form'
  if (!/^[L1-5]/.test(vin)) return 'sound'
  const wanted = vinCheckDigit(vin)
  return vin[8] === wanted ? 'sound' : { wanted }
}
