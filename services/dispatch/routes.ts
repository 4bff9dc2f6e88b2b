// Walks the endpoint table and registers every route: admission, validation, handler, serialisation. The order is the law:
// session → rate → permission and CSRF → body → schema → purpose → handler.
// An endpoint with `download: true` answers a file: its handler returns a `Download`, whose content may be made while it is sent.
import { finished, pipeline, Readable } from 'node:stream'
import { constants, createGzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import type { z } from 'zod'
import type { Access, Endpoint } from '../contracts/api/endpoint.ts'
import { type AnswerOf, type Api, api, type EndpointName } from '../contracts/api.ts'
import { errorSchema } from '../contracts/errorAnswer.ts'
import { invalidInput, Refusal } from '../contracts/errors.ts'
import { refusal } from '../contracts/refusals.ts'
import { type NarrowedCapability, tokenCapabilities } from '../domain/permissions.ts'
import { findHidden } from '../domain/text.ts'
import type { Download } from '../platform/download.ts'
import { type Admission, admit, requirePurpose } from './access.ts'
import type { Arrival, Caller, Reachable, Sight } from './kernel/caller.ts'
import type { Prepared } from './live/roster.ts'
import type { Origins } from './origins.ts'

const API_ROOT = '/api/v1'

type Part<N extends EndpointName, P extends 'params' | 'query' | 'body'> = Api[N] extends { [K in P]: infer S extends z.ZodType }
  ? z.output<S>
  : undefined

/** A capability that some role has for what is its own alone gives a reach that must be narrowed to that; any other gives a Sight. */
export type ReachOf<A extends Access> = A extends 'public' | 'step' ? undefined : A extends NarrowedCapability ? Reachable : Sight

/** What a handler is given. Its types follow from the endpoint's row of the table. */
export type Call<N extends EndpointName> = {
  caller: Api[N]['access'] extends 'public' ? Caller | undefined : Caller
  /** How far the call reaches: the only way to a scope. Undefined where nobody need be signed in, or not wholly. */
  reach: ReachOf<Api[N]['access']>
  params: Part<N, 'params'>
  query: Part<N, 'query'>
  /** The bytes of the file where the endpoint takes an upload. */
  body: Api[N] extends { upload: object } ? Buffer : Part<N, 'body'>
  /** Sets (or with null clears) the session cookie. */
  setSessionToken(token: string | null): void
  setStatus(status: number): void
  /** Where the request comes from, and `site`: how this service is reached, such as https://cars.example, for links that leave it. */
  origin: { address: string; agent: string | undefined; site: string }
}

type Answer<N extends EndpointName> = Api[N] extends { download: true } ? Download : AnswerOf<N> | Prepared

/** A handler for each endpoint: one that is missing does not compile. */
export type Handlers = { [N in EndpointName]: (call: Call<N>) => Promise<Answer<N>> }

export type RouteDoors = {
  findCaller(request: FastifyRequest): Promise<Arrival | undefined>
  /** @throws Refusal RATE_LIMITED */
  limitSession(caller: Caller): void
  setSessionCookie: (reply: FastifyReply, token: string | null) => void
  origins: Origins
  siteOf(request: FastifyRequest): string
  /** Per route options, such as a rate limit of its own. */
  routeConfig: Partial<Record<EndpointName, object>>
}

export function registerRoutes(app: FastifyInstance, handlers: Handlers, doors: RouteDoors): void {
  const admissions = new WeakMap<FastifyRequest, Admission>()
  // Raw bytes; how many, each upload's own route says, and it is judged before they are read.
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  for (const name of Object.keys(api) as EndpointName[]) {
    const endpoint: Endpoint = api[name]
    app.route({
      method: endpoint.method as HTTPMethods,
      url: API_ROOT + endpoint.path,
      schema: schemaOf(name, endpoint),
      config: doors.routeConfig[name] ?? {},
      ...(endpoint.upload ? { bodyLimit: endpoint.upload.maxBytes } : {}),
      ...(endpoint.maxBodyBytes ? { bodyLimit: endpoint.maxBodyBytes } : {}),
      onRequest: async (request) => {
        const caller = await doors.findCaller(request)
        if (caller) doors.limitSession(caller)
        admissions.set(request, admit(endpoint, caller, request, doors.origins))
      },
      preValidation: async (request) => {
        if (endpoint.upload) requireBytes(request)
        refuseUnfit(request)
      },
      preHandler: async (request) => requirePurpose(endpoint, admissions.get(request)!, request.query),
      handler: async (request, reply) => {
        const { caller, reach } = admissions.get(request)!
        reply.header('cache-control', 'no-store')
        // The table's types were checked by the schemas of this very row; they are put back here, in one place.
        const call = {
          caller,
          reach,
          params: request.params,
          query: request.query,
          body: request.body,
          setSessionToken: (token: string | null) => doors.setSessionCookie(reply, token),
          setStatus: (status: number) => reply.code(status),
          origin: { address: request.ip, agent: request.headers['user-agent'], site: doors.siteOf(request) },
        } as unknown as Call<never>
        const answer = await (handlers[name] as (call: Call<never>) => Promise<object>)(call)
        if (endpoint.download) return sendDownload(request, reply, answer as Download)
        return isPrepared(answer) ? sendPrepared(request, reply, answer) : answer
      },
    })
  }
}

function schemaOf(name: EndpointName, endpoint: Endpoint) {
  const { access, params, query, body, answer, summary } = endpoint
  return {
    operationId: name,
    summary,
    description: `Access: ${access}`,
    tags: [endpoint.path.split('/')[1]!],
    security: access === 'public' ? [] : securityOf(endpoint),
    ...(params ? { params } : {}),
    ...(query ? { querystring: query } : {}),
    ...(body ? { body } : {}),
    ...(endpoint.upload ? { consumes: ['application/octet-stream'] } : {}),
    response: {
      // A file passes as it is; its schema is for those who read the description.
      200: endpoint.download ? answer.describe('A file') : answer,
      ...(endpoint.answersWith503 ? { 503: answer.or(errorSchema) } : {}),
      '4xx': errorSchema,
      '5xx': errorSchema,
    },
  }
}

/** A session with its CSRF token, or, for what integrations may do, a token. */
function securityOf({ method, access }: Endpoint): Record<string, string[]>[] {
  const session = { session: [], ...(method === 'GET' ? {} : { csrf: [] }) }
  return (tokenCapabilities as readonly string[]).includes(access) ? [session, { token: [] }] : [session]
}

/** No form of ours is deeper than a handful; whoever walks a value of any depth runs out of stack. */
const MAX_DEPTH = 32

/** PostgreSQL text cannot hold U+0000, and no word of ours has one. */
function refuseUnfit({ params, query, body }: FastifyRequest): void {
  refuseUnfitIn('params', params)
  refuseUnfitIn('query', query)
  refuseUnfitIn('body', body)
}

function refuseHidden(path: string, value: string): void {
  const character = findHidden(value)
  if (character) throw refusal('VALIDATION_FAILED', path, 'text.hidden', { character })
}

function refuseUnfitIn(path: string, value: unknown, depth = 0): void {
  if (typeof value === 'string' && value.includes('\0'))
    throw invalidInput(path, '含有空字符（NUL），请删除后重试 / holds a NUL character; take it out')
  // A password is whatever its owner types; nobody reads it.
  if (typeof value === 'string' && !/password$/i.test(path)) refuseHidden(path, value)
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return
  if (depth === MAX_DEPTH) throw invalidInput(path, 'is nested too deeply')
  for (const [key, each] of Object.entries(value)) refuseUnfitIn(`${path}.${key}`, each, depth + 1)
}

function sendDownload(request: FastifyRequest, reply: FastifyReply, { fileName, mediaType, content, encoding, bytes, ended }: Download) {
  reply.type(mediaType).header('content-disposition', `attachment; filename*=UTF-8''${encodeFileName(fileName)}`)
  if (typeof content === 'string' || Buffer.isBuffer(content)) return reply.send(content)
  const stream = content instanceof Readable ? content : Readable.from(content, { objectMode: false })
  if (bytes !== undefined) reply.header('content-length', bytes)
  if (ended)
    finished(reply.raw, (broken) => {
      ended(!broken).catch((error: Error) => request.log.error({ err: error }, 'how a download ended could not be written'))
    })
  reply.header('vary', 'accept-encoding')
  if (!encoding || !/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) return reply.send(stream)
  reply.header('content-encoding', encoding)
  // What fails while it is read breaks the connection off. Each piece leaves when it is there: whoever waits for the first does not wait for the second.
  return reply.send(pipeline(stream, createGzip({ level: 4, flush: constants.Z_SYNC_FLUSH }), () => undefined))
}

/** RFC 8187 knows fewer plain characters than encodeURIComponent leaves alone. */
const encodeFileName = (name: string): string =>
  encodeURIComponent(Buffer.from(name).toString()).replace(/['()*!]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

function requireBytes({ body }: FastifyRequest): void {
  if (body === undefined || body === null || (Buffer.isBuffer(body) && body.byteLength === 0))
    throw refusal('VALIDATION_FAILED', 'body', 'body.empty')
  if (!Buffer.isBuffer(body))
    throw invalidInput(
      'body',
      '请求内容须是文件本身，类型为 application/octet-stream / must be the bytes of a file, sent as application/octet-stream',
    )
}

const isPrepared = (answer: object): answer is Prepared => 'etag' in answer

function sendPrepared(request: FastifyRequest, reply: FastifyReply, { etag, json, gzip }: Prepared) {
  reply.header('cache-control', 'private, no-cache').header('etag', etag).header('vary', 'accept-encoding')
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  reply.type('application/json; charset=utf-8')
  if (!/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) return reply.send(json)
  return reply.header('content-encoding', 'gzip').send(gzip)
}

/** For handlers: the value, or the refusal that hides whether it exists. */
export function orNotFound<T>(value: T | undefined): T {
  if (value === undefined) throw new Refusal('NOT_FOUND')
  return value
}
