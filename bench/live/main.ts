// `npm run bench:live`: publish → painted in a real browser, with the whole fleet at its normal rate; then frame times, the main thread's share and bytes
// a viewer at four views, at that rate and with all 23,188 vehicles moving; then what a tick costs for 100 viewers. Everything runs on this machine, the
// browser with software GL beside it. `--against COMMIT` has the older build measured turn about. Ends with one line of JSON.
import { spawnSync } from 'node:child_process'
import { z } from 'zod'
import { readConfigOrEnd } from '../../services/platform/config.ts'
import { root } from '../checkout.ts'
import { type Figures, turnAbout } from '../turns.ts'
import { measureBuild } from './measure.ts'

const { probes, seconds, turns, against } = readConfigOrEnd(
  z.object({
    probes: z.coerce.number().int().positive().default(120).describe('Positions whose way to the screen is timed'),
    seconds: z.coerce.number().positive().default(10).describe('How long frames are watched at each view and rate'),
    turns: z.coerce.number().int().positive().default(1).describe('How often each build is measured; figures are medians'),
    against: z.string().min(1).optional().describe('A commit, or a working copy, that is measured turn about with this build'),
  }),
  {
    command: 'npm run bench:live --',
    does: 'From publish to painted in a real browser, frames at four views and two rates, and a tick for 100 viewers. Ends with one line of JSON.',
    example: 'npm run bench:live -- --probes 20',
  },
)
const figures = against ? await turnAbout(against, turns, measure) : await measure(root)
process.stdout.write(`${JSON.stringify(figures)}\n`)

async function measure(dir: string): Promise<Figures> {
  run(dir, 'services/embedded/webBuildMain.ts')
  const live = await measureBuild(dir, probes, seconds, (line) => process.stderr.write(`${line}\n`))
  return { ...live, ticks: JSON.parse(run(dir, 'bench/live/picture.ts').trim().split('\n').at(-1)!) as Figures }
}

/** Runs a program of a build to its end and returns what it said; the picture's figures are told on stderr. */
function run(dir: string, program: string): string {
  const { status, stderr } = spawnSync(process.execPath, ['--import=tsx', program], { cwd: dir, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} of ${dir}: ${stderr}`)
  return stderr
}
