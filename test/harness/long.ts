// How far a suite goes. `npm test` plays a fair part of every range; `npm run test:long` (TEST_LONG=true) plays the files that import this
// one again, over the whole of it.
export const long = process.env.TEST_LONG === 'true'

/** So many runs of a generated case: `fair` in `npm test`, `whole` in `npm run test:long`. */
export const runs = (fair: number, whole: number): number => (long ? whole : fair)

/** Each `share`th of a list, another one each turn, so that none is left out over a few turns; in `npm run test:long` all of it. */
export const someOf = <T>(list: readonly T[], share: number, turn: number): readonly T[] =>
  long ? list : list.filter((_, k) => (k + turn) % Math.min(share, Math.max(1, list.length)) === 0)
