// The one place where access is decided: who is signed in, what the permission table grants, CSRF, purpose, rate.
// Runs before a body is read or a schema looked at, so that a stranger learns nothing; purpose in a query is judged after.
import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Access, Endpoint } from '../contracts/api/endpoint.ts'
import { Refusal } from '../contracts/errors.ts'
import type { Capability, Grant } from '../domain/permissions.ts'
import { refusalOfStep } from './identity/steps.ts'
import { type Arrival, type Caller, grantFor, type Reachable, reachableBy } from './kernel/caller.ts'
import type { Origins } from './origins.ts'

/** How `access` decides: who calls, and how far the call reaches. */
export type Admission = { caller: Caller | undefined; reach: Reachable | undefined; grant: Grant | undefined }

const isCapability = (access: Access): access is Capability => access !== 'public' && access !== 'signed-in' && access !== 'step'

/** @throws Refusal NOT_SIGNED_IN, FORBIDDEN, CSRF_FAILED, and TOTP_REQUIRED and its like for a sign-in that is half-way */
export function admit(endpoint: Endpoint, caller: Arrival | undefined, request: FastifyRequest, origins: Origins): Admission {
  const { access, method } = endpoint
  if (access === 'public') {
    if (method !== 'GET') requireOwnOrigin(request, origins)
    return { caller, reach: undefined, grant: undefined }
  }
  if (!caller) throw new Refusal('NOT_SIGNED_IN')
  const { step } = caller.session
  if (step !== 'open' && access !== 'step') throw new Refusal(refusalOfStep[step])
  if (caller.apiToken) requireTokenCapability(caller.apiToken, access)
  const grant = isCapability(access) ? grantFor(caller, access) : undefined
  if (grant?.reach === 'none') throw new Refusal('FORBIDDEN')
  // A browser sends cookies by itself, but never a token.
  if (method !== 'GET' && !caller.apiToken) {
    requireOwnOrigin(request, origins)
    requireCsrfToken(request, caller.session.csrfToken)
  }
  // What asks for nobody's permission shows what belongs to everybody of the caller’s scope.
  const reach = grant ? reachableBy(caller, caller.home, grant) : access === 'signed-in' ? { ...caller.home, vehicleId: null } : undefined
  return { caller, grant, reach }
}

/**
 * Where the role must say why it looks: live positions ask once a session, a track asks each time.
 * @throws Refusal PURPOSE_REQUIRED
 */
export function requirePurpose(endpoint: Endpoint, { caller, grant }: Admission, query: unknown): void {
  if (!grant?.purposeRequired || 'purpose' in (endpoint.body?.shape ?? {})) return
  const stated = 'purpose' in (endpoint.query?.shape ?? {}) ? (query as { purpose?: string }).purpose : caller!.session.livePurpose
  if (!stated) throw new Refusal('PURPOSE_REQUIRED')
}

/** A token has its own few capabilities, and nothing that only asks for somebody being signed in. */
function requireTokenCapability({ capabilities }: NonNullable<Caller['apiToken']>, access: Access): void {
  if (!(capabilities as readonly Access[]).includes(access)) throw new Refusal('FORBIDDEN')
}

function requireOwnOrigin({ headers, socket }: FastifyRequest, origins: Origins): void {
  if (!origins.areOurs(headers, socket)) throw new Refusal('CSRF_FAILED')
}

function requireCsrfToken(request: FastifyRequest, expected: string): void {
  const given = Buffer.from(String(request.headers['x-csrf-token'] ?? ''))
  const wanted = Buffer.from(expected)
  if (given.byteLength !== wanted.byteLength || !timingSafeEqual(given, wanted)) throw new Refusal('CSRF_FAILED')
}
