// Values that nobody sends in good faith, and where in a request they can stand.
import type { Endpoint } from '../../../services/contracts/api/endpoint.ts'
import type { Parts } from './row.ts'

export const hostileTexts: readonly string[] = [
  "' OR 1=1 --",
  "'; DROP TABLE vehicles; --",
  '"; SELECT pg_sleep(9); --',
  "' UNION SELECT password_hash FROM accounts --",
  '%',
  '_',
  '\\',
  '$1',
  '%s%n%x',
  '{"$ne":null}',
  '{{7*7}}',
  '$' + '{7*7}',
  '<%= 7*7 %>',
  '<script>alert(1)</script>',
  '../../../../etc/passwd',
  '..\\..\\windows\\win.ini',
  '%2e%2e%2f',
  'file:///etc/passwd',
  'x\r\nset-cookie: morin_session=1',
  'x"; filename="evil.html',
  '=cmd|"/c calc"!A1',
  '@SUM(1+1)',
  '+1+1',
  '-1',
  '\0',
  '\u0001\u0008\u001b[31m',
  '\u202e\u2066txt.exe',
  '\u200b\u200d\ufeff',
  '\ud800',
  'a\udc00b',
  '😀'.repeat(20),
  'Ａ１',
  '١٢٣',
  'NaN',
  'Infinity',
  '1e999',
  '0x10',
  '9'.repeat(40),
  '2026-02-30',
  '9999-12-31T23:59:59.999+14:00',
  '-271821-04-20T00:00:00Z',
  '__proto__',
  'constructor',
  'toString',
  'x'.repeat(5_000),
]

/** In JSON a scalar may be anything. */
export const hostileValues: readonly unknown[] = [
  null,
  true,
  {},
  { $ne: null },
  { toString: 'x' },
  [],
  [[]],
  ['x', 'y'],
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  -(2 ** 31) - 1,
  1e308,
]

/** As numbers of rows: no row has them, or they are no numbers. */
export const hostileIds: readonly string[] = [
  '0',
  '-1',
  '1.5',
  String(2 ** 31),
  String(2 ** 63),
  '9'.repeat(30),
  '1e12',
  '0xfffffffff',
  'NaN',
  'Infinity',
  'true',
  'null',
  'undefined',
  '[object Object]',
  '１',
  '1 OR 1=1',
  '1;',
  '../1',
  ' ',
]

/** A place in a request where a value can be put: its name, and the request with another value there. */
export type Slot = { path: string; put(value: unknown): Parts; textOnly: boolean }

/** Every parameter of an endpoint, the ones that the sound request leaves out too, and every leaf inside its body. */
export function slotsOf({ params, query, body, upload }: Endpoint, parts: Parts): Slot[] {
  const flat = (part: 'params' | 'query', shape: object): Slot[] =>
    Object.keys(shape).map((key) => ({
      path: `${part}.${key}`,
      put: (value) => ({ ...parts, [part]: { ...parts[part], [key]: value } }),
      textOnly: true,
    }))
  const slots = [...flat('params', params?.shape ?? {}), ...flat('query', query?.shape ?? {})]
  if (!body || upload) return slots
  const whole = { ...Object.fromEntries(Object.keys(body.shape).map((key) => [key, undefined])), ...(parts.body as object | undefined) }
  for (const path of leavesOf(whole))
    slots.push({ path: `body.${path.join('.')}`, put: (value) => ({ ...parts, body: withAt(whole, path, value) }), textOnly: false })
  return slots
}

/** Paths to whatever is no object, and to objects and arrays themselves. */
function leavesOf(value: unknown, path: string[] = []): string[][] {
  const own = path.length > 0 ? [path] : []
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return own
  return [...own, ...Object.entries(value).flatMap(([key, each]) => leavesOf(each, [...path, key]))]
}

function withAt(value: unknown, [key, ...rest]: string[], put: unknown): unknown {
  if (key === undefined) return put
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>
  copy[key] = withAt(copy[key], rest, put)
  return copy
}
