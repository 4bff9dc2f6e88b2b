// Positions: `up/location`. What they are is in contracts/position.ts and docs/device-protocol.md, how they are stored in ../positions/.
import { MAX_POSITIONS_PER_MESSAGE, type Position } from '../../contracts/position.ts'
import { liveFrameTopic } from '../../contracts/topics.ts'
import { createLiveFrames } from '../positions/liveFrames.ts'
import { silencePhones } from '../positions/phones.ts'
import type { RowEncoder } from '../positions/rows.ts'
import { storePositions } from '../positions/store.ts'
import { validatePosition } from '../positions/validate.ts'
import { jsonElements } from './jsonElements.ts'
import type { Kind } from './kind.ts'

const many = { most: MAX_POSITIONS_PER_MESSAGE, counted: 'positions', tooMany: 'too-many-positions' } as const

/** @param encode from `createRowEncoder` of the database that it stores in */
export function createLocation(encode: RowEncoder): Kind<Position> & { readonly name: 'location' } {
  const liveFrameOf = createLiveFrames()
  return {
    name: 'location',
    counted: many.counted,
    countsItself: true,
    decode: (payload) => jsonElements(payload, many),
    validate: validatePosition,
    timeMs: ({ tsMs }) => tsMs,
    async store(client, worker, readings) {
      const stored = await storePositions(client, encode, worker, readings)
      await silencePhones(client, readings)
      return stored
    },
    tell: (worker, moved, committedAtMs) => [liveFrameTopic(worker), liveFrameOf(moved, committedAtMs)],
  }
}
