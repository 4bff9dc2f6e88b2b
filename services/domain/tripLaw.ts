// The parameters of docs/trips.md, dated. A derivation takes the row that was in force when its oldest position was taken.
// They are code and not configuration: a change of one changes what every page says of the past, so it comes with its tests
// (docs/decisions/0026-the-law-of-trips-is-one-dated-table.md).

/** When one to `run` fixes that lie out and back beside a way are wild (services/ingest/trips/spikes.ts). */
export type SpikeLaw = {
  run: number
  /** The way must be so much shorter without them, m; twice as much within `closeS`, where noise adds up. */
  savingM: number
  closeS: number
  /** No tyre turns a vehicle round harder, m/s²; over more than `turnS` other bounds are closer. */
  mostMps2: number
  turnS: number
  /** Faster than all reports say by this and this much, between reports no more than `readingS` apart. */
  readingRatio: number
  readingMarginDkph: number
  readingS: number
  /** Further than the odometer counts, by this. */
  odometerRatio: number
  /** Faster than the trip usually is, by this and this much. A leg that moves, and how fast any trip is at times, m/s. */
  usualRatio: number
  usualMarginMps: number
  movingMps: number
  leastUsualMps: number
  /** A trip of fewer legs than this says nothing of how fast it usually is. */
  leastLegs: number
  /** Faster than the trip usually is by this, and without them it goes on as before: within this part of the way, and metres. */
  smoothRatio: number
  smoothPart: number
  smoothM: number
}

export type TripLaw = {
  /** ISO date of the region's clock from which the row counts. */
  effectiveFrom: string
  /** Whose trips: everybody's, so that units can be compared. */
  scope: 'all'
  /** So long within `stayM` of one place is a rest, s. */
  restS: number
  stayM: number
  /** Further than this from the place of the rest is elsewhere, m: beyond the drift of a receiver that stands. */
  leaveM: number
  /** A standing receiver gets no further than this within `driftS`. */
  driftM: number
  driftS: number
  /** The same for a report that says that it stands. */
  standingDriftM: number
  /** A silence of a resting vehicle up to here is its ordinary pause between reports; what happened in a longer one nobody saw, s. */
  contactS: number
  /** Slower than this across a longer silence than `contactS` under way it rested, m/s: nobody drives at a walk for so long. */
  walkMps: number
  /** Standing for so long with the ignition on is a rest that was reported, s; with the ignition off or unknown one report is. */
  standingS: number
  /** Nothing is known about a longer silence under way, s. */
  maxGapS: number
  /** No vehicle gets from one fix to the next faster than this, with `slackM` for the receiver. */
  topSpeedKph: number
  slackM: number
  /** Fixes elsewhere that agree with each other for so long are believed, s and reports. */
  believedS: number
  believedReports: number
  /** A jump that stayed so long is one for good, s: until then the vehicle may be back where it can have got to, and the stay was wild. */
  returnS: number
  /** Speeds that a place of rest contradicts for longer than this are not believed, s. */
  claimS: number
  /** A trip that is shorter, or has fewer reports, is none. */
  leastM: number
  leastReports: number
  spikes: SpikeLaw
}

const laws: readonly TripLaw[] = [
  {
    effectiveFrom: '2010-01-01',
    scope: 'all',
    restS: 300,
    stayM: 100,
    leaveM: 200,
    driftM: 50,
    driftS: 60,
    standingDriftM: 80,
    contactS: 930,
    walkMps: 1,
    standingS: 60,
    maxGapS: 7200,
    topSpeedKph: 220,
    slackM: 100,
    believedS: 300,
    believedReports: 3,
    returnS: 7200,
    claimS: 120,
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
      usualRatio: 1.5,
      usualMarginMps: 2.8,
      movingMps: 1.5,
      leastUsualMps: 5.5,
      leastLegs: 5,
      smoothRatio: 1.15,
      smoothPart: 0.1,
      smoothM: 30,
    },
  },
]

/** The law in force at an instant, ms since 1970. */
export function lawAt(atMs: number): TripLaw {
  return laws.findLast(({ effectiveFrom }) => Date.parse(`${effectiveFrom}T00:00:00+08:00`) <= atMs) ?? laws[0]!
}

/** No vehicle gets further than this between two fixes so long apart, m. */
export const reachM = (law: TripLaw, ms: number): number => law.slackM + ((law.topSpeedKph / 3.6) * ms) / 1000
