/** What somebody saw in a replay and comes to note: a moment has both ends in one. */
export type FreshFinding = { vehicleId: number; fromMs: number; untilMs: number }
