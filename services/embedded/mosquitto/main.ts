// `npm run mosquitto:accounts`: writes `passwd` and `acl` for a Mosquitto broker, from the terminals of the database and the manifest in the
// data directory. With --watch it stays, and keeps them as the database has them.
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { type Manifest, manifestSchema } from '../../contracts/manifest.ts'
import { readConfig, runMain, StartupError } from '../../platform/config.ts'
import { type Database, onceDatabaseAnswers, openDatabase } from '../../platform/db.ts'
import { createLogger } from '../../platform/log.ts'
import { manifestPath } from '../demo/seed.ts'
import { openSecrets } from '../secrets.ts'
import { createVerifiers, manifestAccounts, mosquittoFiles, readAccounts } from './accounts.ts'
import { reload, writeFiles } from './files.ts'
import { watchAccounts } from './watch.ts'

const configSchema = z.object({
  data: z.string().min(1).default('./data').describe('Data directory with the manifest of terminals'),
  out: z.string().min(1).describe('Directory of the two files'),
  'service-secret': z
    .string()
    .min(16, 'at least 16 characters')
    .optional()
    .describe('Without it that of the data directory, made when there is none: the one that npm start uses'),
  'database-url': z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'a postgresql:// address')
    .optional()
    .describe('Database that has the terminals; without it they are those of the manifest'),
  watch: z.enum(['true', 'false']).default('false').describe('Stay, and keep the files as the database has the terminals'),
  'pid-file': z.string().min(1).optional().describe('Where the broker writes its process id, for telling it of changes'),
  'broker-pid': z.coerce.number().int('a process id').positive('a process id').optional().describe('Or that number'),
})

runMain(async () => {
  const config = readConfig(configSchema, process.argv.slice(2), process.env, {
    command: 'npm run mosquitto:accounts --',
    does: 'Writes passwd and acl for a Mosquitto broker: our services and the terminals that may connect.',
    example: 'npm run mosquitto:accounts -- --data ./data --out /etc/mosquitto/morin',
  })
  const watching = config.watch === 'true'
  const broker = { pid: config['broker-pid'], pidFile: config['pid-file'] }
  if (watching && !config['database-url']) throw new StartupError('--watch needs --database-url.')
  if (watching && broker.pid === undefined && broker.pidFile === undefined)
    throw new StartupError('--watch needs --pid-file or --broker-pid: the broker must be told of changes.')
  const manifest = await readManifest(config.data)
  const secret = config['service-secret'] ?? (await openSecrets(config.data)).serviceSecret
  const verifierOf = createVerifiers()
  const log = createLogger('accounts')
  const db = config['database-url']
    ? openDatabase({
        url: config['database-url'],
        applicationName: 'accounts',
        maxConnections: 1,
        onIdleError: (error) => log.warn({ error: error.message }, 'database connection lost'),
      })
    : undefined
  const render = async () => {
    const accounts = db ? await readAccounts(db, manifest, verifierOf) : manifestAccounts(manifest, verifierOf)
    return { files: mosquittoFiles(secret, manifest, accounts, verifierOf), terminals: accounts.length }
  }
  if (!watching) {
    const { files, terminals } = await render().finally(() => db?.close())
    await writeFiles(config.out, files)
    const whom = terminals === 0 ? 'the services alone: there is no terminal with a secret' : `the services and ${terminals} terminals`
    process.stdout.write(`${join(config.out, 'passwd')} and acl written for ${whom}\n`)
    return
  }
  await onceDatabaseAnswers(render, (error) => log.warn({ error: error.message }, 'waiting for the database'))
  const watch = watchAccounts({
    db: db!,
    render: async () => (await render()).files,
    write: (files) => writeFiles(config.out, files),
    reload: () => reload(broker),
    place: `${hostname()}:${resolve(config.out)}`,
    log,
  })
  const end = async (): Promise<void> => {
    await watch.stop()
    await (db as Database).close()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => void end())
})

async function readManifest(dataDir: string): Promise<Manifest | null> {
  const path = manifestPath(dataDir)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw new StartupError(`${path} cannot be read: ${error.message}.`)
  })
  return text === null ? null : manifestSchema.parse(JSON.parse(text))
}
