// The web application's files. Hashed assets are cached for ever, everything else is asked for again; pages that only the browser's
// router knows are index.html, a phone's phone/index.html.
import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../contracts/errors.ts'
import { sendError } from './answers.ts'

const ASSETS = `${join('/', 'assets')}/`

export async function registerWeb(app: FastifyInstance, webDirectory: string): Promise<void> {
  const root = resolve(webDirectory)
  const built = existsSync(join(root, 'index.html'))
  if (built)
    await app.register(fastifyStatic, {
      root,
      preCompressed: true,
      cacheControl: false,
      setHeaders: (response, path) => {
        response.header('cache-control', cacheControlOf(path.slice(root.length), basename(path)))
      },
    })
  else app.log.warn({ webDirectory: root }, 'the web application is not built; only the interface is served')
  app.setNotFoundHandler((request, reply) => {
    if (built && isPage(request)) return sendIndex(request.url, reply)
    return sendError(new Refusal('NOT_FOUND'), request, reply)
  })
}

function cacheControlOf(path: string, name: string): string {
  if (path.startsWith(ASSETS)) return 'public, max-age=31536000, immutable'
  return name === 'index.html' ? 'no-cache' : 'public, max-age=0, must-revalidate'
}

const isPage = ({ method, url, headers }: FastifyRequest): boolean =>
  (method === 'GET' || method === 'HEAD') &&
  !/^\/(api|metrics|live-socket|assets|basemap)(\/|\?|$)/.test(url) &&
  /\btext\/html\b/.test(headers.accept ?? '')

/** A phone's pages are a program of their own (`web/phone`). */
const sendIndex = (url: string, reply: FastifyReply): FastifyReply =>
  reply.sendFile(/^\/phone(\/|\?|$)/.test(url) ? 'phone/index.html' : 'index.html')
