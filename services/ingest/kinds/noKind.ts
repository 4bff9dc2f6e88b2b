// What comes on no topic of ours, or on one of a kind that is not in the table: never stored, always counted and kept with its bytes.
import { MAX_POSITIONS_PER_MESSAGE } from '../../contracts/position.ts'
import { jsonElements } from './jsonElements.ts'
import type { Kind } from './kind.ts'

const many = { most: MAX_POSITIONS_PER_MESSAGE, counted: 'elements', tooMany: 'too-many-positions' } as const

export const noKind: Kind = {
  name: 'none',
  counted: many.counted,
  countsItself: false,
  decode: (payload) => jsonElements(payload, many),
  validate: () => ({ reason: 'bad-topic', detail: 'not a topic on which terminals send' }),
  timeMs: () => 0,
  store: () => Promise.reject(new Error('what is of no kind is not stored')),
}
