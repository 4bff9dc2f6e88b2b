// A database that ends a statement without a word on it: what was asked has failed, whatever the silence meant.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import t from 'tap'
import { openDatabase } from '../../services/platform/db.ts'

const message = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5)
  head.write(type, 0, 'latin1')
  head.writeInt32BE(4 + body.byteLength, 1)
  return Buffer.concat([head, body])
}
const ready = message('Z', Buffer.from('I'))
const complete = (tag: string): Buffer => message('C', Buffer.from(`${tag}\0`))
const signedIn = Buffer.concat([message('R', Buffer.alloc(4)), ready])

/** Speaks as much of the protocol as it takes; `answers` says what comes after each simple query. */
async function startSpeaking(test: { teardown(work: () => unknown): void }, answers: (sql: string) => Buffer[]): Promise<string> {
  const server = createServer((socket: Socket) => {
    let started = false
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      if (!started) {
        started = true
        socket.write(signedIn)
        return
      }
      if (bytes.toString('latin1', 0, 1) === 'Q')
        socket.write(Buffer.concat([...answers(bytes.toString('utf8', 5, bytes.byteLength - 1)), ready]))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  test.teardown(() => server.close())
  return `postgresql://x@127.0.0.1:${(server.address() as AddressInfo).port}/x`
}

t.test('a statement that ends without saying what it did has failed', async (t) => {
  const url = await startSpeaking(t, (sql) => (sql === 'SELECT lost' ? [] : [complete('SELECT 0')]))
  const db = openDatabase({ url, applicationName: 'test', maxConnections: 1 })
  await t.rejects(db.query('SELECT lost'), /without saying what it did/)
  t.equal((await db.query('SELECT kept')).rowCount, 0)
  await db.close()
})

t.test('a commit that was no commit has failed', async (t) => {
  let commit: Buffer[] = []
  const url = await startSpeaking(t, (sql) => (sql === 'COMMIT' ? commit : [complete(sql)]))
  const db = openDatabase({ url, applicationName: 'test', maxConnections: 1 })
  await t.rejects(
    db.transaction(async () => 'done'),
    /without saying what it did/,
  )
  commit = [complete('ROLLBACK')]
  await t.rejects(
    db.transaction(async () => 'done'),
    /answered ROLLBACK to COMMIT/,
  )
  commit = [complete('COMMIT')]
  t.equal(await db.transaction(async () => 'done'), 'done')
  await db.close()
})
