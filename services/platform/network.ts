// The network that an address stands for when something is counted by where it comes from: one subscriber, as far as an address tells.
import { isIPv4, isIPv6 } from 'node:net'

/** IPv4 as it is, also where it is mapped into IPv6; of IPv6 the /64, of which one subscriber has all addresses. Anything else as it is. */
export function networkOf(address: string): string {
  const plain = address.replace(/%.*$/, '')
  if (isIPv4(plain) || !isIPv6(plain)) return plain
  const groups = groupsOf(plain)
  const [first, second] = groups
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  // Behind a translator (NAT64) everybody would share one /64.
  const translated = first === 0x64 && second === 0xff9b && groups.slice(2, 6).every((group) => group === 0)
  if (mapped || translated)
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 255])
      .join('.')
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}

/** The eight groups of an IPv6 address, however it is abbreviated. */
function groupsOf(address: string): number[] {
  // A URL writes every form of one address alike, in small hexadecimal groups.
  const [head, tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const left = head ? head.split(':') : []
  const right = tail ? tail.split(':') : []
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  return [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16))
}
