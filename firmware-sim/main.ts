// Command line of the simulated terminals: drive a fleet, or replay recorded tracks. `npm run sim -- --help` is docs/device-protocol.md's neighbour.
import { readFlags } from './flags.ts'
import { readManifest, UsageError } from './manifest.ts'
import { drive } from './run.ts'

const stop = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort())
process.on('message', (message) => {
  if ((message as { type?: string }).type === 'stop') stop.abort()
})
// A parent that dies must not leave a fleet driving.
process.on('disconnect', () => stop.abort())

try {
  const flags = readFlags(process.argv.slice(2), process.env)
  const manifest = readManifest(flags.manifest)
  const ready = () => process.send?.({ type: 'ready' })
  const summary = await drive(flags, manifest, stop.signal, ready)
  process.stdout.write(`${JSON.stringify(summary)}\n`)
  process.disconnect?.()
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
