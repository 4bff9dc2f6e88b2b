// Time as an argument: services take a clock, tests give one that stands still.

export type Clock = { nowMs(): number }
export const systemClock: Clock = { nowMs: () => Date.now() }
