// So many people who mean the same thing at the same time.
import { runs } from '../harness/long.ts'

/** As many as ask at once; two hundred in `npm run test:long`. */
export const MANY = runs(50, 200)

/** A server whose connections are all taken for long says so before it has begun; whoever means it asks again. */
export async function insist<T extends { code: string | undefined }>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    const answer = await work()
    if (answer.code !== 'UNAVAILABLE') return answer
  }
}

/** What each of them is answered in the end. */
export const atOnce = <T extends { code: string | undefined }>(work: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: MANY }, (_, n) => insist(() => work(n))))
