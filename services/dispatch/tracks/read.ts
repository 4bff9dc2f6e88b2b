// The door to a vehicle's past: is it within reach, and within a case where whoever looks must have one; and the record that someone looked,
// committed before anything is read.
import type { Database } from '../../platform/db.ts'
import { grantFor, type Reachable, type Who } from '../kernel/caller.ts'
import { recordCaseLook } from '../kernel/caseLook.ts'
import { recordLook } from '../kernel/look.ts'

export type TrackRead = Who<Reachable> & {
  vehicleId: number
  from: Date
  to: Date
  purpose: string | undefined
  caseId: number | undefined
  atMs: number
}

/** The record says the window that was asked for: what will be found in it is not known yet. @throws Refusal NOT_FOUND, CASE_REQUIRED */
export const recordRead = (db: Database, part: 'track' | 'trips', { from, to, purpose, caseId, ...read }: TrackRead): Promise<void> => {
  const look = { ...read, action: `${part}.view`, part } as const
  const within = caseId !== undefined || grantFor(read.caller, 'track.view').caseRequired
  return within ? recordCaseLook(db, { ...look, caseId, from, to }) : recordLook(db, { ...look, purpose, detail: { from, to } })
}
