// The parameters of docs/trips.md, dated. A rest, and what can be reached, goes by the row in force at each position, a trip by the one in force when
// it begins: so it is the same from wherever it is derived.
// They are code and not configuration: a change of one changes what every page says of the past, so it comes with its tests
// (docs/decisions/0026-the-law-of-trips-is-one-dated-table.md). What is no threshold but a way to reckon (how many samples a median takes, which of two
// runs explains more) stands where it is used.

/** When one to `run` fixes that lie out and back beside a way are wild (services/ingest/trips/spikes.ts). */
export type SpikeLaw = {
  run: number
  /** The way must be so much shorter without them; twice as much within `closeS`, where noise adds up. */
  savingM: number
  closeS: number
  /** No tyre turns a vehicle round harder; over more than `turnS` other bounds are closer. */
  mostMps2: number
  turnS: number
  /** Faster than all reports say by this and this much, between reports no more than `readingS` apart. */
  readingRatio: number
  readingMarginDkph: number
  readingS: number
  /** Further than the odometer counts, by this. */
  odometerRatio: number
  /** An odometer that has gone between these parts of the detour has counted it; one that has gone further than this beyond the way across says nothing. */
  countedLeast: number
  countedMost: number
  acrossRatio: number
  acrossMarginM: number
  /** A speed that was said and is this part of what the detour takes got there. */
  reachedPart: number
  /** Faster than the trip usually is, by this and this much. A leg that moves, and how fast any trip is at times. */
  usualRatio: number
  usualMarginMps: number
  movingMps: number
  leastUsualMps: number
  /** Of the legs that move, usual is what this part of them does not exceed. With no more than so many legs the fastest of the others is asked. */
  usualPart: number
  fewLegs: number
  /** A trip of fewer legs than this says nothing of how fast it usually is. */
  leastLegs: number
  /** Faster than the trip usually is by this, and without them it goes on as before: within this part of the way, and so far. */
  smoothRatio: number
  smoothPart: number
  smoothM: number
}

/** How odometer and track check each other (services/ingest/trips/measure.ts). */
export type OdometerLaw = {
  /** Long enough to compare the two. */
  stretchM: number
  /** The odometer against the line through the positions: at least, at most where they are no more than `denseS` apart, and where they are not. */
  leastRatio: number
  mostRatio: number
  denseS: number
  sparseRatio: number
  /** The same of a stretch, where the whole trip fits: it is then a matter of where the track was known to a leg. */
  leastOfSound: number
  mostOfSound: number
  toleranceM: number
  /** One that counts in larger steps than this part of the trip cannot say how long it was. */
  coarsestPart: number
  /** More than this part of the way by the track beside the odometer is `both`. */
  bothPart: number
}

/** Which speeds are contradicted (services/ingest/trips/measure.ts). */
export type ReadingLaw = {
  /** Beyond the legs around by this and this much; over longer legs than `longS` more can have happened unseen. */
  ratio: number
  marginDkph: number
  longS: number
  longRatio: number
  /** A leg so short alone denies a speed; across a longer one the neighbour's reading has to as well. */
  neighbourS: number
  /** A highest speed below this part of the trip's average is none. */
  averagePart: number
}

/** How noise is kept out of a distance (services/ingest/trips/noise.ts). */
export type NoiseLaw = {
  /** A leg counts when it is so much longer than the uncertainty of its ends: noise lengthens it by noise² ÷ (2 × leg²). */
  legRatio: number
  leastLegM: number
  /** A receiver is taken to be no worse. */
  mostM: number
  /** Neighbours further apart tell of corners, and noise lengthens nothing between them. */
  sparseM: number
}

/** What the place of a report says of its speed, live (services/ingest/positions/liveEvidence.ts). */
export type LiveLaw = {
  /** From below this speed to above it a vehicle is watched from there. */
  drivesOffDkph: number
  /** Displaced faster is moving. */
  movingMps: number
  /** How long a displacement tells of movement: with no speed at all, and with one that says 0. */
  tellsS: number
  tellsAgainstZeroS: number
}

/** Units are in the names; Dkph is 0.1 km/h, and what ends in Ratio or Part is a number alone. */
export type TripLaw = {
  /** ISO date of the region's clock from which the row counts. */
  effectiveFrom: string
  /** Whose trips: everybody's, so that units can be compared. */
  scope: 'all'
  /** So long within `stayM` of one place is a rest. */
  restS: number
  stayM: number
  /** Further than this from the place of the rest is elsewhere: beyond the drift of a receiver that stands. */
  leaveM: number
  /** A standing receiver gets no further than this within `driftS`. */
  driftM: number
  driftS: number
  /** The same for a report that says that it stands. */
  standingDriftM: number
  /** Positions that left and did not get away for so long are forgotten: a trip does not begin earlier than this before it is seen. */
  awayS: number
  /** A silence of a resting vehicle up to here is its ordinary pause between reports; what happened in a longer one nobody saw. */
  contactS: number
  /** Slower than this across a longer silence than `contactS` under way it rested: nobody drives at a walk for so long. */
  walkMps: number
  /** Slower than this is standing. The live status goes by the same (status.ts). */
  standingDkph: number
  /** Standing for so long with the ignition on is a rest that was reported; with the ignition off or unknown one report is. */
  standingS: number
  /** Nothing is known about a longer silence under way. */
  maxGapS: number
  /** No vehicle gets from one fix to the next faster than this, with `slackM` for the receiver. */
  topSpeedKph: number
  slackM: number
  /** Fixes elsewhere that agree with each other for so long are believed. */
  believedS: number
  believedReports: number
  /** A jump that stayed so long is one for good: until then the vehicle may be back where it can have got to, and the stay was wild. */
  returnS: number
  /** Speeds that a place of rest contradicts for longer than this are not believed. */
  claimS: number
  /** So many first fixes can still turn out to have been wild. */
  firsts: number
  /** The line that is believed may be so much faster to come from than one of a few fixes. */
  knownRatio: number
  /** Rival lines at once: more are noise upon noise. */
  rivals: number
  /** An odometer that has gone further bears out a single report of being elsewhere. */
  drivenM: number
  /** A trip that is shorter, or has fewer reports, is none. */
  leastM: number
  leastReports: number
  spikes: SpikeLaw
  odometer: OdometerLaw
  readings: ReadingLaw
  noise: NoiseLaw
  live: LiveLaw
}

export const tripLaws: readonly TripLaw[] = [
  {
    effectiveFrom: '2010-01-01',
    scope: 'all',
    restS: 300,
    stayM: 100,
    leaveM: 200,
    driftM: 50,
    driftS: 60,
    standingDriftM: 80,
    awayS: 1800,
    contactS: 930,
    walkMps: 1,
    standingDkph: 30,
    standingS: 60,
    maxGapS: 7200,
    topSpeedKph: 220,
    slackM: 100,
    believedS: 300,
    believedReports: 3,
    returnS: 7200,
    claimS: 120,
    firsts: 2,
    knownRatio: 1.5,
    rivals: 4,
    drivenM: 100,
    leastM: 200,
    leastReports: 2,
    spikes: {
      run: 3,
      savingM: 75,
      closeS: 20,
      mostMps2: 8,
      turnS: 40,
      readingRatio: 1.25,
      readingMarginDkph: 300,
      readingS: 65,
      odometerRatio: 1.1,
      countedLeast: 0.95,
      countedMost: 1.5,
      acrossRatio: 1.5,
      acrossMarginM: 100,
      reachedPart: 0.95,
      usualRatio: 1.5,
      usualMarginMps: 2.8,
      movingMps: 1.5,
      leastUsualMps: 5.5,
      usualPart: 0.9,
      fewLegs: 40,
      leastLegs: 5,
      smoothRatio: 1.15,
      smoothPart: 0.1,
      smoothM: 30,
    },
    odometer: {
      stretchM: 2000,
      leastRatio: 0.85,
      mostRatio: 1.3,
      denseS: 60,
      sparseRatio: 2,
      leastOfSound: 0.5,
      mostOfSound: 2,
      toleranceM: 100,
      coarsestPart: 0.02,
      bothPart: 0.02,
    },
    readings: { ratio: 1.25, marginDkph: 300, longS: 60, longRatio: 1.5, neighbourS: 20, averagePart: 0.8 },
    noise: { legRatio: 10, leastLegM: 10, mostM: 20, sparseM: 600 },
    live: { drivesOffDkph: 100, movingMps: 1.5, tellsS: 120, tellsAgainstZeroS: 30 },
  },
]

const sinceMs = ({ effectiveFrom }: TripLaw): number => Date.parse(`${effectiveFrom}T00:00:00+08:00`)

/** The law in force at an instant, ms since 1970; before the first row, that. */
export function lawAt(atMs: number, laws: readonly TripLaw[] = tripLaws): TripLaw {
  // Asked of every position.
  if (laws.length === 1) return laws[0]!
  return laws.findLast((law) => sinceMs(law) <= atMs) ?? laws[0]!
}

/** No vehicle gets further than this between two fixes so long apart, m. */
export const reachM = (law: TripLaw, ms: number): number => law.slackM + ((law.topSpeedKph / 3.6) * ms) / 1000
