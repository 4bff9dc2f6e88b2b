// `statusOf` of the contracts, said in SQL from the same constants; a test holds the two together.
import { FLAG_IGNITION, MOVING_STALE_S, STANDING_BELOW_DKPH, STANDING_STALE_S } from '../../contracts/status.ts'

/** Status of the row `s` of last_states at the instant `$now`; a vehicle that never reported is offline. */
export const statusSql = (now: string): string => `
  CASE
    WHEN s.ts IS NULL THEN 'offline'
    WHEN (s.flags & ${FLAG_IGNITION}) <> 0 AND coalesce(s.speed_dkph, 0) >= ${STANDING_BELOW_DKPH}
      THEN CASE WHEN s.ts >= ${now}::timestamptz - interval '${MOVING_STALE_S} s' THEN 'moving' ELSE 'offline' END
    WHEN s.ts < ${now}::timestamptz - interval '${STANDING_STALE_S} s' THEN 'offline'
    WHEN (s.flags & ${FLAG_IGNITION}) <> 0 THEN 'idle'
    ELSE 'parked'
  END`
