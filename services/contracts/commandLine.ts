// What a command of ours says of itself when it is asked with --help: read from the schema of its flags, so that it cannot fall behind.
import type { z } from 'zod'

/** A command as it is typed, what it does, and one way of calling it that works. */
export type Program = { command: string; does: string; example: string }

const WIDTH = 100

export const asksForHelp = (argv: readonly string[]): boolean => argv.includes('--help') || argv.includes('-h')

/** Each key of `flags` is a flag; its `.describe()` says what it is for, and what it takes when nothing is given stands behind. */
export function helpText(program: Program, flags: z.ZodObject<z.ZodRawShape>): string {
  const rows = Object.entries(flags.shape).map(([name, schema]) => [`--${name}`, saysOf(schema as z.ZodType)] as const)
  const indent = Math.max(...rows.map(([flag]) => flag.length), 0) + 4
  return [
    ...wrap(program.does, 0),
    '',
    `  ${program.command}${rows.length > 0 ? ' [--flag value …]' : ''}`,
    '',
    ...rows.flatMap(([flag, says]) => {
      const [first, ...more] = wrap(says, indent)
      return [`  ${flag.padEnd(indent - 2)}${first!.trimStart()}`, ...more]
    }),
    ...(rows.length > 0 ? ['', 'A flag may be given as an environment variable of the same name: --some-flag is SOME_FLAG.'] : []),
    `Example: ${program.example}`,
    '',
  ].join('\n')
}

function saysOf(schema: z.ZodType): string {
  const says = (schema.description ?? '').replace(/\.$/, '')
  const unset = schema.safeParse(undefined)
  if (!unset.success) return `${says} (required)`.trim()
  // What is worked out at each start, or reads otherwise than it is typed, is in words in the description.
  if (
    /\bdefault\b/.test(says) ||
    unset.data === undefined ||
    typeof unset.data === 'object' ||
    schema.safeParse(undefined).data !== unset.data
  )
    return says
  return `${says} (default ${unset.data === '' ? 'nothing' : unset.data})`.trim()
}

/** Lines of at most WIDTH letters, each after `indent` spaces. */
function wrap(text: string, indent: number): string[] {
  const lines: string[] = []
  let line = ' '.repeat(indent)
  for (const word of text.split(' ')) {
    if (line.trim() !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = ' '.repeat(indent)
    }
    line += line.trim() === '' ? word : ` ${word}`
  }
  return [...lines, line]
}
