// The port between a broker and the pipeline. Two adapters: aedesBroker.ts (embedded) and mqttSource.ts (a server broker).
// Law: `ack` is called once the message is committed or quarantined, and only then may the sender see its PUBACK.

/** Tells the sender that its message is safe. Does nothing for QoS 0, and nothing once the sender has gone. */
export type Ack = () => void

/**
 * One uplink message. `payload` stays valid and unchanged for as long as the receiver keeps it.
 * `refused` says why the broker would not take this message from its sender: it is to be quarantined, not stored.
 */
export type OnMessage = (topic: string, payload: Uint8Array, ack: Ack, refused?: string) => void

export type BrokerSource = {
  /** Begins delivering uplink messages, in the order in which each sender sent them. */
  start(onMessage: OnMessage): Promise<void>
  /** Stops reading from senders, which then wait in their sockets; what was read already may still be delivered. */
  pause(): void
  resume(): void
  /** Sends to subscribers, QoS 0: best effort, nothing is kept for a subscriber that is away. */
  publish(topic: string, payload: Uint8Array): void
  /** Sends the acks given so far, then closes every connection. */
  close(): Promise<void>
}
