// The dispatch service as a program: configuration, listening, and an orderly end.
import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import closeWithGrace from 'close-with-grace'
import { systemClock } from '../platform/clock.ts'
import { readConfig, runMain, StartupError } from '../platform/config.ts'
import { type Database, onceDatabaseAnswers, openDatabase } from '../platform/db.ts'
import { createLogger, type Logger } from '../platform/log.ts'
import { type AuditHeads, openAuditHeads } from './audit/heads.ts'
import { type EvidenceDesk, openEvidenceDesk } from './cases/evidence/desk.ts'
import { BrokerLink } from './live/frames.ts'
import type { LiveFeed } from './live/liveFeed.ts'
import { build } from './server.ts'
import { type Settings, settingsSchema } from './settings.ts'

const GRACE_MS = 8_000

await runMain(async () => {
  const settings = readConfig(settingsSchema, process.argv.slice(2), process.env, {
    command: 'npm run dispatch --',
    does: 'The dispatch service: pages, API, live socket.',
    example: 'npm run dispatch -- --database-url postgresql://morin_app@db/morin --mqtt-url mqtt://broker',
  })
  const log = createLogger('dispatch')
  if (!settings['identity-key']) log.error('--identity-key (IDENTITY_KEY) is missing: nobody can enrol or use a second factor')
  if (settings['smtp-url'] && !settings['smtp-from'])
    throw new StartupError('--smtp-from (SMTP_FROM) is missing: mails need an address that they come from.')
  if (!settings['smtp-url']) log.info('no mail server is set: reports reach people in the application alone (--smtp-url)')
  const db = openDatabase({
    url: settings['database-url'],
    applicationName: 'morin-dispatch',
    patience: { answerMs: settings['database-answer-seconds'] * 1000, inTransactionMs: settings['database-transaction-seconds'] * 1000 },
    onIdleError: (error) => log.warn({ err: error }, 'an idle database connection was lost'),
  })
  const broker = new BrokerLink({ url: settings['mqtt-url'], secret: settings['service-secret'], log })
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
  const auditHeads = await openHeads(db, settings, log)
  const evidence = await openEvidence(settings, log)
  const { app, feed } = await build({ db, clock: systemClock, log, settings, version, broker, auditHeads, evidence })
  const closing = closeWithGrace({ delay: GRACE_MS, logger: false }, async ({ err }) => {
    if (err) log.fatal({ err }, 'an error nobody caught')
    await app.close()
    await broker.close()
    await auditHeads?.stop()
    await db.close()
  })
  try {
    await app.listen({ port: settings.port, host: settings.host })
  } catch (error) {
    closing.uninstall()
    throw startupErrorOf(error, settings.port, settings.host)
  }
  await startFeed(feed, log)
  await auditHeads?.write()
  auditHeads?.start()
  const { port } = app.server.address() as AddressInfo
  log.info({ port, host: settings.host }, 'dispatch serves')
  process.send?.({ type: 'ready', port })
})

async function openHeads(db: Database, settings: Settings, log: Logger): Promise<AuditHeads | undefined> {
  const path = settings['audit-heads'] ?? (settings.data && join(settings.data, 'audit-heads.jsonl'))
  if (!path) {
    log.warn('no signed heads of the audit log are written; give --audit-heads or --data')
    return undefined
  }
  const directory = dirname(path)
  return openAuditHeads(
    {
      db,
      clock: systemClock,
      log,
      path,
      publicKeyPath: join(directory, 'audit-key.pub.pem'),
      everyMs: settings['audit-heads-seconds'] * 1000,
    },
    { given: settings['audit-key'], path: join(directory, 'audit-key.pem') },
  )
}

async function openEvidence(settings: Settings, log: Logger): Promise<EvidenceDesk | undefined> {
  const directory = settings['evidence-dir'] ?? (settings.data && join(settings.data, 'evidence'))
  if (!directory) {
    log.warn('no evidence packages are made; give --evidence-dir or --data')
    return undefined
  }
  return openEvidenceDesk({
    directory,
    keysIn: settings.data ?? directory,
    given: settings['evidence-key'],
    sm2: settings['evidence-sm2-key'],
  })
}

async function startFeed(feed: LiveFeed, log: Logger): Promise<void> {
  try {
    await onceDatabaseAnswers(
      () => feed.start(),
      (error) => log.warn({ err: error }, 'waiting for the database'),
    )
  } catch (error) {
    throw new StartupError(`The database does not give the fleet: ${(error as Error).message}.`)
  }
}

function startupErrorOf(error: unknown, port: number, host: string): unknown {
  const { code } = error as { code?: string }
  if (code === 'EADDRINUSE') return new StartupError(`Port ${port} on ${host} is taken by another program; choose another with --port.`)
  if (code === 'EACCES') return new StartupError(`Port ${port} may not be opened by this user; choose one above 1023 with --port.`)
  if (code === 'EADDRNOTAVAIL') return new StartupError(`${host} is no address of this machine; choose another with --host.`)
  return error
}
