// Money in whole fen: how an amount is shared, and what a price times a quantity comes to. Exact: no floating point on the way.

const magnitude = (fen: number): bigint => BigInt(Math.abs(fen))
const signed = (fen: number, amount: bigint): number => (amount === 0n ? 0 : fen < 0 ? -Number(amount) : Number(amount))

/**
 * Shares whole fen by whole weights (people, metres), to the last fen: what is left over goes to the largest remainders, the first of equal ones.
 * A reversal is the exact mirror. Without any weight all share alike; who has none beside others that do bears nothing.
 */
export function shareFen(fen: number, weights: readonly number[]): number[] {
  if (weights.length === 0) return []
  const given = weights.map((weight) => BigInt(weight))
  const parts = given.some((part) => part > 0n) ? given : given.map(() => 1n)
  const whole = parts.reduce((sum, part) => sum + part, 0n)
  const exact = parts.map((part) => magnitude(fen) * part)
  const shares = exact.map((share) => share / whole)
  const left = Number(magnitude(fen) - shares.reduce((sum, share) => sum + share, 0n))
  const byRemainder = exact
    .map((share, n) => ({ n, rest: share % whole }))
    .sort((a, b) => (a.rest === b.rest ? a.n - b.n : a.rest < b.rest ? 1 : -1))
  for (const { n } of byRemainder.slice(0, left)) shares[n]! += 1n
  return shares.map((share) => signed(fen, share))
}

/** `fen` for `of` units, how much for `quantity` of them: to the nearest fen, halves away from nothing. */
export const fenFor = (fen: number, quantity: number, of: number): number =>
  signed(fen, (2n * magnitude(fen) * BigInt(quantity) + BigInt(of)) / (2n * BigInt(of)))

/** Yuan as a sentence says them: 1234.50. */
export const yuanText = (fen: number): string => (fen / 100).toFixed(2)
