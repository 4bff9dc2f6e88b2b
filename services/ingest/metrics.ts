// Figures of this worker for Prometheus.
import { Counter, createRegistry, Gauge, Histogram } from '../platform/metrics.ts'
import type { PipelineDeps } from './pipeline.ts'
import type { Ingest } from './service.ts'

export type IngestMetrics = {
  onCommit: NonNullable<PipelineDeps['onCommit']>
  /** Adds the figures that are read when asked for. */
  observe(ingest: Ingest): void
  text(): Promise<string>
}

export function createIngestMetrics(): IngestMetrics {
  const registry = createRegistry()
  const registers = [registry]
  const [elements, messages] = ['elements', 'messages'].map(
    (what) =>
      new Counter({
        name: `morin_ingest_${what}_total`,
        help: `What terminals sent, in ${what}, by its kind and what became of it`,
        labelNames: ['kind', 'outcome'],
        registers,
      }),
  ) as [Counter, Counter]
  const seconds = new Histogram({
    name: 'morin_ingest_commit_seconds',
    help: 'From the closing of a batch to its commit',
    buckets: [0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 30],
    registers,
  })
  return {
    onCommit(committed, ms) {
      for (const { kind, ...counts } of committed) {
        for (const [outcome, count] of Object.entries(counts.elements)) elements.inc({ kind: kind.name, outcome }, count)
        for (const [outcome, count] of Object.entries(counts.messages)) messages.inc({ kind: kind.name, outcome }, count)
      }
      seconds.observe(ms / 1000)
    },
    observe(ingest) {
      new Gauge({
        name: 'morin_ingest_held',
        help: 'Elements read and not yet committed',
        registers,
        collect() {
          this.set(ingest.pipeline.held())
        },
      })
      new Gauge({
        name: 'morin_ingest_senders_waiting',
        help: 'Terminals and gateways that have a past to tell and wait for their turn',
        registers,
        collect() {
          this.set(ingest.pipeline.waiting())
        },
      })
      new Gauge({
        name: 'morin_ingest_terminals_unread_seconds',
        help: 'For how long changes of terminals have not been read: who was revoked since is still let in',
        registers,
        collect() {
          this.set(ingest.unreadS())
        },
      })
      new Gauge({
        name: 'morin_ingest_connections',
        help: 'Clients of the embedded broker',
        registers,
        collect() {
          this.set(ingest.broker?.connections() ?? 0)
        },
      })
      new Gauge({
        name: 'morin_ingest_terminals_held_back',
        help: 'How often a terminal that sends faster than it may was read no further for a while, since the start',
        registers,
        collect() {
          this.set(ingest.broker?.heldBack() ?? 0)
        },
      })
    },
    text: () => registry.metrics(),
  }
}
