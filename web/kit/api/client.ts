// The typed client: every call walks the endpoint table of the contracts. The session is a cookie;
// whatever changes something also carries the session's CSRF token.

import type { AnswerOf, Api, BodyOf, EndpointName, ParamsOf, QueryOf } from '../../../services/contracts/api.ts'
import type { ErrorAnswer } from '../../../services/contracts/errorAnswer.ts'
import { type ErrorCode, errorCatalogue, type Issue } from '../../../services/contracts/errors.ts'
import { endpoints } from './endpoints.ts'

/** An answer that was a refusal or never came. `OFFLINE`: the server was not reached, nothing is known about the outcome. */
export class ApiError extends Error {
  readonly code: ErrorCode | 'OFFLINE'
  readonly issues: Issue[]
  readonly requestId: string | undefined
  /** Seconds to wait before trying again, where the server said so. */
  readonly retryAfterS: number | undefined

  constructor(code: ErrorCode | 'OFFLINE', message: string, more: Partial<Pick<ApiError, 'issues' | 'requestId' | 'retryAfterS'>> = {}) {
    super(message)
    this.name = 'ApiError'
    this.code = code
    this.issues = more.issues ?? []
    this.requestId = more.requestId
    this.retryAfterS = more.retryAfterS
  }
}

/** A refusal that stands in an answer, of one of several things that were asked for at once. */
export const refusedAs = ({ code, message, issues = [] }: { code: ErrorCode; message: string; issues?: Issue[] | undefined }): ApiError =>
  new ApiError(code, message, { issues })

type Field<K extends string, V> = V extends undefined ? { [P in K]?: undefined } : { [P in K]: V }
export type CallInput<N extends EndpointName> = Field<'params', ParamsOf<N>> &
  (QueryOf<N> extends undefined ? { query?: undefined } : { query?: QueryOf<N> }) &
  Field<'body', BodyOf<N>> &
  /** The file itself, where the endpoint takes one. */
  (Api[N] extends { upload: object } ? { upload: Blob } : { upload?: undefined }) &
  /** Told of each piece of a file as it comes, before all of it is there. */
  (Api[N] extends { download: true } ? { onPiece?: (bytes: Uint8Array) => void } : { onPiece?: undefined }) & { signal?: AbortSignal }

type Call = <N extends EndpointName>(name: N, input?: CallInput<N>) => Promise<AnswerOf<N>>

type Values = Record<string, unknown> | undefined

/** The URL of an endpoint: parameters filled in, absent query values left out. */
export function urlOf(path: string, params: Record<string, unknown> = {}, query: Record<string, unknown> = {}): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  return `/api/v1${filled}${search.size > 0 ? `?${search}` : ''}`
}

export function createClient(deps: { fetch: typeof fetch; csrfToken: () => string | null; onSignedOut: () => void }): Call {
  return async (name, input) => {
    const endpoint = endpoints[name]
    const headers: Record<string, string> = { accept: 'application/json' }
    const token = deps.csrfToken()
    if (endpoint.method !== 'GET' && token) headers['x-csrf-token'] = token
    if (input?.upload) headers['content-type'] = 'application/octet-stream'
    else if (input?.body !== undefined) headers['content-type'] = 'application/json'
    const response = await deps
      .fetch(urlOf(endpoint.path, input?.params as Values, input?.query as Values), {
        method: endpoint.method,
        headers,
        credentials: 'same-origin',
        body: input?.upload ?? (input?.body === undefined ? undefined : JSON.stringify(input.body)),
        signal: input?.signal,
      })
      .catch((error: unknown) => {
        if (input?.signal?.aborted) throw error
        throw new ApiError('OFFLINE', 'The server was not reached')
      })
    if (response.ok) return (endpoint.download ? await fileOf(response, input?.onPiece) : await response.json()) as AnswerOf<typeof name>
    const text = await response.text()
    // Its own shape, which a refusal, or a proxy's page, has not.
    if (response.status === 503 && endpoint.answersWith503 && 'status' in parse(text)) return parse(text) as AnswerOf<typeof name>
    const error = errorOf(response, text)
    if (error.code === 'NOT_SIGNED_IN') deps.onSignedOut()
    throw error
  }
}

/** What a call of an endpoint with `download` answers. `web/kit/api/saveFile.ts` gives it to the browser. */
export type AnsweredFile = { fileName: string; content: Blob }

async function fileOf(response: Response, onPiece: ((bytes: Uint8Array) => void) | undefined): Promise<AnsweredFile> {
  const name = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1]
  const content = onPiece && response.body ? await readPieces(response.body, onPiece) : await response.blob()
  return { fileName: name ? decodeURIComponent(name) : 'download', content }
}

async function readPieces(body: ReadableStream<Uint8Array<ArrayBuffer>>, onPiece: (bytes: Uint8Array) => void): Promise<Blob> {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  const reader = body.getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    pieces.push(next.value)
    onPiece(next.value)
  }
  return new Blob(pieces)
}

const parse = (text: string): object => (text.startsWith('{') ? JSON.parse(text) : {})

function errorOf(response: Response, text: string): ApiError {
  const wait = Number(response.headers.get('retry-after'))
  const retryAfterS = Number.isFinite(wait) && wait > 0 ? wait : undefined
  const body = parse(text) as Partial<ErrorAnswer>
  if (body.error && body.error.code in errorCatalogue)
    return new ApiError(body.error.code, body.error.message, { issues: body.error.issues, requestId: body.error.requestId, retryAfterS })
  // A proxy or a server that is starting answers without our shape.
  if (response.status === 429) return new ApiError('RATE_LIMITED', errorCatalogue.RATE_LIMITED.en, { retryAfterS })
  return new ApiError(response.status === 500 ? 'INTERNAL' : 'UNAVAILABLE', `The server answered ${response.status}`, { retryAfterS })
}
