// `npm run build`: the web and its base map, for an image or a server that serves it later.
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { readConfig, runMain } from '../platform/config.ts'
import { buildWeb } from './webBuild.ts'

runMain(async () => {
  readConfig(
    z.object({}),
    process.argv.slice(2),
    {},
    {
      command: 'npm run build',
      does: 'Builds the pages and the base map that npm start, or a server, serves.',
      example: 'npm run build',
    },
  )
  const tookMs = await buildWeb(fileURLToPath(new URL('../..', import.meta.url)))
  process.stdout.write(tookMs === 0 ? 'the web is current\n' : `web/dist built in ${(tookMs / 1000).toFixed(1)} s\n`)
})
