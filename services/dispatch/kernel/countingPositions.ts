// The positions that say where a vehicle was: its terminal's, and where that was silent its driver's phone's (domain/phoneFixes.ts).

/**
 * As a source `p` of rows. Each of the two tables is cut by itself, so that neither is sorted whole.
 * @param order an ORDER BY with a limit, where only the first are wanted; the asker says it once more
 */
export const countingPositions = (where: string, order: string): string => `(
  (SELECT ts, lon_e7, lat_e7, speed_dkph, heading_deg FROM positions p WHERE ${where} ${order}) UNION ALL
  (SELECT ts, lon_e7, lat_e7, speed_dkph, heading_deg FROM phone_positions p WHERE counts AND ${where} ${order})) p`
