// Configuration is read once: flags, then environment variables of the same name (--mqtt-port = MQTT_PORT), then defaults.
// A value that is wrong, or a flag nobody knows, is fatal and says so in one sentence.
import { z } from 'zod'
import { asksForHelp, helpText, type Program } from '../contracts/commandLine.ts'
import { databaseFault } from './databaseFaults.ts'

/** By this a program says that no further start will help (EX_DATAERR): whoever supervises it tries no more. */
export const FINAL_EXIT_CODE = 65

/** Thrown for a mistake of whoever started the program: print the message alone, exit with `exitCode`. */
export class StartupError extends Error {
  readonly exitCode: number

  constructor(message: string, { exitCode = 1, ...options }: ErrorOptions & { exitCode?: number } = {}) {
    super(message, options)
    this.exitCode = exitCode
  }
}

/** Somebody asked what this command is: `message` is the answer, and nothing is wrong. */
class HelpAsked extends Error {}

const environmentName = (flag: string): string => flag.replaceAll('-', '_').toUpperCase()

/**
 * Reads the configuration described by `schema`, whose keys are flag names such as `mqtt-port`. With --help `program` says what it is.
 * @throws StartupError with one sentence naming the flag; what --help prints, for `runMain`
 */
export function readConfig<S extends z.ZodRawShape>(
  schema: z.ZodObject<S>,
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  program: Program,
): z.infer<z.ZodObject<S>> {
  if (asksForHelp(argv)) throw new HelpAsked(helpText(program, schema))
  const given: Record<string, string> = {}
  const names = Object.keys(schema.shape)
  for (const name of names) {
    const value = environment[environmentName(name)]
    if (value !== undefined && value !== '') given[name] = value
  }
  for (let i = 0; i < argv.length; i++) {
    const match = /^--([a-z][a-z0-9-]*)(?:=(.*))?$/s.exec(argv[i]!)
    if (!match)
      throw new StartupError(`"${argv[i]}" is not a flag; ${names.length > 0 ? `flags look like --${names[0]} VALUE` : 'there are none'}.`)
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
  throw new StartupError(`--${name} (${environmentName(name)}): ${issue.message}; got "${shown(name, given[name] ?? '')}".`)
}

/** What was given, without what is secret in it: it is read by whoever reads the log. */
const shown = (name: string, value: string): string =>
  /(key|secret|password|token)$/.test(name) ? `${value.length} characters` : value.replace(/\/\/[^/@\s]*@/, '//…@')

export const portSchema = z.coerce
  .number()
  .int('a port is a whole number')
  .min(0, 'a port is 0 to 65535')
  .max(65_535, 'a port is 0 to 65535')

/** Runs a program's `main`: a StartupError, or a database that cannot be used, becomes one sentence on stderr and an exit code, mostly 1; any other error is shown whole. */
export async function runMain(main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    endBy(error)
  }
}

/** `readConfig` for a script that runs from top to bottom: what `runMain` would make of a mistake is made of it here. */
export function readConfigOrEnd<S extends z.ZodRawShape>(schema: z.ZodObject<S>, program: Program): z.infer<z.ZodObject<S>> {
  try {
    return readConfig(schema, process.argv.slice(2), {}, program)
  } catch (error) {
    return endBy(error)
  }
}

function endBy(error: unknown): never {
  if (error instanceof HelpAsked) {
    process.stdout.write(error.message)
    process.exit(0)
  }
  const sentence = error instanceof StartupError ? error.message : databaseFault(error)
  console.error(sentence ? `morin: ${sentence}` : error)
  process.exit(error instanceof StartupError ? error.exitCode : 1)
}
