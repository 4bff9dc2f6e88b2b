// Is an element a position as contracts/position.ts says? The same question as `positionSchema.safeParse`, a tenth of the work: it makes nothing, and says
// nothing of why not. The bounds are read off the schema, so that they stand there alone.
import { z } from 'zod'
import { type PositionMessage, positionSchema } from '../../contracts/position.ts'

type Bound = { name: keyof PositionMessage; min: number; max: number; whole: boolean; optional: boolean }

const datetime = z.core.regexes.datetime({ offset: true })
const { time: _time, ignition: _ignition, ...numeric } = positionSchema.shape
const bounds: readonly Bound[] = Object.entries(numeric).map(([name, field]) => {
  const number = field instanceof z.ZodOptional ? field.unwrap() : field
  const { minValue, maxValue, isInt } = number
  if (minValue === null || maxValue === null) throw new Error(`a position's ${name} has no bounds`)
  return { name: name as Bound['name'], min: minValue, max: maxValue, whole: isInt, optional: field !== number }
})

/** The element if `positionSchema` takes it; otherwise undefined, and the schema says why. What it holds beside a position is left in. */
export function wellFormed(element: unknown): PositionMessage | undefined {
  if (typeof element !== 'object' || element === null || Array.isArray(element)) return undefined
  const message = element as PositionMessage
  const { time, ignition } = message
  if (typeof time === 'number' ? !Number.isSafeInteger(time) : typeof time !== 'string' || !datetime.test(time)) return undefined
  if (ignition !== undefined && typeof ignition !== 'boolean') return undefined
  for (const { name, min, max, whole, optional } of bounds) {
    const value = message[name]
    if (value === undefined && optional) continue
    // NaN is neither below nor above.
    if (typeof value !== 'number' || !(value >= min && value <= max) || (whole && !Number.isInteger(value))) return undefined
  }
  return message
}
