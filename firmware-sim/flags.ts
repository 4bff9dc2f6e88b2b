// The command line. Each flag is also an environment variable of the same name: --mqtt-url is MQTT_URL.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { UsageError } from './usageError.ts'

const whole = (what: string) =>
  z
    .string()
    .regex(/^\d{1,9}$/, what)
    .transform(Number)
const positive = (what: string) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, what)
    .transform(Number)
    .refine((value) => value > 0, what)
const mqttUrl = z.string().regex(/^(mqtts?|tcp|wss?):\/\/\S+$/, 'must be an address such as mqtt://127.0.0.1:1883')
const instant = z.iso
  .datetime({ offset: true, error: 'must be an instant such as 2026-03-02T06:00:00Z' })
  .transform((text) => Date.parse(text))

/** Every flag with its default; absent means undefined. */
const flagsSchema = z.object({
  /** Broker, MQTT 3.1.1. */
  'mqtt-url': mqttUrl.default('mqtt://127.0.0.1:1883'),
  /** Directory where npm start keeps its data; the manifest is looked for there. */
  data: z.string().default('./data'),
  /** Manifest of terminals; default terminals.json in the data directory. */
  manifest: z.string().optional(),
  /** Drive only the first so many terminals; default all. */
  vehicles: whole('must be a whole number').optional(),
  /** Seed of the driving; default the manifest's. */
  seed: whole('must be a whole number').optional(),
  /** Time runs this many times faster, starting in the past, until it has caught up with now. */
  'time-scale': positive('must be a number above 0').default(1),
  /** First instant of simulated time; default now, or as far back as a faster clock needs. */
  start: instant.optional(),
  /** File that keeps places, odometers and untaken positions over a restart; default none. */
  memory: z.string().optional(),
  connections: z.enum(['gateway', 'terminal'], 'must be gateway or terminal').default('gateway'),
  /** Stop after so many seconds; 0 = when told to. */
  duration: z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'must be a number of seconds')
    .transform(Number)
    .default(0),
  /** Load test: every vehicle drives without end and reports so many times a second. */
  'rate-hz': positive('must be a number above 0').optional(),
  /** Replay: recorded tracks instead of driving. */
  replay: z.array(z.string()).optional(),
  /** Replay: multiple of recorded time, or max. */
  speed: z
    .string()
    .regex(/^(max|\d*[1-9]\d*(\.\d+)?|0?\.\d*[1-9]\d*)$/, 'must be max or a number above 0')
    .transform((text) => (text === 'max' ? 'max' : Number(text)))
    .default('max'),
  /** Replay: device times as recorded, or shifted to now. */
  times: z.enum(['original', 'now'], 'must be original or now').default('original'),
  /** Replay: device=terminalId,… */
  bind: z.string().optional(),
  /** Replay: a file of device=terminalId lines. */
  'bind-file': z.string().optional(),
})
type FlagName = keyof z.infer<typeof flagsSchema>
export type Flags = Omit<z.infer<typeof flagsSchema>, 'manifest'> & { manifest: string }

/** @throws UsageError with one sentence naming the flag */
export function readFlags(argv: readonly string[], env: Record<string, string | undefined>): Flags {
  const names = Object.keys(flagsSchema.shape) as FlagName[]
  const given = parse(argv, names)
  const fromEnv = (name: FlagName) => (name === 'replay' ? undefined : env[name.toUpperCase().replaceAll('-', '_')] || undefined)
  const input = Object.fromEntries(names.map((name) => [name, given[name] ?? fromEnv(name)]))
  const parsed = flagsSchema.safeParse(input)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const name = issue?.path[0] as FlagName
    throw new UsageError(`--${name} ${issue?.message}, not ${JSON.stringify(input[name])}.`)
  }
  return { ...parsed.data, manifest: parsed.data.manifest ?? join(parsed.data.data, 'terminals.json') }
}

/** Files may follow --replay without repeating the flag. */
function parse(argv: readonly string[], names: FlagName[]): Partial<Record<FlagName, string | string[]>> {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const, multiple: name === 'replay' }])),
      allowPositionals: true,
    })
    const replay = values.replay as string[] | undefined
    if (replay) return { ...values, replay: [...replay, ...positionals] } as Partial<Record<FlagName, string | string[]>>
    if (positionals.length > 0) throw new UsageError(`${positionals[0]} is not a flag; files are given with --replay.`)
    return values as Partial<Record<FlagName, string>>
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError((error as Error).message.split(/\. |\n/)[0]?.replace(/\.?$/, '.'))
  }
}
