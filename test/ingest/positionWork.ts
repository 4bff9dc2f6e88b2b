// Positions as one transaction is given them, for tests that begin behind the door.
import type { Position } from '../../services/contracts/position.ts'
import type { Kind } from '../../services/ingest/kinds/kind.ts'
import { createLocation } from '../../services/ingest/kinds/location.ts'
import type { Fault } from '../../services/ingest/message.ts'
import { createRowEncoder, type PositionReading } from '../../services/ingest/positions/rows.ts'
import { partOf, type Work } from '../../services/ingest/work.ts'
import type { Queryable } from '../../services/platform/db.ts'

/** The kind of positions, ready to store in this database. */
export const openLocation = async (db: Queryable): Promise<Kind<Position>> => createLocation(await createRowEncoder(db))

/** These positions and nothing else. */
export const positionWork = (location: Kind<Position>, readings: readonly PositionReading[], faults: readonly Fault[] = []): Work => ({
  parts: [partOf(location, readings, faults)],
})
