// Travel times and distances by road: one port, whoever knows them.

import type { LonLat } from '../../domain/geofence.ts'
import type { LegResult } from '../../domain/roads.ts'

/** Ways from each of many places to each of others. `by`: a map of roads, or the estimate of domain/roads.ts. */
export type LegTable = { legs: LegResult[][]; by: 'router' | 'estimate' }

export type TravelTimes = {
  /** Rows are `from`, columns `to`. Answers always: where the router does not, with estimates. */
  table(from: readonly LonLat[], to: readonly LonLat[], atMs: number): Promise<LegTable>
  /** One way through all of these places, of which there are at least two. */
  route(through: readonly LonLat[], atMs: number): Promise<{ leg: LegResult; by: LegTable['by'] }>
  /** Since when the router that was named does not answer as it should; null: it does, or none was named. */
  failingSince(): number | null
}

/** A router that may fail. */
export type Router = {
  /** @throws RouterFailed */
  table(from: readonly LonLat[], to: readonly LonLat[], atMs: number): Promise<LegResult[][]>
  /** @throws RouterFailed */
  route(through: readonly LonLat[]): Promise<LegResult>
}

/** It did not answer in time, or not what it should. */
export class RouterFailed extends Error {}
