// `npm run evidence:verify -- FILE [--key PUB]`: is an evidence package what was signed? It needs the file and the public key, and nothing of the platform.
// Exit code 0: intact; 1: changed; 2: nobody can say (no key, no means, a file that cannot be read); 64: called wrongly.
import { open, readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Source } from '../evidence/container.ts'
import { readGivenKeys } from '../evidence/keys.ts'
import { type Outcome, type Verdict, verifyPackage } from '../evidence/verify.ts'
import { findingText, type Language, verdictText } from '../evidence/words.ts'
import { readConfig, runMain, StartupError } from '../platform/config.ts'

const exitCodes: Record<Verdict, number> = { intact: 0, changed: 1, unchecked: 2 }
const UNREADABLE = 2
const WRONG_CALL = 64

const configSchema = z.object({
  key: z
    .string()
    .optional()
    .describe('The public key: a file in PEM, or its fingerprint of 64 hexadecimal digits. Got by another way than with the package.'),
  language: z.enum(['zh-CN', 'en']).default('zh-CN').describe('In which the findings are said.'),
  json: z
    .enum(['true', 'false'])
    .default('false')
    .transform((value) => value === 'true')
    .describe('The outcome as JSON, for programs.'),
})

await runMain(async () => {
  const [file, ...flags] = firstIsFile(process.argv.slice(2))
  const config = readConfigOf(flags)
  if (file === undefined) throw new StartupError('Give the file of the package first.', { exitCode: WRONG_CALL })
  const keys = config.key === undefined ? [] : await keysOf(config.key)
  const handle = await open(file).catch(cannotRead(file))
  const { size } = await handle.stat()
  const source: Source = {
    size,
    async read(from, until) {
      const bytes = Buffer.alloc(until - from)
      const { bytesRead } = await handle.read(bytes, 0, bytes.byteLength, from)
      return bytes.subarray(0, bytesRead)
    },
  }
  const outcome = await verifyPackage(source, { keys }).catch(cannotRead(file))
  await handle.close()
  process.stdout.write(config.json ? `${JSON.stringify(outcome)}\n` : said(outcome, config.language))
  process.exitCode = exitCodes[outcome.verdict]
})

function said({ verdict, findings, manifest }: Outcome, language: Language): string {
  const lines = [
    verdictText(verdict, language),
    ...findings.map((finding) => `  ${finding.code.padEnd(18)} ${findingText(finding, language)}`),
  ]
  if (manifest) {
    const { number, case: of, madeBy, madeAt, period, signature, audit, parts } = manifest
    lines.push(
      `${number}  ${of.number}  ${of.purpose}`,
      `${period.from} – ${period.until}  ${manifest.datum}`,
      `${madeBy.displayName} (${madeBy.username})  ${madeAt}`,
      `${signature.algorithm}  ${signature.fingerprint}`,
      `audit log ${audit.seq}  ${audit.algorithm} ${audit.hash}`,
      `${parts.length} parts, ${parts.reduce((sum, { bytes }) => sum + bytes, 0)} bytes`,
    )
  }
  return `${lines.join('\n')}\n`
}

/** The file may stand before its flags. */
function firstIsFile(args: string[]): [string | undefined, ...string[]] {
  return args[0] !== undefined && !args[0].startsWith('-') ? [args[0], ...args.slice(1)] : [undefined, ...args]
}

function readConfigOf(flags: string[]): z.output<typeof configSchema> {
  try {
    return readConfig(
      configSchema,
      flags,
      {},
      {
        command: 'npm run evidence:verify -- FILE',
        does: 'Is an evidence package what was signed? Exit code 0 = intact; 1 = changed; 2 = nobody can say (no key, no means, or a file that cannot be read); 64 = called wrongly.',
        example: 'npm run evidence:verify -- package.zip --key evidence-key.pub.pem',
      },
    )
  } catch (error) {
    if (error instanceof StartupError) throw new StartupError(error.message, { exitCode: WRONG_CALL })
    throw error
  }
}

async function keysOf(key: string): Promise<string[]> {
  const keys = readGivenKeys(key) ?? readGivenKeys(await readFile(key, 'utf8').catch(cannotRead(key)))
  if (!keys)
    throw new StartupError(`${key} is neither a public key in PEM nor a fingerprint of 64 hexadecimal digits.`, { exitCode: WRONG_CALL })
  return keys
}

/** What the system says is a sentence; anything else is a bug and shown whole. */
function cannotRead(what: string): (error: Error) => never {
  return (error) => {
    if (!('code' in error) || error instanceof TypeError) throw error
    throw new StartupError(`${what} cannot be read: ${error.message}.`, { exitCode: UNREADABLE })
  }
}
