// Where a shared trip halts.

/** One after the other at one place it is one halt. */
export function haltsOf<S extends { place: { name: string } }>(stops: readonly S[]): S[][] {
  const halts: S[][] = []
  for (const stop of stops) {
    const last = halts.at(-1)
    if (last && last[0]!.place.name === stop.place.name) last.push(stop)
    else halts.push([stop])
  }
  return halts
}
