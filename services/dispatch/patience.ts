// How long a request may take to arrive. Headers have a time; a body has a time that grows with what has come of it, so that a large photo
// over a slow line passes and a body that trickles does not, whatever its size and whether or not anybody reads it.
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Logger } from '../platform/log.ts'
import { errorText } from './answers.ts'

export type Patience = {
  /** From the connection, or the end of the last request on it, to the end of the headers. */
  headersMs: number
  /** A body has this long whatever its pace, and then must have come at `bytesPerS` on the whole. */
  graceMs: number
  bytesPerS: number
  checkMs: number
}
/** 20 MB in 43 minutes at the slowest, over 64 kbit/s; a form of 64 kB in 38 s. */
export const defaultPatience: Patience = { headersMs: 15_000, graceMs: 30_000, bytesPerS: 8_000, checkMs: 1_000 }

/** Has a body of which `bytes` came in `elapsedMs` been too slow? */
export const isTooSlow = (elapsedMs: number, bytes: number, { graceMs, bytesPerS }: Patience): boolean =>
  elapsedMs > graceMs + (bytes / bytesPerS) * 1000

type Arriving = { request: IncomingMessage; response: ServerResponse; socket: Socket; sinceMs: number; bytesBefore: number }

/** What Node is told when the server is made. */
export const headerTimes = ({ headersMs, checkMs }: Patience) => ({ headersTimeout: headersMs, connectionsCheckingInterval: checkMs })

/** Watches the bodies that are on their way; ends with the server. */
export function watchBodies(server: Server, patience: Patience, log: Logger): void {
  const arriving = new Set<Arriving>()
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket, headers } = request
    if (headers['transfer-encoding'] === undefined && !(Number(headers['content-length']) > 0)) return
    const one: Arriving = { request, response, socket, sinceMs: performance.now(), bytesBefore: socket.bytesRead }
    arriving.add(one)
    // Both of the request: what hung on its socket would stay there, with the request, for as long as the connection is kept.
    const done = () => arriving.delete(one)
    request.once('end', done)
    request.once('close', done)
  })
  const check = setInterval(() => {
    const nowMs = performance.now()
    for (const one of arriving) {
      if (one.request.complete || one.socket.destroyed) arriving.delete(one)
      else if (isTooSlow(nowMs - one.sinceMs, one.socket.bytesRead - one.bytesBefore, patience)) {
        arriving.delete(one)
        log.info({ url: one.request.url?.split('?')[0]?.slice(0, 100), address: one.socket.remoteAddress }, 'a body came too slowly')
        end(one)
      }
    }
  }, patience.checkMs).unref()
  server.once('close', () => clearInterval(check))
}

function end({ response, socket }: Arriving): void {
  if (response.headersSent || !socket.writable) socket.destroy()
  else socket.end(errorText('TOO_SLOW'), () => socket.destroy())
}
