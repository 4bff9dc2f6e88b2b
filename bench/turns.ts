// This build and another, measured turn about in the same hour: an hour of this machine is no other hour.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { checkout, root } from './checkout.ts'

/** What one run says: figures, in as many rooms as it likes. */
export type Figures = { [name: string]: number | string | null | Figures }

/** `{ this, other, ratio }`: the median of each figure over the turns, and this build's through the other's where both are numbers. */
export async function turnAbout(
  named: string,
  turns: number,
  measure: (dir: string) => Promise<Figures>,
): Promise<{ this: Figures; other: Figures; ratio: Figures }> {
  const against = checkout(named)
  const said: { this: Figures[]; other: Figures[] } = { this: [], other: [] }
  try {
    for (let turn = 0; turn < turns; turn++)
      for (const [who, dir] of turn % 2
        ? ([
            ['this', root],
            ['other', against.dir],
          ] as const)
        : ([
            ['other', against.dir],
            ['this', root],
          ] as const))
        said[who].push(await measure(dir))
  } finally {
    against.remove()
  }
  const [ours, theirs] = [medians(said.this), medians(said.other)]
  return { this: ours, other: theirs, ratio: ratios(ours, theirs) }
}

/** Runs a benchmark of that build and reads the line of JSON that its output ends with. */
export async function lastLine(dir: string, script: string, args: readonly string[]): Promise<Figures> {
  const child = spawn(process.execPath, ['--import=tsx', script, ...args], { cwd: dir, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  let last = ''
  for await (const line of createInterface({ input: child.stdout })) last = line.trim() || last
  const code = await ended
  if (code !== 0) throw new Error(`${script} in ${dir} ended with ${code}`)
  return JSON.parse(last) as Figures
}

/** The flags that the other build is to be given: all but those that say with whom it is compared. */
export const flagsBut = (argv: readonly string[], ...names: readonly string[]): string[] =>
  argv.filter((word, i) => !names.some((name) => word === `--${name}` || word.startsWith(`--${name}=`) || argv[i - 1] === `--${name}`))

function medians(runs: readonly Figures[]): Figures {
  const [first] = runs
  return Object.fromEntries(
    Object.entries(first ?? {}).map(([name, value]) => {
      const all = runs.map((run) => run[name])
      if (typeof value === 'object' && value !== null) return [name, medians(all as Figures[])]
      if (typeof value !== 'number') return [name, value]
      const sorted = (all as number[]).sort((a, b) => a - b)
      return [name, sorted[sorted.length >> 1]!]
    }),
  )
}

function ratios(ours: Figures, theirs: Figures): Figures {
  const both = Object.entries(ours).flatMap(([name, value]): [string, Figures[string]][] => {
    const other = theirs[name]
    if (typeof value === 'number' && typeof other === 'number') return other === 0 ? [] : [[name, Math.round((value / other) * 100) / 100]]
    if (typeof value !== 'object' || value === null || typeof other !== 'object' || other === null) return []
    return [[name, ratios(value, other)]]
  })
  return Object.fromEntries(both)
}
