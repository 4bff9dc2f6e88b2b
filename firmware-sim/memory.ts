// What vehicles and terminals keep while the simulator is off: where each stands, its odometer and tank, and the positions that no broker
// has taken yet. Written every minute and at the end, so that a restart goes on instead of moving the fleet and turning odometers back.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { positionSchema } from '../services/contracts/position.ts'
import { UsageError } from './usageError.ts'

const keptVehicleSchema = z.object({
  lon: z.number(),
  lat: z.number(),
  odometerM: z.number().min(0),
  fuelPct: z.number().optional(),
  socPct: z.number().optional(),
  /** It was on the road: it sets off again soon. */
  driving: z.boolean(),
  /** Positions not taken yet, oldest first. */
  stored: z.array(positionSchema.extend({ time: z.number() })).optional(),
})
const memorySchema = z.record(z.string(), keptVehicleSchema)

export type KeptVehicle = z.infer<typeof keptVehicleSchema>
/** By terminal number. */
export type Memory = Record<string, KeptVehicle>

/** Reads what was kept; nothing at a first start. @throws UsageError when the file is damaged. */
export function readMemory(path: string): Memory {
  try {
    return memorySchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new UsageError(`The simulator's memory ${path} cannot be read; remove it to start the fleet afresh.`)
  }
}

/** Replaces the file whole, so that a crash leaves the old one or the new one. */
export function writeMemory(path: string, memory: Memory): void {
  writeFileSync(`${path}.new`, JSON.stringify(memory), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
