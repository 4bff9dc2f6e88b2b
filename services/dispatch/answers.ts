// Every refusal and failure leaves in the one shape of `errorSchema`; what went wrong inside stays in the log.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { type ErrorAnswer, type ErrorCode, errorCatalogue, Refusal } from '../contracts/errors.ts'

type Issue = { path: string; message: string }

export function errorAnswer(code: ErrorCode, requestId: string, message: string = errorCatalogue[code].en, issues?: Issue[]): ErrorAnswer {
  return { error: { code, message, ...(issues ? { issues } : {}), requestId } }
}

const codeByFastifyCode: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'TOO_LARGE',
  FST_UNDER_PRESSURE: 'UNAVAILABLE',
}

export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { code, message, issues } = judge(error, request)
  if (code === 'INTERNAL') request.log.error({ err: error }, 'request failed')
  else if (code === 'UNAVAILABLE') request.log.warn({ err: error }, 'request could not be served')
  return reply
    .code(errorCatalogue[code].status)
    .type('application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(errorAnswer(code, request.id, message, issues))
}

function judge(error: unknown, request: FastifyRequest): { code: ErrorCode; message?: string; issues?: Issue[] } {
  if (error instanceof Refusal) return { code: error.code, message: error.message, issues: error.issues }
  if (hasZodFastifySchemaValidationErrors(error)) return { code: 'VALIDATION_FAILED', issues: issuesOf(error) }
  const { code, statusCode = 500, message } = error as FastifyError
  if (code !== undefined && code in codeByFastifyCode) return { code: codeByFastifyCode[code]! }
  if (statusCode === 404) return { code: 'NOT_FOUND' }
  if (statusCode === 429) return { code: 'RATE_LIMITED' }
  if (statusCode === 503 || isDatabaseAway(error)) return { code: 'UNAVAILABLE' }
  // Malformed JSON, a wrong content type, a broken URL: Fastify's sentences are about the request and say nothing of us.
  if (statusCode >= 400 && statusCode < 500) return { code: 'VALIDATION_FAILED', issues: [{ path: partOf(request), message }] }
  return { code: 'INTERNAL' }
}

const issuesOf = (error: { validation: { instancePath: string; message?: string }[]; validationContext?: string | undefined }): Issue[] => {
  const part = error.validationContext === 'querystring' ? 'query' : (error.validationContext ?? 'body')
  return error.validation.map(({ instancePath, message }) => ({
    path: `${part}${instancePath.replaceAll('/', '.')}`.replace(/\.$/, ''),
    message: message ?? 'not valid',
  }))
}

const partOf = (request: FastifyRequest): string => (request.method === 'GET' ? 'url' : 'body')

/** The server is gone, starting or full: ours to wait for, not a defect of the request. */
function isDatabaseAway(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  if (code !== undefined) return /^(ECONN|ENOENT|EPIPE|ETIMEDOUT|57P0|08|53)/.test(code)
  return message !== undefined && /timeout exceeded when trying to connect|Connection terminated/.test(message)
}
