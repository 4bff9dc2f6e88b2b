// Whoever of the demo is not let in does not knock every few seconds: the pauses grow, and begin anew once he is in.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { afterFailure, NotLetIn, signIn } from '../../services/embedded/demand/person.ts'

t.test(
  'an account that is locked, or has another password, is asked for less and less often; a product that is away soon again',
  async (t) => {
    const answers: number[] = []
    const server = createServer((_request, response) => response.writeHead(answers.shift() ?? 500).end('{}'))
    t.teardown(() => server.close())
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const knock = async (status: number): Promise<unknown> => {
      answers.push(status)
      return signIn(url, 'finance', 'wrong').catch((error: unknown) => error)
    }
    let refusals = 0
    const waits: number[] = []
    for (const status of [401, 403, 423, 429, 401, 401, 401, 401, 401, 401]) {
      const error = await knock(status)
      t.ok(error instanceof NotLetIn, `${status}`)
      const after = afterFailure(refusals, error)
      refusals = after.refusals
      waits.push(after.waitsMs / 1000)
    }
    t.same(waits, [5, 10, 20, 40, 80, 160, 320, 640, 900, 900], 'twice as long each time, and never longer than a quarter of an hour')
    for (const status of [500, 503]) {
      const error = await knock(status)
      t.notOk(error instanceof NotLetIn, `${status} says nothing of who knocks`)
      t.same(afterFailure(refusals, error), { refusals: 0, waitsMs: 5_000 })
    }
  },
)
