// `statusOf` of the contracts, said in SQL from the same constants; a test holds the two together.
import {
  CLOCK_AHEAD_S,
  FLAG_DISPLACED,
  FLAG_IGNITION,
  FLAG_STUCK,
  MOVING_STALE_S,
  STANDING_BELOW_DKPH,
  STANDING_STALE_S,
} from '../../domain/status.ts'

/** Status of the row `s` of last_states at the instant `$now`; a vehicle that never reported is offline. */
export const statusSql = (now: string): string => `
  CASE
    WHEN s.ts IS NULL THEN 'offline'
    WHEN (s.flags & ${FLAG_DISPLACED}) <> 0 OR (coalesce(s.speed_dkph, 0) >= ${STANDING_BELOW_DKPH} AND (s.flags & ${FLAG_STUCK}) = 0)
      THEN CASE WHEN least(s.ts, s.received_at) >= ${now}::timestamptz - interval '${MOVING_STALE_S} s' THEN 'moving' ELSE 'offline' END
    WHEN least(s.ts, s.received_at) < ${now}::timestamptz - interval '${STANDING_STALE_S} s' THEN 'offline'
    WHEN (s.flags & ${FLAG_IGNITION}) <> 0 THEN 'idle'
    ELSE 'parked'
  END`

/** Is the last report `s` from a clock that was ahead when it arrived? */
export const clockAheadSql = `s.ts > s.received_at + interval '${CLOCK_AHEAD_S} s'`
