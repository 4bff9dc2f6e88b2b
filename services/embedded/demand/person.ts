// A person of the demo at the product's door: signs in as a browser does, and asks the endpoints of the table.
import { type AnswerOf, api, type EndpointName } from '../../contracts/api.ts'

type Parts = { params?: Record<string, string | number>; query?: Record<string, string | number>; body?: object }
export type Person = { ask<N extends EndpointName>(name: N, parts?: Parts): Promise<AnswerOf<N>> }

/** Refused: the reason of the first issue, or the code. */
export class Refused extends Error {}

/** So long one waits after so many refusals in a row to be let in: whoever is locked, or has another password now, is not asked for every few seconds. */
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [5_000, 15 * 60_000]
const pauseMs = (refusals: number): number => Math.min(FIRST_PAUSE_MS * 2 ** Math.max(0, refusals - 1), LONGEST_PAUSE_MS)

const PATIENCE_MS = 20_000

/** Who is not let in: a wrong password, a lock, a second factor. */
export class NotLetIn extends Refused {}

/** After something failed: how often in a row one was not let in, and how long one waits. Any other failure begins anew. */
export function afterFailure(refusals: number, error: unknown): { refusals: number; waitsMs: number } {
  const inARow = error instanceof NotLetIn ? refusals + 1 : 0
  return { refusals: inARow, waitsMs: pauseMs(inARow) }
}

/** @throws NotLetIn, Error when the product does not answer or is not well */
export async function signIn(url: string, username: string, password: string): Promise<Person> {
  const origin = new URL(url).origin
  const answer = await fetch(`${origin}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ username, password }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
  if (!answer.ok) throw new (answer.status < 500 ? NotLetIn : Error)(`${username}: ${answer.status}`)
  const { csrfToken } = (await answer.json()) as { csrfToken: string }
  const cookie = answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  return {
    async ask<N extends EndpointName>(name: N, { params = {}, query = {}, body }: Parts = {}): Promise<AnswerOf<N>> {
      const { method, path } = api[name]
      const at = path.replace(/:(\w+)/g, (_all, key: string) => encodeURIComponent(String(params[key])))
      const asked = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))
      const said = await fetch(`${origin}/api/v1${at}?${asked}`, {
        method,
        headers: { cookie, origin, 'x-csrf-token': csrfToken, ...(body ? { 'content-type': 'application/json' } : {}) },
        ...(body ? { body: JSON.stringify(body) } : {}),
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      const text = await said.text()
      if (said.ok) return JSON.parse(text) as AnswerOf<N>
      const { error } = JSON.parse(text) as { error: { code: string; issues?: { reason?: string }[] } }
      // Not signed in any more is no refusal of what was asked.
      if (said.status === 401) throw new Error(error.code)
      throw new Refused(error.issues?.[0]?.reason ?? error.code)
    },
  }
}

/** What is refused was another's, or is not to be: nothing else stops for it. */
export async function unlessRefused<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Refused) return undefined
    throw error
  }
}
