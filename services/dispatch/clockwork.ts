// What the service does by the clock, though nobody asks: each work at its own pace, and never two runs of one at once.
import type { Logger } from '../platform/log.ts'

export type Work = { name: string; everyMs: number; run: () => Promise<unknown> }

/** The first run of each comes after its first pause. A run that fails is logged; the next one tries again. */
export function startClockwork(log: Logger, works: readonly Work[]): { stop(): Promise<void> } {
  const started = works.map(({ name, everyMs, run }) => {
    let running: Promise<unknown> | undefined
    const timer = setInterval(() => {
      running ??= run()
        .catch((error: unknown) => log.warn({ err: error }, `${name} failed; it is tried again`))
        .finally(() => {
          running = undefined
        })
    }, everyMs).unref()
    return { timer, settled: () => running }
  })
  return {
    async stop() {
      for (const { timer } of started) clearInterval(timer)
      await Promise.all(started.map(({ settled }) => settled()))
    },
  }
}
