// Fuel by the level in the tank: what was used and what was filled in are told apart, so that a fill hides no use (里程油耗不以首尾相减).
export type Level = { atMs: number; litres: number }
export type FuelSum = { usedL: number; filledL: number; fills: { atMs: number; litres: number }[] }

/**
 * Sums up the levels of a tank in the order of time. A rise of `riseL` or more above the lowest level since is a fill; a lesser one is slosh, and
 * takes back what the fall before it seemed to use.
 */
export function sumFuel(levels: readonly Level[], riseL: number): FuelSum {
  const sum: FuelSum = { usedL: 0, filledL: 0, fills: [] }
  const first = levels[0]
  if (!first) return sum
  // Since the last fill: the level it began at, and the lowest and the highest since the lowest.
  let [beganL, lowest] = [first.litres, first]
  let rising: Level | null = null
  const endFill = () => {
    if (!rising) return
    const litres = rising.litres - lowest.litres
    sum.usedL += beganL - lowest.litres
    sum.filledL += litres
    sum.fills.push({ atMs: rising.atMs, litres })
    beganL = rising.litres
    lowest = rising
    rising = null
  }
  for (const level of levels) {
    if (rising) {
      if (level.litres > rising.litres) rising = level
      else if (level.litres < rising.litres) {
        endFill()
        if (level.litres < lowest.litres) lowest = level
      }
    } else if (level.litres - lowest.litres >= riseL) rising = level
    else if (level.litres < lowest.litres) lowest = level
  }
  endFill()
  const last = levels.at(-1)!
  sum.usedL += Math.max(0, beganL - last.litres)
  return sum
}
