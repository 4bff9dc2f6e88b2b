// Large JSON answers (tracks, trees) leave compressed; small ones are not worth it, and prepared ones come compressed already.
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyInstance } from 'fastify'

const compress = promisify(gzip)
const MIN_CHARACTERS = 8_192
/** Level 4 is a third of the time of the default for a few per cent of the size. */
const LEVEL = 4

export function registerCompression(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload: unknown) => {
    if (typeof payload !== 'string' || payload.length < MIN_CHARACTERS || reply.hasHeader('content-encoding')) return payload
    if (!String(reply.getHeader('content-type') ?? '').startsWith('application/json')) return payload
    reply.header('vary', 'accept-encoding')
    if (!/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) return payload
    const bytes = await compress(payload, { level: LEVEL })
    reply.header('content-encoding', 'gzip').header('content-length', bytes.byteLength)
    return bytes
  })
}
