// The command line. Each flag is also an environment variable of the same name: --mqtt-url is MQTT_URL.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { helpText } from '../services/contracts/commandLine.ts'
import { ZONE_OFFSET_MS } from '../services/domain/days.ts'
import { readOffset } from '../services/tables/writtenTime.ts'
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

/** Every flag with its default; absent means undefined. utc-offset is minutes east of UTC. */
const flagsSchema = z.object({
  'mqtt-url': mqttUrl.default('mqtt://127.0.0.1:1883').describe('Broker, MQTT 3.1.1.'),
  data: z.string().default('./data').describe('Directory where npm start keeps its data; the manifest is looked for there.'),
  manifest: z.string().optional().describe('Manifest of terminals; default terminals.json in the data directory.'),
  vehicles: whole('must be a whole number').optional().describe('Drive only the first so many terminals; default all.'),
  seed: whole('must be a whole number').optional().describe("Seed of the driving; default the manifest's."),
  'time-scale': positive('must be a number above 0')
    .default(1)
    .describe('Time runs this many times faster, starting in the past, until it has caught up with now.'),
  start: instant.optional().describe('First instant of simulated time; default now, or as far back as a faster clock needs.'),
  memory: z.string().optional().describe('File that keeps places, odometers and untaken positions over a restart; default none.'),
  errands: z.string().optional().describe('File of what was ordered, which those vehicles drive; it is read again when it changes.'),
  connections: z
    .enum(['gateway', 'terminal'], 'must be gateway or terminal')
    .default('gateway')
    .describe('gateway = one connection for all; terminal = one each'),
  duration: z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'must be a number of seconds')
    .transform(Number)
    .default(0)
    .describe('Stop after so many seconds; 0 = when told to.'),
  'rate-hz': positive('must be a number above 0')
    .optional()
    .describe('Load test: every vehicle drives without end and reports so many times a second.'),
  replay: z.array(z.string()).optional().describe('Replay: recorded tracks instead of driving.'),
  speed: z
    .string()
    .regex(/^(max|\d*[1-9]\d*(\.\d+)?|0?\.\d*[1-9]\d*)$/, 'must be max or a number above 0')
    .transform((text) => (text === 'max' ? 'max' : Number(text)))
    .default('max')
    .describe('Replay: multiple of recorded time, or max.'),
  times: z
    .enum(['original', 'now'], 'must be original or now')
    .default('original')
    .describe('Replay: device times as recorded, or shifted to now.'),
  'utc-offset': z
    .string()
    .transform((text, context) => {
      const offset = readOffset(text)
      if (offset === undefined) context.addIssue({ code: 'custom', message: 'must be an offset such as +08:00' })
      return offset ?? z.NEVER
    })
    .default(ZONE_OFFSET_MS / 60_000)
    .describe('Replay: zone of CSV times that say none, such as +01:00; default the region’s, +08:00'),
  bind: z.string().optional().describe('Replay: which device of the recording is which terminal: device=terminalId,…'),
  'bind-file': z.string().optional().describe('Replay: a file of device=terminalId lines'),
})

/** What --help prints. */
export const usage = (): string =>
  helpText(
    {
      command: 'npm run sim --',
      does: 'Simulated terminals: drives a fleet, or replays recorded tracks (GPX, CSV), against a broker. Ends with one line of JSON.',
      example: 'npm run sim -- --replay track.gpx --bind "Truck 7=T15010200001" --speed 60',
    },
    flagsSchema,
  )

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
