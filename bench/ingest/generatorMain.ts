// The generator as a process of its own: told what to do by its parent, it connects, says so, runs, and reports.
import { Load, type LoadOptions } from './generator.ts'

export type GeneratorOrder =
  | { type: 'connect'; options: LoadOptions }
  | { type: 'run'; seconds: number; settleMs: number }
  /** Sends what it has of a past, and reports with the seconds that took. */
  | { type: 'drain' }
  /** Ends a run before its time. */
  | { type: 'stop' }

let load: Load | undefined

process.on('message', (order: GeneratorOrder) => {
  obey(order).catch((error: Error) => {
    console.error(error)
    process.exit(1)
  })
})
process.on('disconnect', () => process.exit(0))

async function obey(order: GeneratorOrder): Promise<void> {
  if (order.type === 'connect') {
    load = new Load(order.options)
    await load.connect()
    process.send!({ type: 'connected' })
    return
  }
  if (order.type === 'stop') return load!.stop()
  if (order.type === 'drain') {
    const startedMs = performance.now()
    await load!.drain()
    process.send!({ type: 'report', report: load!.report(), seconds: (performance.now() - startedMs) / 1000 })
    return
  }
  await load!.run(order.seconds)
  await load!.settled(order.settleMs)
  process.send!({ type: 'report', report: load!.report() })
}
