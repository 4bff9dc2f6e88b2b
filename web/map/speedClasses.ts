// Speeds in classes: those of a trail that is coloured by speed, and of the band below the map. Apart from the map, so that nobody waits for its engine to name them.

/** Up to so many km/h. */
export const SPEED_CLASSES = [10, 40, 80, 120, Number.POSITIVE_INFINITY] as const
export const speedClassOf = (kph: number): number => SPEED_CLASSES.findIndex((most) => kph < most)
