// The port between a broker and the pipeline. Two adapters: aedesBroker.ts (embedded) and mqttSource.ts (a server broker).
// Law: `ack` is called once the message is committed or quarantined, and only then may the sender see its PUBACK.

/** Tells the sender that its message is safe. Does nothing for QoS 0, and nothing once the sender has gone. */
export type Ack = () => void

/** Why the broker would not take a message, and the terminal that sent it, whatever its topic names; null = a gateway did. */
export type RefusedPublish = { why: string; sender: string | null }

/**
 * One uplink message. `payload` stays valid and unchanged for as long as the receiver keeps it.
 * What is `refused` is to be quarantined, not stored.
 * `from` is the gateway or the service that sent it, or 'broker' where a server broker does not say; undefined = the terminal itself.
 * Answered with a promise it is not taken: its sender is to be read no further until that settles, and the message to be offered again. What is
 * refused is always taken, and so is whatever comes from a source that does not hold senders.
 */
export type OnMessage = (topic: string, payload: Uint8Array, ack: Ack, refused?: RefusedPublish, from?: string) => Promise<void> | undefined

export type BrokerSource = {
  /** It can read one sender no further while it goes on reading the others. */
  holdsSenders?: true
  /** Begins delivering uplink messages, in the order in which each sender sent them. */
  start(onMessage: OnMessage): Promise<void>
  /** Stops reading from senders, which then wait in their sockets; what was read already may still be delivered. */
  pause(): void
  resume(): void
  /** Sends to subscribers, QoS 0: best effort, nothing is kept for a subscriber that is away. */
  publish(topic: string, payload: Uint8Array): void
  /** Takes no more messages than the broker has for this worker already; resolves when those have been delivered, or are left to others. */
  leave(): Promise<void>
  /** Sends the acks given so far, then closes every connection. */
  close(): Promise<void>
}
