// OpenID Connect sign-in: authorization code with PKCE, state and nonce. The issuer says who it is; which account that is, and what it
// may do, is decided here alone: an account that exists and is active, bound to the issuer's subject at its first use. Never makes any.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as client from 'openid-client'
import { Refusal } from '../../contracts/errors.ts'
import { StartupError } from '../../platform/config.ts'
import { seal, unseal } from '../../platform/crypto.ts'
import type { Logger } from '../../platform/log.ts'
import type { Caller } from '../kernel/caller.ts'
import { ofAccount } from '../kernel/persons.ts'
import { recordAudit } from '../kernel/record.ts'
import type { Identity } from './identity.ts'
import { findByName, type Known, knownColumns } from './signIn.ts'

export type OidcSettings = { issuer: string; clientId: string; clientSecret: string | undefined; redirectUrl: string }

/** Whose account it would have been, and why not. A name that nobody has here is put down nowhere. */
class NotEntered extends Refusal {
  readonly who: { username: string; accountId: number | null }
  constructor(because: string, account: Known | undefined) {
    super('OIDC_REFUSED', because)
    this.who = { username: account?.username ?? '', accountId: account?.account_id ?? null }
  }
}

type Attempt = { verifier: string; state: string; nonce: string; to: string }
type Doors = {
  findCaller(request: FastifyRequest): Promise<Caller | undefined>
  setSessionCookie(reply: FastifyReply, token: string): void
  secure: boolean
  /** Begins and returns of one address in a minute. */
  perAddress: number
}

const COOKIE = 'morin_oidc'
const COOKIE_PATH = '/api/oidc'
const ATTEMPT_S = 600
const CONTEXT = 'oidc attempt'

/** Only a path of ours: the way back must not lead out of the house. */
const safePath = (to: unknown): string =>
  typeof to === 'string' && /^\/(?![/\\])[\x21-\x7e]*$/.test(to) && !to.includes('\\') ? to.slice(0, 500) : '/'

export function registerOidc(app: FastifyInstance, identity: Identity, settings: OidcSettings, doors: Doors, log: Logger): void {
  const { key } = identity
  if (!key) throw new StartupError('--oidc-issuer also needs --identity-key.')
  let known: Promise<client.Configuration> | undefined
  const configuration = () => {
    known ??= discover(settings).catch((error: unknown) => {
      known = undefined
      throw error
    })
    return known
  }
  const cookie = { path: COOKIE_PATH, httpOnly: true, sameSite: 'lax', secure: doors.secure } as const
  const rateLimit = { max: doors.perAddress, timeWindow: 60_000 }

  app.get('/api/oidc/start', { schema: { hide: true }, config: { rateLimit } }, async (request, reply) => {
    reply.header('cache-control', 'no-store')
    try {
      const config = await configuration()
      const attempt: Attempt = {
        verifier: client.randomPKCECodeVerifier(),
        state: client.randomState(),
        nonce: client.randomNonce(),
        to: safePath((request.query as { to?: string }).to),
      }
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: settings.redirectUrl,
        scope: 'openid profile',
        code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
        state: attempt.state,
        nonce: attempt.nonce,
      })
      reply.setCookie(COOKIE, seal(key, JSON.stringify(attempt), CONTEXT).toString('base64url'), { ...cookie, maxAge: ATTEMPT_S })
      return reply.redirect(url.href)
    } catch (error) {
      log.warn({ err: error }, 'the OpenID Connect issuer was not reached')
      return reply.redirect('/sign-in?oidc=unavailable')
    }
  })

  app.get('/api/oidc/callback', { schema: { hide: true }, config: { rateLimit } }, async (request, reply) => {
    reply.header('cache-control', 'no-store').clearCookie(COOKIE, cookie)
    try {
      const attempt = attemptOf(request.cookies[COOKIE], key)
      const here = new URL(settings.redirectUrl)
      here.search = new URL(request.url, here).search
      const tokens = await client.authorizationCodeGrant(await configuration(), here, {
        pkceCodeVerifier: attempt.verifier,
        expectedState: attempt.state,
        expectedNonce: attempt.nonce,
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (!claims) throw new Refusal('OIDC_REFUSED')
      const origin = { address: request.ip, agent: request.headers['user-agent'] }
      const subject = `${claims.iss} ${claims.sub}`
      const { token, caller } = await enter(identity, subject, claims.preferred_username, await doors.findCaller(request), origin)
      doors.setSessionCookie(reply, token)
      const { step } = caller.session
      return reply.redirect(step === 'open' ? attempt.to : `/sign-in?oidc=step&to=${encodeURIComponent(attempt.to)}`)
    } catch (error) {
      log.warn({ err: error }, 'an OpenID Connect sign-in was refused')
      await recordRefusal(identity, error, request.ip)
      const because = error instanceof Refusal && error.code === 'ACCOUNT_NOT_ACTIVE' ? 'inactive' : 'refused'
      return reply.redirect(`/sign-in?oidc=${because}`)
    }
  })
}

async function discover({ issuer, clientId, clientSecret }: OidcSettings): Promise<client.Configuration> {
  // Plain http is for an issuer on this very machine, such as in a test.
  const loopback = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:|\/|$)/.test(issuer)
  return client.discovery(
    new URL(issuer),
    clientId,
    clientSecret,
    undefined,
    loopback ? { execute: [client.allowInsecureRequests], timeout: 10 } : { timeout: 10 },
  )
}

function attemptOf(cookie: string | undefined, key: Uint8Array): Attempt {
  if (!cookie) throw new Refusal('OIDC_REFUSED', 'no attempt was begun in this browser')
  return JSON.parse(unseal(key, Buffer.from(cookie, 'base64url'), CONTEXT).toString()) as Attempt
}

/**
 * The account bound to the subject; else the one of that user name, if it is bound to nobody. A name at the issuer proves little (many let
 * their users choose it): the binding is written once the sign-in has shown a second factor or another person's code.
 */
async function enter(
  identity: Identity,
  subject: string,
  username: unknown,
  previous: Caller | undefined,
  origin: { address: string; agent: string | undefined },
) {
  const { db, signIn } = identity
  const { rows: bound } = await db.query<Known>(`SELECT ${knownColumns} FROM accounts WHERE oidc_subject = $1`, [subject])
  if (bound[0]) return signIn.begin(bound[0], 'oidc', previous, origin)
  const account = typeof username === 'string' ? await findByName(db, username) : undefined
  if (!account || account.oidc_subject !== null) throw new NotEntered(account ? 'bound to another subject' : 'no such account', account)
  return signIn.begin(account, 'oidc', previous, origin, subject)
}

/** Every way back that did not lead in, but those of accounts that may not enter, which the sign-in itself has put on record. */
async function recordRefusal({ db, clock }: Identity, error: unknown, address: string): Promise<void> {
  if (error instanceof Refusal && error.code === 'ACCOUNT_NOT_ACTIVE') return
  const who = error instanceof NotEntered ? error.who : { username: '', accountId: null }
  await recordAudit(db, {
    atMs: clock.nowMs(),
    actor: { accountId: null, username: who.username, role: null },
    action: 'session.refused',
    ...(who.accountId === null ? {} : { subject: ofAccount(who.accountId) }),
    detail: { part: 'oidc', because: reasonOf(error), address },
  })
}

/** The library says what was wrong in the cause of what it throws. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error ? cause.message : message
}

/** The settings of the service as this needs them; undefined when sign-in by OpenID Connect is off. */
export function oidcSettingsOf(settings: {
  'oidc-issuer'?: string | undefined
  'oidc-client-id'?: string | undefined
  'oidc-client-secret'?: string | undefined
  'oidc-redirect-url'?: string | undefined
  'public-url'?: string | undefined
}): OidcSettings | undefined {
  const issuer = settings['oidc-issuer']
  if (issuer === undefined) return undefined
  const clientId = settings['oidc-client-id']
  const publicUrl = settings['public-url']
  const redirectUrl = settings['oidc-redirect-url'] ?? (publicUrl && new URL('/api/oidc/callback', publicUrl).href)
  if (!clientId || !redirectUrl)
    throw new StartupError('--oidc-issuer also needs --oidc-client-id, and --oidc-redirect-url or --public-url.')
  return { issuer, clientId, clientSecret: settings['oidc-client-secret'], redirectUrl }
}
