// Order statistics of a sample.

/** The q-th quantile (0 … 1) by nearest rank. NaN for an empty sample. */
export function quantile(sample: readonly number[], q: number): number {
  const sorted = [...sample].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? Number.NaN
}

/** Median, 95th percentile and worst, rounded to a tenth. */
export const summary = (sample: readonly number[]): { p50: number; p95: number; max: number } => {
  const round = (value: number) => Math.round(value * 10) / 10
  return { p50: round(quantile(sample, 0.5)), p95: round(quantile(sample, 0.95)), max: round(quantile(sample, 1)) }
}
