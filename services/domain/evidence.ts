// Evidence packages (证据包) of a case: how large one may become, and its states. Pure.
import { DAY_MS } from './days.ts'

export const evidenceStates = ['WAITING', 'BUILDING', 'READY', 'FAILED'] as const
export type EvidenceState = (typeof evidenceStates)[number]

/** A terminal's usual pace, and what a position takes in the four files of a track, packed. Measured: 66, npm run bench:evidence. */
const POSITIONS_PER_DAY = 8_640
const BYTES_PER_POSITION = 80
/** A picture, a place in the report, headers. */
const BYTES_PER_VEHICLE = 200_000
const BYTES_BESIDE = 2_000_000

/** A package is carried on a stick and opened in one piece: beyond this it is refused before any work. */
export const MAX_EVIDENCE_BYTES = 10_000_000_000

/** At most: as if each vehicle had sent at its usual pace all the time. */
export function estimateEvidence(
  vehicles: number,
  { fromMs, untilMs }: { fromMs: number; untilMs: number },
): { days: number; bytes: number } {
  const days = (untilMs - fromMs) / DAY_MS
  const bytes = BYTES_BESIDE + vehicles * (BYTES_PER_VEHICLE + days * POSITIONS_PER_DAY * BYTES_PER_POSITION)
  return { days: Math.ceil(days), bytes: Math.ceil(bytes) }
}

/** How many whole days of so many vehicles a package holds; at least one vehicle's day does. */
export const daysThatFit = (vehicles: number): number =>
  Math.floor((MAX_EVIDENCE_BYTES - BYTES_BESIDE - vehicles * BYTES_PER_VEHICLE) / (vehicles * POSITIONS_PER_DAY * BYTES_PER_POSITION))

/** 案〔2026〕0007-1 */
export const evidenceNumber = (caseNumber: string, nth: number): string => `${caseNumber}-${nth}`
