// `npm run mosquitto:accounts`: writes `passwd` and `acl` for a Mosquitto broker, from the terminal manifest in the data directory.
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { manifestSchema } from '../../contracts/manifest.ts'
import { readConfig, runMain, StartupError } from '../../platform/config.ts'
import { manifestPath } from '../demo/seed.ts'
import { mosquittoFiles } from './accounts.ts'

const configSchema = z.object({
  data: z.string().min(1).default('./data'),
  out: z.string().min(1),
  'service-secret': z.string().min(16, 'at least 16 characters'),
})

runMain(async () => {
  const config = readConfig(configSchema, process.argv.slice(2), process.env)
  const text = await readFile(manifestPath(config.data), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw new StartupError(`${manifestPath(config.data)} cannot be read: ${error.message}.`)
  })
  const files = mosquittoFiles(config['service-secret'], text === null ? null : manifestSchema.parse(JSON.parse(text)))
  for (const [name, content] of Object.entries(files)) {
    const path = join(config.out, name)
    await writeFile(path, content, { mode: 0o600 })
    await chmod(path, 0o600)
  }
  process.stdout.write(
    `${join(config.out, 'passwd')} and acl written${text === null ? ' for the services alone: there is no terminal manifest' : ''}\n`,
  )
})
