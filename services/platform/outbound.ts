// Sends to addresses that users name: push services of browsers, other systems. Nobody may make this machine speak to itself or to its inner network that
// way: https to public addresses alone, judged when the name is resolved for the very connection; other origins only where the installation allows them.
import { lookup as resolve } from 'node:dns'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

const TIMEOUT_MS = 10_000
const ANSWER_BYTES = 2_048

/** Addresses that are nobody's in the public network (IANA special-purpose registries). */
const special4 = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  special4.addSubnet(network, bits, 'ipv4')
/** Of IPv6 what is global, but for what stands for another address (tunnels, documentation). */
const global6 = new BlockList()
global6.addSubnet('2000::', 3, 'ipv6')
const special6 = new BlockList()
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  special6.addSubnet(network, bits, 'ipv6')

export function isPublicAddress(address: string): boolean {
  const plain = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  if (isIP(plain) === 4) return !special4.check(plain, 'ipv4')
  return isIP(plain) === 6 && global6.check(plain, 'ipv6') && !special6.check(plain, 'ipv6')
}

/** What is wrong with an address to send to, as far as it says itself; its name is judged when it is resolved. */
export function findTargetFault(url: string, allowedOrigins: readonly string[]): 'malformed' | 'https' | 'private' | null {
  if (!URL.canParse(url)) return 'malformed'
  const { protocol, origin, hostname, username, password } = new URL(url)
  if (username || password) return 'malformed'
  if (allowedOrigins.includes(origin)) return null
  if (protocol !== 'https:') return 'https'
  const bare = hostname.replace(/^\[|\]$/g, '')
  if (isIP(bare)) return isPublicAddress(bare) ? null : 'private'
  return /\.(localhost|local|internal|home\.arpa)\.?$/.test(hostname) || !hostname.replace(/\.$/, '').includes('.') ? 'private' : null
}

const publicLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 0)
    const inner = addresses.find(({ address }) => !isPublicAddress(address))
    if (inner || addresses.length === 0) return callback(new Error(`${hostname} is no public address`), '', 0)
    if (options.all) return callback(null, addresses)
    callback(null, addresses[0]!.address, addresses[0]!.family)
  })
}

export type Posting = {
  headers: Record<string, string | number>
  body: Buffer | string | null
  /** Origins of the inner network that may be spoken to, and without https. */
  allowedOrigins: readonly string[]
  signal?: AbortSignal
}

/**
 * Posts, following nowhere.
 * @returns the status, and the beginning of what was answered
 * @throws when the address is not one to speak to, is not reached, or does not answer in ten seconds
 */
export function post(url: string, { headers, body, allowedOrigins, signal }: Posting): Promise<{ status: number; answer: string }> {
  const fault = findTargetFault(url, allowedOrigins)
  if (fault) return Promise.reject(new Error(`not an address to send to: ${fault}`))
  const { protocol, origin } = new URL(url)
  const allowed = allowedOrigins.includes(origin)
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  return new Promise((done, fail) => {
    const request = (protocol === 'https:' ? httpsRequest : httpRequest)(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': body === null ? 0 : Buffer.byteLength(body) },
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        agent: false,
        ...(allowed ? {} : { lookup: publicLookup }),
      },
      (response) => {
        const parts: Buffer[] = []
        let bytes = 0
        const end = () => done({ status: response.statusCode!, answer: Buffer.concat(parts).subarray(0, ANSWER_BYTES).toString() })
        response.on('data', (part: Buffer) => {
          parts.push(part)
          bytes += part.byteLength
          // The rest is nobody's business.
          if (bytes >= ANSWER_BYTES) {
            end()
            response.destroy()
          }
        })
        response.once('end', end)
        response.once('error', fail)
      },
    )
    request.once('error', fail)
    request.end(body)
  })
}
