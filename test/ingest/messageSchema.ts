// The JSON schema of a message as docs/device-protocol.md prints it: made from the zod schema, without what only clutters a page.
import { z } from 'zod'
import { MAX_POSITIONS_PER_MESSAGE, positionSchema } from '../../services/contracts/position.ts'

export function messageSchemaForDocument(): unknown {
  const position = z.toJSONSchema(positionSchema, {
    io: 'input',
    override({ jsonSchema }) {
      // The pattern repeats what `format` says, and the safe integers what JSON readers do anyway.
      delete jsonSchema.pattern
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) {
        delete jsonSchema.minimum
        delete jsonSchema.maximum
      }
    },
  })
  const { $schema, ...definition } = position
  const reference = { $ref: '#/$defs/position' }
  return {
    $schema,
    anyOf: [reference, { type: 'array', items: reference, minItems: 1, maxItems: MAX_POSITIONS_PER_MESSAGE }],
    $defs: { position: definition },
  }
}
