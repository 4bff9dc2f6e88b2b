// What is made public of trips (公示单): 时间 事由 地点 里程 油耗 费用, of which items, of which vehicles and for which kinds of purpose, by dated rules. Whatever the rules say, nothing
// of sensitive vehicles, of law enforcement and of confidential documents, no person and no home is public: a purpose is told by its kind alone, a place by its name where
// the ledger has it as a place of work.
import type { Lifecycle } from './lifecycle.ts'
import { tripPurposes } from './requests.ts'

export const publicationItems = ['tripDay', 'tripReason', 'tripPlace', 'tripKm', 'tripFuel', 'tripCost'] as const
export type PublicationItem = (typeof publicationItems)[number]
/** Classes of vehicles and kinds of purpose of which a rule may tell. */
export const publicClasses = ['official', 'leased'] as const
export const publicPurposes = tripPurposes.filter((purpose) => purpose !== 'documents' && purpose !== 'response')

export const publicationStates = ['DRAFTED', 'PUBLISHED', 'DROPPED', 'WITHDRAWN'] as const
export type PublicationState = (typeof publicationStates)[number]
export const publicationLifecycle = {
  publish: { from: ['DRAFTED'], to: 'PUBLISHED', by: 'publication.approve', notBy: ['draft'] },
  drop: { from: ['DRAFTED'], to: 'DROPPED', by: 'publication.approve' },
  withdraw: { from: ['PUBLISHED'], to: 'WITHDRAWN', by: 'publication.approve' },
} as const satisfies Lifecycle<PublicationState>
export type PublicationAction = keyof typeof publicationLifecycle
export const publicationActions = ['publish', 'drop', 'withdraw'] as const satisfies PublicationAction[]

/** A trip as it was drafted: of which vehicles is never told. */
export type DraftedTrip = {
  orderId: number
  vehicleIds: number[]
  unit: string
  day: string
  purpose: string
  place: string | null
  km: number
  fuelFen: number
  costFen: number
}
export type Drafted = {
  form: 'morin-publication-1'
  organisation: { organisationId: number; name: string }
  month: string
  items: PublicationItem[]
  trips: DraftedTrip[]
}

export type PublicTrip = { unit: string } & Partial<Record<'day' | 'purpose' | 'place', string | null>> &
  Partial<Record<'km' | 'fuelFen' | 'costFen', number>>
type PublicSum = { unit: string; trips: number } & Partial<Record<'km' | 'fuelFen' | 'costFen', number>>
export type Published = {
  form: 'morin-publication-1'
  organisation: string
  month: string
  items: PublicationItem[]
  units: PublicSum[]
  trips: PublicTrip[]
}

const fieldOf = {
  tripDay: 'day',
  tripReason: 'purpose',
  tripPlace: 'place',
  tripKm: 'km',
  tripFuel: 'fuelFen',
  tripCost: 'costFen',
} as const

/**
 * What may be read of it now. @param hidden vehicles that are sensitive by now: their trips are left out, and out of the sums, so that nothing is known by subtraction
 */
export function publicOf({ organisation, month, items, trips }: Drafted, hidden: ReadonlySet<number>): Published {
  const seen = trips.filter(({ vehicleIds }) => !vehicleIds.some((id) => hidden.has(id)))
  const units = new Map<string, PublicSum>()
  for (const trip of seen) {
    const sum = units.get(trip.unit) ?? { unit: trip.unit, trips: 0 }
    const added = { ...sum, trips: sum.trips + 1 }
    for (const item of ['tripKm', 'tripFuel', 'tripCost'] as const)
      if (items.includes(item)) added[fieldOf[item]] = Math.round(((sum[fieldOf[item]] ?? 0) + trip[fieldOf[item]]) * 10) / 10
    units.set(trip.unit, added)
  }
  return {
    form: 'morin-publication-1',
    organisation: organisation.name,
    ...{ month, items, units: [...units.values()] },
    trips: seen.map((trip) => ({ unit: trip.unit, ...Object.fromEntries(items.map((item) => [fieldOf[item], trip[fieldOf[item]]])) })),
  }
}
