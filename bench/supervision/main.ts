// What rules of supervision find: npm run bench:supervision [-- --vehicles 40 --seed 1]. Judges a labelled synthetic month and prints precision and recall of each rule, in one line of JSON.
import { z } from 'zod'
import { readConfigOrEnd } from '../../services/platform/config.ts'
import { measureLabelled } from './labelled.ts'

const config = readConfigOrEnd(
  z.object({
    vehicles: z.coerce.number().int().min(1).max(2_000).default(40).describe('Vehicles of the month'),
    seed: z.coerce.number().int().min(1).max(99_999).default(1).describe('The same seed makes the same month'),
    show: z.coerce.number().int().min(0).max(1_000).default(0).describe('So many of the wrong and of the missed are listed'),
  }),
  {
    command: 'npm run bench:supervision --',
    does: 'How right the rules of supervision are: precision and recall of each over a synthetic month with planted misuse.',
    example: 'npm run bench:supervision -- --vehicles 200 --seed 7 --show 5',
  },
)
const began = performance.now()
const { wrong, missed, ...line } = measureLabelled(config.vehicles, config.seed)
const shown = config.show > 0 ? { wrong: wrong.slice(0, config.show), missed: missed.slice(0, config.show) } : {}
process.stdout.write(
  `${JSON.stringify({ measure: 'labelled', seed: config.seed, ...line, ...shown, ms: Math.round(performance.now() - began) })}\n`,
)
