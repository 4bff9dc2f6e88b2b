// The page that verifies evidence packages, with this installation's public keys in it. It is one file (web/verify) that works from the disk as well: whoever is handed a
// package takes it along. Open to everybody: it holds nothing but published keys, and what is verified never leaves the reader's machine.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../contracts/errors.ts'
import type { EvidenceDesk } from './cases/evidence/desk.ts'

const FILE = 'evidence-verify.html'
const PLACE = '%KNOWN_KEYS%'

export function registerEvidencePage(app: FastifyInstance, webDirectory: string, evidence: EvidenceDesk | undefined): void {
  app.get<{ Querystring: { save?: string } }>(`/${FILE}`, { logLevel: 'silent', schema: { hide: true } }, async (request, reply) => {
    const page = await readFile(join(webDirectory, FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') throw new Refusal('NOT_FOUND')
      throw error
    })
    const keys = (await evidence?.publicKeys()) ?? ''
    // Its one script is named by its hash, in the page itself; nothing may be loaded or sent.
    const policy = /http-equiv="content-security-policy" content="([^"]+)"/.exec(page)?.[1]
    if (policy) reply.header('content-security-policy', `${policy}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`)
    if (request.query.save !== undefined) reply.header('content-disposition', `attachment; filename="${FILE}"`)
    reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8')
    return page.replace(PLACE, () => keys)
  })
}
