// Which pages are ours, by the Origin that a browser sends: those that are configured, and the addresses that this service is reached at
// by itself. What the request says of its own host counts for nothing: a page that forges Host and Origin alike (DNS rebinding) is foreign.
import { isIPv6 } from 'node:net'
import { refusal } from '../contracts/refusals.ts'
import type { Logger } from '../platform/log.ts'
import type { Settings } from './settings.ts'

type Headers = Record<string, string | string[] | undefined>
/** Where the connection came in. */
type Arrival = { localAddress?: string | undefined; localPort?: number | undefined }
export type Origins = { areOurs(headers: Headers, arrival: Arrival): boolean }

/** How often a refused page is told to the log: whoever sends it may send it a thousand times a second. */
const TELL_MS = 10_000
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]']

/** An address as a URL writes it. */
const inUrl = (address: string): string => {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  return isIPv6(plain) ? `[${plain}]` : plain
}

/**
 * Clients that are no browser send neither Origin nor Sec-Fetch-Site and pass: they carry no cookie that they do not mean to send.
 * A page passes when its origin is `public-url` or one of `allowed-origins`, or is http on the very address and port that the connection
 * came in at, on the address that is listened at, or on this machine's own names with that port.
 */
export function ownOrigins(settings: Pick<Settings, 'public-url' | 'allowed-origins' | 'host'>, log: Logger): Origins {
  const configured = new Set(settings['allowed-origins'])
  if (settings['public-url']) configured.add(new URL(settings['public-url']).origin)
  let toldAtMs = Number.NEGATIVE_INFINITY
  const isReachedAt = (origin: string, { localAddress, localPort }: Arrival): boolean => {
    if (localPort === undefined) return false
    const names = [...LOOPBACK_NAMES, inUrl(settings.host), ...(localAddress ? [inUrl(localAddress)] : [])]
    return names.some((name) => URL.canParse(`http://${name}`) && new URL(`http://${name}:${localPort}`).origin === origin)
  }
  return {
    areOurs(headers, arrival) {
      const site = headers['sec-fetch-site']
      if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
      if (headers.origin === undefined) return true
      const said = String(headers.origin)
      const origin = URL.canParse(said) ? new URL(said).origin : 'null'
      if (origin !== 'null' && (configured.has(origin) || isReachedAt(origin, arrival))) return true
      if (performance.now() - toldAtMs >= TELL_MS) {
        toldAtMs = performance.now()
        log.warn({ origin: said.slice(0, 200) }, 'a page of another origin was refused; if it is ours, name it with --allowed-origins')
      }
      return false
    },
  }
}

/** A name of a host is no longer (RFC 1035), and a port adds six. */
const MOST_HOST = 253 + 6

/**
 * How this service is reached, for links that leave it: `public-url`, or, where none is on file, the address by which whoever asks has reached it.
 * @throws Refusal VALIDATION_FAILED where that is no address
 */
export function readSite(publicUrl: string | undefined, { protocol, host }: { protocol: string; host: string }): string {
  const site = publicUrl ?? `${protocol}://${host}`
  if (publicUrl === undefined && (host.length > MOST_HOST || !URL.canParse(site)))
    throw refusal('VALIDATION_FAILED', 'headers.host', 'host.none')
  return new URL(site).origin
}
