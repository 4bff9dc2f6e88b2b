// What ingest can be told, by flag or environment variable.
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { z } from 'zod'
import { portSchema } from '../platform/config.ts'

const count = z.coerce.number().int('a whole number').positive('a number above 0')

const ownName = (): string =>
  `${hostname()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 30)}-${randomBytes(3).toString('hex')}`

export const configSchema = z.object({
  'database-url': z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'a postgresql:// address')
    .describe('The database, as the role of the services'),
  'database-kind': z
    .enum(['server', 'embedded'])
    .default('server')
    .describe('embedded = it runs one transaction after the other, and has the next one waiting while it runs one'),
  'mqtt-url': z
    .string()
    .regex(/^(mqtts?|wss?|tcp):\/\//, 'an mqtt:// address')
    .optional()
    .describe('A server broker (MQTT 5, shared subscriptions). Without it the embedded broker listens on mqtt-host and mqtt-port.'),
  'mqtt-host': z.string().min(1).default('127.0.0.1').describe('Address at which the embedded broker listens'),
  'mqtt-port': portSchema.default(1883).describe('Its port; 0 = any that is free'),
  'service-secret': z
    .string()
    .min(16, 'at least 16 characters')
    .describe('The password of morin-service, the account of our own services on the broker.'),
  worker: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'up to 40 small letters, digits or -')
    .default(ownName)
    .describe("What this worker is called in topics, counters and logs; by default its machine's name and something of its own."),
  'metrics-port': portSchema.default(0).describe('Prometheus metrics of this process on 127.0.0.1; 0 = none.'),
  'batch-size': count.default(5000).describe('Positions of a batch that is committed at once.'),
  'batch-age-ms': count.default(50).describe('The longest that a position waits for others, ms.'),
  buffer: count.default(50_000).describe('Positions held before senders are made to wait.'),
  'quarantine-days': count.default(90).describe('How long messages that could not be stored are kept'),
  'tally-days': count.default(400).describe('How long counters by the minute are kept'),
})
export type IngestConfig = z.infer<typeof configSchema>
