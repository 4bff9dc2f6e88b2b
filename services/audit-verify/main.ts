// `npm run audit:verify`: is the audit log what it was? It needs the log (a database or an export) and, to know a shortened or
// rewritten log, the signed heads with their public key. Exit code 0: nothing found; 1: tampering, or it could not be checked.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readHeads, readPublicKeys } from '../audit/heads.ts'
import { readConfig, runMain, StartupError } from '../platform/config.ts'
import { openDatabase } from '../platform/db.ts'
import { embeddedApplicationUrl } from '../platform/embeddedUrl.ts'
import { type Heads, type Outcome, type VerifyOptions, verifyLog } from './verify.ts'

const PROGRESS_MS = 5_000

const configSchema = z.object({
  data: z.string().optional().describe('A data directory of `npm start`, running: its database, heads and public key are found in it.'),
  'database-url': z.string().optional().describe('A database that holds the log'),
  file: z.string().optional().describe('An export (JSON lines) instead of a database.'),
  heads: z.string().optional().describe('File of signed heads (audit-heads.jsonl)'),
  'public-key': z.string().optional().describe('Public keys in PEM; heads may be signed with any of them.'),
  excerpt: z
    .enum(['true', 'false'])
    .default('false')
    .transform((value) => value === 'true')
    .describe('The file is an export with a filter: each record is checked by itself; what is missing cannot be known.'),
})
type Config = z.output<typeof configSchema>

await runMain(async () => {
  const config = await withDataDirectory(
    readConfig(configSchema, process.argv.slice(2), process.env, {
      command: 'npm run audit:verify --',
      does: 'Is the audit log what it was? Exit code 0 = nothing found; 1 = tampering, or it could not be checked.',
      example: 'npm run audit:verify -- --data ./data',
    }),
  )
  const say = (line: string) => process.stdout.write(`${line}\n`)
  if (!config.heads)
    say('no signed heads were given (--heads, --public-key): a log that was cut short or written anew cannot be known from itself')
  const begun = performance.now()
  let told = begun
  const { check, heads, headProblems, acts, found } = await verify(config, (records) => {
    if (performance.now() - told < PROGRESS_MS) return
    told = performance.now()
    process.stderr.write(`${records} records\n`)
  })
  const seconds = (performance.now() - begun) / 1000
  for (const problem of headProblems) say(`HEAD       ${problem}`)
  for (const { kind, says } of check.findings) say(`${kind.toUpperCase().padEnd(10)} ${says}`)
  if (check.findingCount > check.findings.length) say(`… and ${check.findingCount - check.findings.length} findings more`)
  for (const says of acts?.says ?? []) say(`ACT        ${says}`)
  const rate = Math.round(check.records / Math.max(seconds, 1e-6))
  say(`${check.records} records in ${seconds.toFixed(1)} s, ${rate} a second; ${heads} signed heads`)
  if (heads > 0 && check.findingCount === 0 && check.unsigned > 0) say(`the last ${check.unsigned} records are younger than the last head`)
  if (acts?.count === 0) say('every act has its record')
  say(found === 0 ? 'the log is whole' : verdictOf(check.firstWrong, acts))
  process.exitCode = found === 0 ? 0 : 1
})

function verdictOf(firstWrong: number | undefined, acts: Outcome['acts']): string {
  if (firstWrong !== undefined) return `THE LOG IS NOT WHAT IT WAS: first wrong record ${firstWrong}`
  return `THE LOG IS NOT WHAT IT WAS: ${acts?.count ? `${acts.count} rows have no record of who wrote them` : 'a head is wrong'}`
}

async function verify(config: Config, onProgress: (records: number) => void): Promise<Outcome> {
  const { file, 'database-url': url, excerpt } = config
  const options: VerifyOptions = { readHeads: config.heads ? () => openHeads(config) : undefined, excerpt, onProgress }
  if (file !== undefined) return verifyLog({ file }, options).catch(cannotRead(file))
  const db = openDatabase({ url: url!, applicationName: 'audit-verify', maxConnections: 1 })
  return verifyLog({ db }, options)
    .catch(cannotRead('The database'))
    .finally(() => db.close())
}

/** What the system or the database says is a sentence; anything else is a bug and shown whole. */
function cannotRead(what: string): (error: Error) => never {
  return (error) => {
    if (!('code' in error) || error instanceof TypeError) throw error
    throw new StartupError(`${what} cannot be read: ${error.message || String(error.code)}.`)
  }
}

async function openHeads(config: Config): Promise<Heads> {
  if (!config['public-key']) throw new StartupError('--heads needs --public-key, or nobody can tell whose they are.')
  const path = config['public-key']
  const keys = readPublicKeysOf(path, await read(path))
  return await readHeads(await read(config.heads!), keys)
}

function readPublicKeysOf(path: string, pem: string) {
  try {
    return readPublicKeys(pem)
  } catch (error) {
    throw new StartupError(`${path} is not to be read as a key: ${(error as Error).message}.`)
  }
}

function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(cannotRead(path))
}

/** What --data says, unless a flag of its own says otherwise. */
async function withDataDirectory(config: Config): Promise<Config> {
  const { data } = config
  if (data === undefined) {
    if (!config['database-url'] && !config.file) throw new StartupError('Give the log: --database-url, --file or --data.')
    return config
  }
  return {
    ...config,
    'database-url': config['database-url'] ?? (await embeddedApplicationUrl(data)),
    heads: config.heads ?? join(data, 'audit-heads.jsonl'),
    'public-key': config['public-key'] ?? join(data, 'audit-key.pub.pem'),
  }
}
