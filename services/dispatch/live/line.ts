// The line of a socket to its browser: whether it takes more, and since when it has taken nothing.
import type { Socket } from 'socket.io'
import type { BrowserToServer, ServerToBrowser } from '../../contracts/liveSocket.ts'
import type { Line } from './viewer.ts'

/** A line with more than this unsent is busy. A tick of a large view is of this size, so one may be under way. */
const BUSY_BYTES = 262_144
const BUSY_PACKETS = 8

export type SocketLine = Line & {
  /** Milliseconds since when it has been busy without a pause; 0 while it is not. */
  stalledMs(): number
  /** Ends it at once: who does not read does not answer a farewell either. */
  cut(): void
}

export function lineOf<Data>(socket: Socket<BrowserToServer, ServerToBrowser, Record<string, never>, Data>): SocketLine {
  // engine.io's types leave out what tells a slow line: packets it holds, and the socket with its bytes that the kernel has not taken.
  const conn = socket.conn as unknown as { writeBuffer: unknown[]; transport: { socket?: { bufferedAmount: number; terminate(): void } } }
  let busySinceMs: number | undefined
  const isBusy = (): boolean => {
    const busy = conn.writeBuffer.length > BUSY_PACKETS || (conn.transport.socket?.bufferedAmount ?? 0) > BUSY_BYTES
    busySinceMs = busy ? (busySinceMs ?? performance.now()) : undefined
    return busy
  }
  return {
    isBusy,
    send: (event, ...values) => void socket.emit(event, ...values),
    stalledMs: () => (isBusy() ? performance.now() - busySinceMs! : 0),
    cut: () => conn.transport.socket?.terminate(),
  }
}
