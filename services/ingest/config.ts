// What ingest can be told, by flag or environment variable.
import { z } from 'zod'
import { portSchema } from '../platform/config.ts'

const count = z.coerce.number().int('a whole number').positive('a number above 0')

export const configSchema = z.object({
  'database-url': z.string().regex(/^postgres(ql)?:\/\//, 'a postgresql:// address'),
  /** A server broker (MQTT 5, shared subscriptions). Without it the embedded broker listens on mqtt-host and mqtt-port. */
  'mqtt-url': z
    .string()
    .regex(/^(mqtts?|wss?|tcp):\/\//, 'an mqtt:// address')
    .optional(),
  'mqtt-host': z.string().min(1).default('127.0.0.1'),
  'mqtt-port': portSchema.default(1883),
  /** The password of morin-service, the account of our own services on the broker. */
  'service-secret': z.string().min(16, 'at least 16 characters'),
  /** The name of this worker: in its topics, its session and its counters. No two running workers may share it. */
  worker: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'up to 40 small letters, digits or -')
    .default('ingest-1'),
  /** Prometheus metrics of this process on 127.0.0.1; 0 = none. */
  'metrics-port': portSchema.default(0),
  /** Positions of a batch that is committed at once. */
  'batch-size': count.default(5000),
  /** The longest that a position waits for others, ms. */
  'batch-age-ms': count.default(50),
  /** Positions held before senders are made to wait. */
  buffer: count.default(50_000),
  'quarantine-days': count.default(90),
  'tally-days': count.default(400),
})
export type IngestConfig = z.infer<typeof configSchema>
