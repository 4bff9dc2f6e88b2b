// The last answers of the server, for where there is no network.
import type { Account, AnswerOf, EndpointName } from '../../../services/contracts/api.ts'
import { ApiError, type CallInput } from '../../kit/api/client.ts'
import { call, sessionQuery } from '../../kit/api/session.ts'
import { answers } from './database.ts'

const ACCOUNT = 'account'

/** The server's answer; where it is not reached, the last one that was kept under `name`. */
async function orLast<T>(name: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    const away = error instanceof ApiError && (error.code === 'OFFLINE' || error.code === 'UNAVAILABLE')
    // A browser that keeps nothing for us (a private window) has no last answer, and loses nothing else.
    const last = away ? await answers.get(name).catch(() => undefined) : undefined
    if (last === undefined) throw error
    return last as T
  }
}

/** A call whose last answer is kept, for this user. */
export function callOrLast<N extends EndpointName>(username: string, name: N, input: CallInput<N>): Promise<AnswerOf<N>> {
  const kept = `${username} ${name} ${JSON.stringify([input.params, input.query])}`
  return orLast(kept, async () => {
    const answer = await call(name, input)
    await answers.put(kept, answer).catch(() => undefined)
    return answer
  })
}

/** Who is signed in, as far as the phone knows; without a token for changes it is asked again as soon as can be. */
export const phoneSessionQuery = {
  queryKey: sessionQuery.queryKey,
  staleTime: sessionQuery.staleTime,
  refetchInterval: ({ state }: { state: { data?: Account | null | undefined } }) => (state.data?.csrfToken === '' ? 10_000 : false),
  queryFn: (context: { signal: AbortSignal }) => orLast(ACCOUNT, () => (sessionQuery.queryFn as Ask)(context)),
} as const
type Ask = (context: { signal: AbortSignal }) => Promise<Account | null>

/** Keeps who is signed in, without what a change needs; whoever has left is kept no longer. */
export async function keepAccount(account: Account | null): Promise<void> {
  await (account ? answers.put(ACCOUNT, { ...account, csrfToken: '' }) : answers.remove(ACCOUNT)).catch(() => undefined)
}

/** Whoever leaves leaves nothing behind but what waits to be sent. */
export const forgetAnswers = (): Promise<void> => answers.clear().catch(() => undefined)
