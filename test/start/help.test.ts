// Every command of ours says with --help what it does, and with which flags, without doing it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { z } from 'zod'
import { helpText } from '../../services/contracts/commandLine.ts'
import type { Said } from './askForHelp.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { scripts: Record<string, string> }
/** Those that run a program of ours; the others are other people's tools. */
const commands = Object.entries(scripts).flatMap(([name, script]) => {
  const [, file, flag] = /^(?:exec )?node (?:--\S+ )*(\S+\.(?:ts|mjs))( --long)?$/.exec(script) ?? []
  return file ? [{ name, file, flags: flag ? ['--long'] : [] }] : []
})

async function run(...args: string[]): Promise<{ code: number; text: string; errors: string }> {
  const child = spawn(process.execPath, args, { cwd: root })
  const [said, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code: code as number, text: said, errors }
}

t.test('each command of package.json answers --help with its own name, what it does and an example, and ends well', async (t) => {
  t.ok(commands.length >= 15, `${commands.length} commands`)
  const programs = commands.filter(({ file }) => file.endsWith('.ts'))
  const asked = await run('--import=tsx', 'test/start/askForHelp.ts', ...programs.map(({ file }) => file))
  t.equal(asked.errors, '')
  const answers = new Map(
    asked.text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Said)
      .map((said) => [said.file, said]),
  )
  for (const { name, file, flags } of commands) {
    // One that is not typed in TypeScript loads the rest by itself.
    const { code, text, errors } = answers.get(file) ?? (await run(file, ...flags, '--help'))
    t.equal(code, 0, name)
    t.equal(errors, '', name)
    const typed = ['start', 'test'].includes(name) ? `npm ${name}` : `npm run ${name}`
    t.match(text, new RegExp(`^  ${typed}( --)?( [A-Z]+)?( \\[--flag value …\\]| \\[-- .*\\])?$`, 'm'))
    t.match(text, new RegExp(`^Example: ${typed}`, 'm'))
    t.match(text.split('\n')[0], /^\S.{20,}/)
    for (const line of text.split('\n'))
      if (/^ {2}--/.test(line)) t.match(line, /^ {2}--[a-z0-9-]+ +\S/, `${name} says what ${line.trim()} is for`)
  }
})

t.test('what the build and the suites run says it too', async (t) => {
  for (const file of ['firmware-sim/roads/export.ts', 'web/basemap/build.ts']) {
    const { code, text, errors } = await run('--import=tsx', file, '--help')
    t.same([code, errors], [0, ''], file)
    t.match(text, new RegExp(`^Example: node --import=tsx ${file}`, 'm'))
  }
})

t.test('a command that is asked for help ends by itself, and well', async (t) => {
  const { code, text } = await run('--import=tsx', 'services/ingest/main.ts', '--help')
  t.equal(code, 0)
  t.match(text, /^Example: npm run ingest/m)
})

t.test('a flag is shown with what it takes when nothing is given', async (t) => {
  const text = helpText(
    { command: 'npm run x --', does: 'Does x.', example: 'npm run x -- --must 1' },
    z.object({
      must: z.string().describe('Must be given'),
      port: z.coerce.number().default(8080).describe('A port.'),
      zone: z.string().default('480').describe('A zone; default the region’s'),
      free: z.string().optional().describe('A thing'),
    }),
  )
  t.match(text, /--must +Must be given \(required\)\n/)
  t.match(text, /--port +A port \(default 8080\)\n/)
  t.match(text, /--zone +A zone; default the region’s\n/)
  t.match(text, /--free +A thing\n/)
})
