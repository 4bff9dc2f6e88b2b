// Every refusal and failure leaves in the one shape of `errorSchema`; what went wrong inside stays in the log.
import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import type { ErrorAnswer } from '../contracts/errorAnswer.ts'
import { type ErrorCode, errorCatalogue, type Issue, Refusal } from '../contracts/errors.ts'
import { refusal, refusalSentence } from '../contracts/refusals.ts'
import { sayIssue } from '../contracts/schemaWords.ts'
import { isDatabaseAway } from '../platform/db.ts'
import { DatabaseSilent } from '../platform/deadline.ts'
import { isNamed, refusalOfViolation } from './violations.ts'

export function errorAnswer(code: ErrorCode, requestId: string, message: string = errorCatalogue[code].en, issues?: Issue[]): ErrorAnswer {
  return { error: { code, message, ...(issues ? { issues } : {}), requestId } }
}

/** A whole answer for a socket on which there is no reply to send one with; the connection closes after it. */
export function errorText(code: ErrorCode): string {
  const { status } = errorCatalogue[code]
  const body = JSON.stringify(errorAnswer(code, randomUUID()))
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`
}

const codeByFastifyCode: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'TOO_LARGE',
  FST_UNDER_PRESSURE: 'UNAVAILABLE',
}

export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { code, message, issues } = judge(error, request)
  if (code === 'INTERNAL') request.log.error({ err: error }, 'request failed')
  else if (code === 'UNAVAILABLE' || code === 'OUTCOME_UNKNOWN') request.log.warn({ err: error }, 'request could not be served')
  return reply
    .code(errorCatalogue[code].status)
    .type('application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(
      /^zh\b/i.test(request.headers['accept-language'] ?? '')
        ? inChinese(code, request.id, message, issues)
        : errorAnswer(code, request.id, message, issues),
    )
}

/** For whoever asks for it, as browsers do: pages of ours say the sentence themselves, from reason and values. */
function inChinese(code: ErrorCode, requestId: string, refused: string | undefined, issues: Issue[] | undefined): ErrorAnswer {
  const said = issues?.map((issue) => ({
    ...issue,
    message: (issue.reason && refusalSentence(issue.reason, issue.values, 'zh-CN')) || issue.message,
  }))
  return errorAnswer(code, requestId, (refused && said?.[0]?.reason && said[0].message) || errorCatalogue[code].zh, said)
}

function judge(error: unknown, request: FastifyRequest): { code: ErrorCode; message?: string; issues?: Issue[] } {
  const refused = error instanceof Refusal ? error : refusalOfViolation(error, request.body)
  if (refused) {
    // Ours to give a sentence of its own, or to ask for before writing.
    if (refused !== error && !isNamed(error)) request.log.warn({ err: error }, 'refused by the database')
    return { code: refused.code, message: refused.message, issues: refused.issues }
  }
  if (error instanceof DatabaseSilent) {
    if (error.mayHaveCommitted && request.method !== 'GET') return { code: 'OUTCOME_UNKNOWN' }
    return { code: 'UNAVAILABLE', message: 'The database does not answer; try again shortly', issues: [databaseIsSilent] }
  }
  if (hasZodFastifySchemaValidationErrors(error)) return { code: 'VALIDATION_FAILED', issues: issuesOf(error) }
  const { code, statusCode = 500, message } = error as FastifyError
  const most = Math.floor((request.routeOptions.bodyLimit ?? 0) / 1_048_576)
  // A form is never near its limit; of a file it is said how large it may be.
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' && most > 0) return refusal('TOO_LARGE', 'body', 'body.large', { most })
  if (code !== undefined && code in codeByFastifyCode) return { code: codeByFastifyCode[code]! }
  if (statusCode === 404) return { code: 'NOT_FOUND' }
  if (statusCode === 429) return { code: 'RATE_LIMITED' }
  if (statusCode === 503 || isDatabaseAway(error)) return { code: 'UNAVAILABLE' }
  // Malformed JSON, a wrong content type, a broken URL: Fastify's sentences are about the request and say nothing of us.
  if (statusCode >= 400 && statusCode < 500) return { code: 'VALIDATION_FAILED', issues: [{ path: partOf(request), message }] }
  return { code: 'INTERNAL' }
}

const databaseIsSilent: Issue = {
  path: 'database',
  message: '数据库未及时答复，请稍后再试 / The database does not answer; try again shortly',
}

type Refused = { instancePath: string; keyword: string; message?: string; params: Record<string, unknown> }
const issuesOf = (error: { validation: Refused[]; validationContext?: string | undefined }): Issue[] => {
  const part = error.validationContext === 'querystring' ? 'query' : (error.validationContext ?? 'body')
  return error.validation.map(({ instancePath, keyword, message = '', params }) => {
    const path = instancePath.split('/').filter((name) => name !== '')
    return { path: [part, ...path].join('.'), message: sayIssue({ code: keyword, path, message, params }) }
  })
}

const partOf = (request: FastifyRequest): string => (request.method === 'GET' ? 'url' : 'body')
