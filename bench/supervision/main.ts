// What rules of supervision find and cost: npm run bench:supervision [-- --vehicles 40 --seed 1 | --only fleet --scale 0.02 --days 1,10]. One line of JSON a measure.
import { z } from 'zod'
import { readConfigOrEnd } from '../../services/platform/config.ts'
import { measureFleetDay } from './fleetDay.ts'
import { measureLabelled } from './labelled.ts'

const config = readConfigOrEnd(
  z.object({
    only: z.enum(['labelled', 'fleet']).default('labelled').describe('labelled: how right they are; fleet: what they cost'),
    scale: z.coerce.number().min(0.001).max(1).default(0.02).describe('How much of the fleet works'),
    days: z
      .string()
      .regex(/^[1-9]\d*(,[1-9]\d*)*$/, 'numbers of days, separated by commas')
      .default('1,10')
      .transform((text) => text.split(',').map(Number))
      .describe('Days of the history, which grows from each to the next; the last is judged'),
    vehicles: z.coerce.number().int().min(1).max(2_000).default(40).describe('Vehicles of the month'),
    seed: z.coerce.number().int().min(1).max(99_999).default(1).describe('The same seed makes the same month'),
    show: z.coerce.number().int().min(0).max(1_000).default(0).describe('So many of the wrong and of the missed are listed'),
  }),
  {
    command: 'npm run bench:supervision --',
    does: 'How right the rules of supervision are (precision and recall of each over a synthetic month with planted misuse), and what judging costs.',
    example: 'npm run bench:supervision -- --vehicles 200 --seed 7 --show 5',
  },
)
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)
if (config.only === 'fleet') await measureFleetDay(say, config)
else {
  const began = performance.now()
  const { wrong, missed, ...line } = measureLabelled(config.vehicles, config.seed)
  const shown = config.show > 0 ? { wrong: wrong.slice(0, config.show), missed: missed.slice(0, config.show) } : {}
  say({ measure: 'labelled', seed: config.seed, ...line, ...shown, ms: Math.round(performance.now() - began) })
}
