// Configuration is read once: flags, then environment variables of the same name (--mqtt-port = MQTT_PORT), then defaults.
// A value that is wrong, or a flag nobody knows, is fatal and says so in one sentence.
import { z } from 'zod'

/** Thrown for a mistake of whoever started the program: print the message alone, exit non-zero. */
export class StartupError extends Error {}

const environmentName = (flag: string): string => flag.replaceAll('-', '_').toUpperCase()

/**
 * Reads the configuration described by `schema`, whose keys are flag names such as `mqtt-port`.
 * @throws StartupError with one sentence naming the flag.
 */
export function readConfig<S extends z.ZodRawShape>(
  schema: z.ZodObject<S>,
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): z.infer<z.ZodObject<S>> {
  const given: Record<string, string> = {}
  const names = Object.keys(schema.shape)
  for (const name of names) {
    const value = environment[environmentName(name)]
    if (value !== undefined && value !== '') given[name] = value
  }
  for (let i = 0; i < argv.length; i++) {
    const match = /^--([a-z][a-z0-9-]*)(?:=(.*))?$/s.exec(argv[i]!)
    if (!match) throw new StartupError(`"${argv[i]}" is not a flag; flags look like --${names[0]} VALUE.`)
    const name = match[1]!
    if (!names.includes(name)) throw new StartupError(`Unknown flag --${name}. Known flags: ${names.map((n) => `--${n}`).join(', ')}.`)
    const value = match[2] ?? argv[++i]
    if (value === undefined || (match[2] === undefined && value.startsWith('--'))) throw new StartupError(`--${name} needs a value.`)
    given[name] = value
  }
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const name = String(issue.path[0])
  throw new StartupError(`--${name} (${environmentName(name)}): ${issue.message}; got "${given[name] ?? ''}".`)
}

export const portSchema = z.coerce
  .number()
  .int('a port is a whole number')
  .min(0, 'a port is 0 to 65535')
  .max(65_535, 'a port is 0 to 65535')

/** Runs a program's `main`: a StartupError becomes one sentence on stderr and exit code 1; any other error is shown whole. */
export async function runMain(main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    console.error(error instanceof StartupError ? `morin: ${error.message}` : error)
    process.exit(1)
  }
}
