// What may not enter the audit log, which nobody can ever shorten: secrets are left out by the name of their field, numbers that
// name a person are masked, and nothing is larger than a record may be.

const secretWords = [
  'password',
  'passphrase',
  'secret',
  'totp',
  'otpcode',
  'recoverycode',
  'credential',
  'csrf',
  'cookie',
  'privatekey',
  'authorization',
  'apikey',
]
const maskedWords = ['phone', 'mobile', 'licenceno', 'licencenumber', 'licensenumber', 'idnumber', 'identityno', 'cardno', 'cardnumber']

const REDACTED = '[redacted]'
const MAX_TEXT = 2_000
const MAX_ITEMS = 200
const MAX_DEPTH = 8

/** A copy of `value` that may be recorded. Dates and numbers stay, bytes do not. */
export function redact(value: unknown, key = '', depth = 0): unknown {
  const name = key.toLowerCase().replace(/[^a-z0-9]/g, '')
  if (value !== null && value !== undefined && isSecretName(name)) return REDACTED
  if (typeof value === 'string') return storable(shorten(isMaskedName(name) ? maskMiddle(value) : value))
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`
  if (depth >= MAX_DEPTH) return '[too deep]'
  if (Array.isArray(value)) {
    const items = value.slice(0, MAX_ITEMS).map((item) => redact(item, key, depth + 1))
    return value.length > MAX_ITEMS ? [...items, `[${value.length - MAX_ITEMS} more]`] : items
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, redact(member, name, depth + 1)]))
}

function isSecretName(name: string): boolean {
  return name === 'otp' || name.endsWith('token') || name.endsWith('tokenhash') || secretWords.some((word) => name.includes(word))
}

const isMaskedName = (name: string): boolean => maskedWords.some((word) => name.endsWith(word))

/** 13800000001 → 138****0001; what is shorter than eight characters keeps its last two. */
function maskMiddle(text: string): string {
  if (text.length < 8) return `****${text.slice(-2)}`
  return `${text.slice(0, 3)}****${text.slice(-4)}`
}

const shorten = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}[${text.length - MAX_TEXT} more]` : text)

/** The text as a database can hold it: half a surrogate pair and U+0000 become U+FFFD, in the body as in its copies. */
export const storable = (text: string): string => Buffer.from(text).toString().replaceAll('\0', '\uFFFD')
