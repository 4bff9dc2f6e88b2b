// What dispatching goes by, dated: a row holds from its day on, and an order keeps the numbers that held when it was given.

export type DispatchLaw = {
  /** The day, in the region, from which it holds. */
  from: string
  /** Before the departure the vehicle is made ready, after the return it is cleaned: so long nobody else has it. */
  preparationMin: number
  turnaroundMin: number
  /** A driver who has not answered by then does not take the order. */
  acceptWithinMin: number
  /** What the passenger has not confirmed by then is confirmed. */
  confirmWithinH: number
  /** A trip in an emergency is approved afterwards, by then. */
  ratifyWithinH: number
  /** Asked for at most so far ahead, and for at most so long. */
  horizonDays: number
  longestDays: number
  /** A request that is sent while its departure comes is not late yet. */
  lateMin: number
  /** No vehicle drives more in an hour: a reading that says so is asked about. */
  fastestKmh: number
  /** An electric vehicle goes so far with a full battery; and with this much left it is not sent out. */
  fullChargeKm: number
  leastChargePct: number
  /** A place of which only a point is known is a circle of so many metres; who is so much further out is clear of a fence. */
  fenceM: number
  fenceClearM: number
  /** So long inside is an arrival, and so long outside a departure, s. */
  fenceDwellS: number
  /** A trip is looked for on the track from so long before its beginning to so long after its end. */
  trackBeforeH: number
  trackAfterH: number
  /** What driver and track may differ by: minutes; kilometres, or a part of the way. */
  saidApartMin: number
  kmApart: number
  kmApartPct: number
  /** Who has not driven off so long after the departure was due holds the vehicle no longer. */
  departWithinMin: number
  /** A phone's clock that is further off is told. */
  clockOffMin: number
  /** A photo is kept with its longer edge no longer than this; what is sent may have so many megabytes. */
  photoEdgePx: number
  photoMostMb: number
  /** A trip of so many kilometres, there and back, is out of town. */
  awayKm: number
  /** An invoice may claim so much more than the track has, of the track. */
  leaseOverTrackPct: number
  /** In an emergency who is off duty is on call, when so long lies between his last trip and this one; null: nobody is. */
  onCallRestH: number | null
  /** Without anybody's new approval a trip is moved by so much, within the days of the region that were approved. */
  moveMostH: number
  /** Whoever travels follows the vehicle from so long before the departure on. */
  followBeforeMin: number
  /** A trip is rated so long after its return, and the rating changed so long after it was given. */
  rateWithinD: number
  rerateWithinH: number
  /** A driver is told of his ratings by so many at once. */
  ratingGroup: number
  /** A shared trip: nobody sits in it so many minutes longer than he would alone, nor is picked up so much before or after he asked for. */
  shareExtraMin: number
  shareEarlyMin: number
  shareLateMin: number
  /** Whoever is asked to share answers by then, and before the departure. */
  shareAnswerMin: number
  /** A trip against its order: minutes that it leaves or is back otherwise than ordered. */
  orderedApartMin: number
  /** So much longer than the straight way a place between two stops may make it, km or a part of it; who goes on is off the way. */
  corridorKm: number
  corridorPct: number
  /** Who stands so long elsewhere has stopped there. */
  stayMin: number
  /** The ordered way is an estimate: kilometres, or a part of it, that the track may have more or less. */
  wayApartKm: number
  wayApartPct: number
  /** A cost is of the trip when it is from so long before it to so long after. */
  costApartMin: number
}

const rows: readonly DispatchLaw[] = [
  {
    from: '2000-01-01',
    preparationMin: 15,
    turnaroundMin: 15,
    acceptWithinMin: 30,
    confirmWithinH: 24,
    ratifyWithinH: 24,
    horizonDays: 180,
    longestDays: 31,
    lateMin: 10,
    fastestKmh: 130,
    fullChargeKm: 300,
    leastChargePct: 15,
    fenceM: 100,
    fenceClearM: 100,
    fenceDwellS: 60,
    trackBeforeH: 1,
    trackAfterH: 2,
    saidApartMin: 5,
    kmApart: 2,
    kmApartPct: 10,
    departWithinMin: 15,
    clockOffMin: 5,
    photoEdgePx: 2048,
    photoMostMb: 32,
    awayKm: 100,
    leaseOverTrackPct: 5,
    onCallRestH: 8,
    moveMostH: 4,
    followBeforeMin: 30,
    rateWithinD: 30,
    rerateWithinH: 72,
    ratingGroup: 3,
    shareExtraMin: 15,
    shareEarlyMin: 15,
    shareLateMin: 30,
    shareAnswerMin: 120,
    orderedApartMin: 15,
    corridorKm: 5,
    corridorPct: 50,
    stayMin: 10,
    wayApartKm: 10,
    wayApartPct: 30,
    costApartMin: 60,
  },
]

/** The row in force on a day of the region. */
export const dispatchLawOn = (day: string): DispatchLaw => rows.findLast((row) => row.from <= day) ?? rows[0]!
