// The one command: embedded TimescaleDB, embedded broker, ingest, dispatch, web and simulator on one machine.
// Law: children start in the order of what they need and stop in the reverse, so that nothing acknowledged is ever in flight.
import { mkdir, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { portSchema, readConfig, runMain, StartupError } from '../platform/config.ts'
import { createLogger } from '../platform/log.ts'
import { applicationRole } from '../platform/migrate.ts'
import { type ChildSpec, NeverReady, SupervisedChild } from './child.ts'
import { embeddedDatabaseUrl } from './database/address.ts'
import { DEMO_PASSWORD } from './demo/people.ts'
import { manifestPath } from './demo/seed.ts'
import { judgeDisk, readDisk } from './diskGuard.ts'
import { prepareDatabase } from './prepare.ts'
import { openSecrets } from './secrets.ts'
import { buildWeb } from './webBuild.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

const configSchema = z.object({
  port: portSchema.default(8080).describe('Port of the pages and the API'),
  host: z.string().min(1).default('127.0.0.1').describe('Address that the pages are served at; 0.0.0.0 = all of this machine'),
  'mqtt-port': portSchema.default(1883).describe('Port of the embedded broker'),
  'mqtt-host': z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address that the embedded broker listens at; 0.0.0.0 for terminals on other machines'),
  'terminal-broker': z
    .string()
    .min(1)
    .optional()
    .describe('How terminals reach the broker, told to whoever sets them up: mqtt://cars.example:1883'),
  demo: z
    .enum(['true', 'false'])
    .default('true')
    .describe(
      'Into an empty database: the demo region, or (false) nothing, for an installation of your own. What holds something stays what it is',
    ),
  data: z.string().min(1).default('./data').describe('Data directory: database, secrets, manifest'),
  vehicles: z.coerce
    .number()
    .int('a whole number of vehicles')
    .min(0, '0 (no simulator) or more')
    .max(23_188, 'the demo region has 23188 vehicles')
    .default(23_188)
    .describe('How many vehicles of the demo region drive; 0 = no simulator'),
  demand: z.coerce
    .number()
    .min(0, '0 (nobody asks) or more')
    .max(600, 'at most 600 a minute')
    .default(4)
    .describe('Requests for vehicles a minute by the demo region’s people; 0 = nobody asks'),
  'database-url': z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'a postgresql:// address')
    .optional()
    .describe('A TimescaleDB server instead of the embedded database, as its owner'),
  'app-database-url': z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'a postgresql:// address')
    .optional()
    .describe(
      'What ingest and dispatch connect with: the role morin_app, which cannot change the audit log. Without it, as database-url says.',
    ),
  'mqtt-url': z
    .string()
    .regex(/^(mqtts?|wss?|tcp):\/\//, 'an mqtt:// address')
    .optional()
    .describe('A broker instead of the embedded one'),
  seed: z.coerce.number().int('a whole number').default(1).describe('The demo region and its driving are made from this number'),
  'retention-days': z.coerce
    .number()
    .int()
    .min(1, 'at least one day')
    .default(30)
    .describe('Positions are dropped so long after they were stored'),
  'allowed-origins': z
    .string()
    .min(1)
    .optional()
    .describe(
      "Further addresses at which browsers reach this, separated by commas: what is listened at and this machine's own names need none.",
    ),
  'routing-url': z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('An OSRM-compatible server for travel times: http://osrm.example:5000. Without it they are estimated.'),
  'smtp-url': z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .describe('The mail server by which scheduled reports are sent: smtp://mail.example:587. Name and password: SMTP_USER, SMTP_PASSWORD'),
  'smtp-from': z.email().optional().describe('The address that mails come from; needed with smtp-url'),
  'outbound-origins': z
    .string()
    .min(1)
    .optional()
    .describe('Origins of the inner network that webhooks and pushes may be sent to, separated by commas: http://sms.inner:8080.'),
  'push-key': z
    .string()
    .regex(/^[\w-]{43}$/, 'a key is 32 bytes as base64url, 43 letters')
    .optional()
    .describe('Private key (P-256) by which push services know this installation; otherwise one is made and kept.'),
  'time-scale': z.coerce.number().positive().default(1).describe('The simulator’s time runs so many times faster'),
  'service-secret': z
    .string()
    .min(16, 'at least 16 characters')
    .optional()
    .describe('Password of our services at the broker given by mqtt-url; otherwise one is made and kept'),
  'demo-totp': z
    .enum(['true', 'false'])
    .default('false')
    .describe('Demo accounts of administrators and inspectors then need a second factor too.'),
})

const DISK_CHECK_MS = 15_000
const startedAt = Date.now()

runMain(async () => {
  const config = readConfig(configSchema, process.argv.slice(2), process.env, {
    command: 'npm start --',
    does: 'Runs everything on this machine: database, broker, ingest, pages and API, and a simulated region. Ctrl-C ends it.',
    example: 'npm start -- --port 9000 --vehicles 2000',
  })
  const log = createLogger('start')
  const dataDir = resolve(config.data)
  await openDataDir(dataDir)
  await refuseTakenPort(config.host, config.port, '--port')
  if (!config['mqtt-url']) await refuseTakenPort(config['mqtt-host'], config['mqtt-port'], '--mqtt-port')
  const secrets = await openSecrets(dataDir)
  const serviceSecret = config['service-secret'] ?? secrets.serviceSecret

  const running: SupervisedChild[] = []
  let ending: Promise<void> | undefined
  const end = (reason: string, exitCode: number): Promise<void> => {
    ending ??= (async () => {
      const last = [...running].reverse()
      log.debug({ reason }, 'ending')
      for (const child of last) await child.stop()
      process.exit(exitCode)
    })()
    return ending
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(signal, 0))

  /** Starts a child. When it ends before it is ready it has said why on stderr itself. */
  const start = async (name: string, module: string, args: string[], more: Pick<ChildSpec, 'env' | 'nodeArgs' | 'stopWithinMs'>) => {
    const child = new SupervisedChild(
      {
        name,
        module: join(root, module),
        args,
        ...more,
        env: { LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn', ...environmentOfChildren, ...more.env },
      },
      log,
    )
    running.push(child)
    child.once('gaveUp', (code: number) => void end(`${name} cannot go on`, code))
    return { child, ready: await child.start() }
  }

  try {
    const web = buildWeb(root)
    web.catch(() => undefined) // awaited below; until then a failure must not end the process as unhandled
    const databaseUrl =
      config['database-url'] ??
      String((await start('database', 'services/embedded/database/main.ts', ['--data', dataDir], { stopWithinMs: 30_000 })).ready.url)

    const databaseKind = config['database-url'] ? 'server' : 'embedded'
    const { demo, manifest, accounts } = await prepareDatabase(databaseUrl, config, dataDir)
    const appUrl = config['app-database-url'] ?? config['database-url'] ?? embeddedDatabaseUrl(dataDir, applicationRole)

    const { ready: ingestReady } = await start(
      'ingest',
      'services/ingest/main.ts',
      [
        ...(config['mqtt-url']
          ? ['--mqtt-url', config['mqtt-url']]
          : ['--mqtt-port', String(config['mqtt-port']), '--mqtt-host', config['mqtt-host']]),
        '--database-kind',
        databaseKind,
      ],
      { env: { DATABASE_URL: appUrl, SERVICE_SECRET: serviceSecret }, nodeArgs: ['--max-semi-space-size=128'], stopWithinMs: 20_000 },
    )
    const near = ['0.0.0.0', '::'].includes(config['mqtt-host']) ? '127.0.0.1' : config['mqtt-host']
    const mqttUrl = config['mqtt-url'] ?? `mqtt://${bracketed(near)}:${ingestReady.mqttPort ?? config['mqtt-port']}`

    await web
    const dispatchArgs = ['--port', String(config.port), '--host', config.host, '--mqtt-url', mqttUrl, '--data', dataDir]
    dispatchArgs.push(
      '--web-dir',
      join(root, 'web/dist'),
      '--demo',
      String(demo),
      '--database-kind',
      databaseKind,
      '--demo-totp',
      config['demo-totp'],
    )
    // What it listens on itself is where terminals connect, unless it listens everywhere: by which name they reach it nobody has said then.
    const terminalBroker = config['terminal-broker'] ?? (config['mqtt-url'] || near !== config['mqtt-host'] ? undefined : mqttUrl)
    if (terminalBroker) dispatchArgs.push('--terminal-broker', terminalBroker)
    if (config['routing-url']) dispatchArgs.push('--routing-url', config['routing-url'])
    if (config['smtp-url']) dispatchArgs.push('--smtp-url', config['smtp-url'])
    if (config['smtp-from']) dispatchArgs.push('--smtp-from', config['smtp-from'])
    if (config['outbound-origins']) dispatchArgs.push('--outbound-origins', config['outbound-origins'])
    if (config['allowed-origins']) dispatchArgs.push('--allowed-origins', config['allowed-origins'])
    const { ready: dispatchReady } = await start('dispatch', 'services/dispatch/main.ts', dispatchArgs, {
      env: {
        DATABASE_URL: appUrl,
        SERVICE_SECRET: serviceSecret,
        IDENTITY_KEY: secrets.identityKey,
        PUSH_KEY: config['push-key'] ?? secrets.pushKey,
        DEMO_PASSWORD,
      },
      // What one ranking or one list makes and drops again is gone before it is moved.
      nodeArgs: ['--max-semi-space-size=64'],
      stopWithinMs: 15_000,
    })

    // They sign in with their passwords alone, and drive what the simulator drives.
    const isAsked = config.demand > 0 && config.vehicles > 0 && manifest && demo
    const errandsPath = join(dataDir, 'errands.json')
    if (config.vehicles > 0 && manifest) {
      const simulator = await start(
        'simulator',
        'firmware-sim/main.ts',
        [
          '--mqtt-url',
          mqttUrl,
          '--manifest',
          manifestPath(dataDir),
          '--memory',
          join(dataDir, 'simulator.json'),
          '--vehicles',
          String(config.vehicles),
          '--time-scale',
          String(config['time-scale']),
          ...(isAsked ? ['--errands', errandsPath] : []),
        ],
        { stopWithinMs: 15_000 },
      )
      guardDisk(dataDir, simulator.child)
    } else if (config.vehicles > 0 && demo) {
      log.warn(
        'this region was seeded elsewhere and its terminal manifest is not in the data directory: no simulator (npm run seed -- --reissue true makes one)',
      )
    }

    const own = `http://${['0.0.0.0', '::'].includes(config.host) ? '127.0.0.1' : bracketed(config.host)}:${dispatchReady.port ?? config.port}`
    if (isAsked)
      await start(
        'demand',
        'services/embedded/demand/main.ts',
        ['--url', own, '--per-minute', String(config.demand), '--seed', String(config.seed), '--errands', errandsPath],
        {
          env: { DEMO_PASSWORD },
          stopWithinMs: 5_000,
        },
      )

    say(`ready http://${bracketed(config.host)}:${dispatchReady.port ?? config.port}`)
    const seconds = `      started in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`
    if (demo) {
      say(`${seconds}; demo accounts, password ${DEMO_PASSWORD}:`)
      say('      dispatcher  dispatcher.hohhot  dispatcher.xincheng  bureau  bureau.hohhot  inspector  finance')
      say('      fleet  approver  applicant  driver  sysadmin  secadmin  auditadmin')
    } else if (accounts) say(seconds)
    else {
      say(`${seconds}; nobody can sign in yet. The first administrator (docs/operations.md#a-first-installation):`)
      const where = config['database-url'] ? '' : ` --data ${config.data}`
      say(`      npm run account:first --${where} --username … --role system_admin --person-no … --region-name …`)
    }
  } catch (error) {
    if (ending) return ending
    if (!(error instanceof NeverReady)) console.error(`morin: ${(error as Error).message}`)
    await end('the start failed', (error instanceof NeverReady && error.exitCode) || 1)
  }

  function guardDisk(path: string, simulator: SupervisedChild): void {
    let stopped = false
    const check = async () => {
      const disk = await readDisk(path)
      const verdict = judgeDisk(disk)
      const freeGb = (disk.freeBytes / 1e9).toFixed(1)
      if (verdict === 'low' && !stopped) {
        stopped = true
        say(`disk space is low (${freeGb} GB free at ${path}): the simulator stops; positions of other terminals are still stored`)
        await simulator.stop()
      } else if (verdict === 'ample' && stopped && !ending) {
        stopped = false
        say(`disk space is ample again (${freeGb} GB free): the simulator goes on`)
        await simulator.start()
      }
    }
    const loop = () =>
      void check()
        .catch((error) => log.error({ error }, 'the disk check failed'))
        .finally(() => setTimeout(loop, DISK_CHECK_MS).unref())
    loop()
  }
})

// Their own meaning of these variables differs from ours (an address to listen on, a broker to speak to): flags decide for children.
const environmentOfChildren: Record<string, string> = {
  PORT: '',
  HOST: '',
  DATA: '',
  VEHICLES: '',
  SEED: '',
  MQTT_URL: '',
  MQTT_PORT: '',
  DATABASE_URL: '',
  APP_DATABASE_URL: '',
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)

async function openDataDir(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    if (!(await stat(path)).isDirectory()) throw new Error('it is not a directory')
  } catch (error) {
    throw new StartupError(`The data directory ${path} cannot be used: ${(error as Error).message}.`)
  }
}

function refuseTakenPort(host: string, port: number, flag: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${error.message})`
      reject(new StartupError(`Port ${port} on ${host} ${why}; choose another with ${flag}.`))
    })
    probe.listen(port, host, () => probe.close(() => resolve()))
  })
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
