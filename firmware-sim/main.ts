// Command line of the simulated terminals: drives a fleet, or replays recorded tracks, against any MQTT 3.1.1 broker.
// Ends with one line of JSON on stdout; everything else is said on stderr. The flags are in flags.ts.
import { asksForHelp } from '../services/contracts/commandLine.ts'
import { readFlags, usage } from './flags.ts'
import { readManifest } from './manifest.ts'
import { replay } from './replay/replay.ts'
import { drive } from './run.ts'
import { UsageError } from './usageError.ts'

const stop = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort())
process.on('message', (message) => {
  if ((message as { type?: string }).type === 'stop') stop.abort()
})
// A parent that dies must not leave a fleet driving.
process.on('disconnect', () => stop.abort())

if (asksForHelp(process.argv.slice(2))) {
  process.stdout.write(usage())
  process.exit(0)
}
try {
  const flags = readFlags(process.argv.slice(2), process.env)
  const manifest = readManifest(flags.manifest)
  const ready = () => process.send?.({ type: 'ready' })
  if (flags.duration > 0) setTimeout(() => stop.abort(), flags.duration * 1000).unref()
  const say = (line: string) => process.stderr.write(`${line}\n`)
  if (flags.replay) {
    const summary = await replay(flags.replay, flags, manifest, stop.signal, say, ready)
    process.stdout.write(`${JSON.stringify(summary)}\n`)
    if (summary.acknowledged < summary.rows - summary.invalidRows) process.exitCode = 1
  } else process.stdout.write(`${JSON.stringify(await drive(flags, manifest, stop.signal, say, ready))}\n`)
  process.disconnect?.()
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(2)
}
