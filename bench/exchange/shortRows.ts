// What a small file of very many short rows costs everybody else: its upload through the door, and the worst pause of the event loop of
// dispatch meanwhile. Each row of the workbook lacks every other required cell.
// npm run bench:exchange:rows
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { z } from 'zod'
import { readConfigOrEnd } from '../../services/platform/config.ts'
import { openRegion, startWorld } from '../../test/dispatch/world.ts'
import { upload } from '../../test/exchange/files.ts'
import { SHORT_ROWS, shortRowsFile } from './shortRowsFile.ts'

readConfigOrEnd(z.object({}), {
  command: 'npm run bench:exchange:rows',
  does: 'What a small file of 59,000 short rows costs everybody else: the worst pause of the event loop of dispatch.',
  example: 'npm run bench:exchange:rows',
})
const endings: (() => unknown)[] = []
const test = { teardown: (work: () => unknown) => endings.unshift(work) }
const file = shortRowsFile()

try {
  const world = await startWorld(test as never, await openRegion(test as never))
  const signed = await world.signIn('bureau_admin')
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const startedAt = performance.now()
  const answer = await upload(world, signed, 'vehicles', file)
  const seconds = Number(((performance.now() - startedAt) / 1000).toFixed(2))
  const { problemCount } = answer.json()
  console.warn(
    JSON.stringify({
      bytes: file.length,
      rows: SHORT_ROWS,
      status: answer.status,
      problemCount,
      seconds,
      worstPauseMs: Math.round(delay.max / 1e6),
    }),
  )
} finally {
  for (const end of endings) await end()
}
