// What the demo's people have ordered and its simulated vehicles drive: a local file, written whole by the demand and read by the simulator.
import { z } from 'zod'

const errandSchema = z.object({
  /** The order: a vehicle drives each once. */
  order: z.int(),
  plate: z.string(),
  /** When it leaves from where it stands, and until when it stays at its destination; ms since 1970. */
  leaveMs: z.number(),
  stayUntilMs: z.number(),
  /** Pick-up, if that is known, and destination: WGS-84 [lon, lat]. */
  stops: z.array(z.tuple([z.number(), z.number()])).min(1),
})
export const errandsSchema = z.array(errandSchema)
export type Errand = z.infer<typeof errandSchema>
