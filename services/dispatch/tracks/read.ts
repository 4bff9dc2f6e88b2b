// The door to a vehicle's past: is it within reach, and the record that someone looked, committed before anything is read.
import type { Database } from '../../platform/db.ts'
import type { Reachable, Who } from '../kernel/caller.ts'
import { recordLook } from '../kernel/look.ts'

export type TrackRead = Who<Reachable> & {
  vehicleId: number
  from: Date
  to: Date
  purpose: string | undefined
  atMs: number
}

/** The record says the window that was asked for: what will be found in it is not known yet. @throws Refusal NOT_FOUND */
export const recordRead = (db: Database, part: 'track' | 'trips', { from, to, ...read }: TrackRead): Promise<void> =>
  recordLook(db, { ...read, action: `${part}.view`, part, detail: { from, to } })
