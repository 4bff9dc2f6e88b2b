// Headers, limits and refusals under load: what every answer carries, whoever asks.
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../contracts/errors.ts'
import { networkOf } from '../platform/network.ts'
import type { Settings } from './settings.ts'

/** The mean of so long a time is judged: one slow turn among quick ones weighs little in it, and refuses nobody. */
const LOOP_DELAY_OVER_MS = 5_000
const YEAR_S = 31_536_000

export type Limits = {
  /** Requests of one address in a minute; many people may sit behind one. */
  perAddress: number
  /** Sign-ins of one address in a minute. */
  signInPerAddress: number
  /** Requests of one session in a minute. */
  perSession: number
  /** Views of one live socket in ten seconds. */
  viewsPer10S: number
  /** While every turn of the event loop is later than this, requests are refused: each would only make all of them later. */
  loopDelayMs: number
}
export const defaultLimits: Limits = { perAddress: 6_000, signInPerAddress: 60, perSession: 1_200, viewsPer10S: 120, loopDelayMs: 1_500 }

export const isHttps = (settings: Settings): boolean => settings['public-url']?.startsWith('https:') ?? false

export async function registerSecurity(app: FastifyInstance, settings: Settings, limits: Limits): Promise<void> {
  const maps = mapOrigins(settings)
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        // MapLibre starts its worker from a blob in some browsers; a blob is of this origin.
        'worker-src': ["'self'", 'blob:'],
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:', 'blob:', ...maps],
        'font-src': ["'self'", 'data:'],
        'connect-src': ["'self'", ...socketOrigins(settings), ...maps],
        'object-src': ["'none'"],
        'frame-ancestors': ["'none'"],
        'base-uri': ["'self'"],
        'form-action': ["'self'"],
      },
    },
    strictTransportSecurity: isHttps(settings) ? { maxAge: YEAR_S, includeSubDomains: false } : false,
    // On plain http (a loopback demo, an inner network) browsers ignore this header and complain about it.
    crossOriginOpenerPolicy: isHttps(settings) ? { policy: 'same-origin' } : false,
    originAgentCluster: isHttps(settings),
    referrerPolicy: { policy: 'same-origin' },
    frameguard: { action: 'deny' },
  })
  await app.register(rateLimit, {
    global: true,
    max: limits.perAddress,
    timeWindow: 60_000,
    keyGenerator: ({ ip }) => networkOf(ip),
    // The pages behind a link are asked of the database as well.
    allowList: (request) => !/^\/(api|verify|calendar)\//.test(request.url),
    errorResponseBuilder: () => new Refusal('RATE_LIMITED'),
  })
  await app.register(underPressure, {
    maxEventLoopDelay: limits.loopDelayMs,
    sampleInterval: LOOP_DELAY_OVER_MS,
    pressureHandler: () => {
      throw new Refusal('UNAVAILABLE')
    },
  })
}

/** Older browsers do not take 'self' to cover WebSockets; the configured addresses are those we know for sure. */
const socketOrigins = (settings: Settings): string[] => {
  const url = settings['public-url']
  return [...(url ? [new URL(url).origin] : []), ...settings['allowed-origins']].map((origin) => origin.replace(/^http/, 'ws'))
}

/** Origins that the configured maps load from. */
function mapOrigins(settings: Settings): string[] {
  const urls = [settings['map-style-url'], settings['pmtiles-url'], ...settings['map-hosts']]
  const origins = urls.flatMap((url) => (url && URL.canParse(url) ? [new URL(url).origin] : [])).filter((origin) => origin !== 'null')
  if (settings['tianditu-key']) for (let k = 0; k < 8; k++) origins.push(`https://t${k}.tianditu.gov.cn`)
  return [...new Set(origins)]
}
