// A look at a track, or at trips.
import type { Database } from '../../platform/db.ts'
import { type PastLook, recordPast } from '../kernel/pastLook.ts'

export type TrackRead = PastLook

/** @throws Refusal as `recordPast` says */
export const recordRead = (db: Database, part: 'track' | 'trips', read: TrackRead): Promise<void> =>
  recordPast(db, { action: `${part}.view`, part }, read)
