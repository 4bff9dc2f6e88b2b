// The manifest of terminals: what a simulator (or a commissioning tool) must know to speak for them. Holds secrets: mode 0600.
import { z } from 'zod'
import { adcodeSchema } from '../domain/region/region.ts'
import { energyTypeSchema, vehicleClassSchema } from '../domain/vehicleSchemas.ts'
import { TERMINAL_ID } from './topics.ts'

export const manifestTerminalSchema = z.object({
  terminalId: z.string().regex(TERMINAL_ID),
  secret: z.string().min(16),
  adcode: adcodeSchema,
  plate: z.string(),
  class: vehicleClassSchema,
  energy: energyTypeSchema,
  /** Where the vehicle sleeps: WGS-84 [lon, lat] degrees. */
  home: z.tuple([z.number(), z.number()]),
  odometerM: z.number().min(0),
})
export const manifestSchema = z.object({
  seed: z.int(),
  /** The gateway account that may publish for every terminal of this file. */
  gateway: z.object({ id: z.string(), secret: z.string().min(16) }),
  terminals: z.array(manifestTerminalSchema),
})
export type ManifestTerminal = z.infer<typeof manifestTerminalSchema>
export type Manifest = z.infer<typeof manifestSchema>
