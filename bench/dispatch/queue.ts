// From a booking that is sent to the dispatcher who sees it in his queue: told over the socket, and asked for.
import { io } from 'socket.io-client'
import { LIVE_SOCKET_PATH } from '../../services/contracts/liveSocket.ts'
import { summary } from '../live/statistics.ts'
import { type World, wanted } from './world.ts'

export async function measureQueue({ pool, enter, origin }: World, times: number) {
  const [dispatcher, asker] = [await enter('dispatcher', pool.organisationId), await enter('fleet_manager', pool.units[0]!)]
  const socket = io(origin, { path: LIVE_SOCKET_PATH, transports: ['websocket'], extraHeaders: { cookie: dispatcher.cookie } })
  await new Promise<void>((told) => socket.once('trips', () => told()))
  let [seen, wake] = [new Set<number>(), () => {}]
  socket.on('trips', async () => {
    const { body } = await dispatcher.ask('listRequests', { query: { waiting: 'dispatch', limit: 100 } })
    seen = new Set((body.rows as { requestId: number }[]).map(({ requestId }) => requestId))
    wake()
  })
  const sample: number[] = []
  for (let n = 0; n < times; n++) {
    const begun = performance.now()
    const { status, body } = await asker.ask('createRequest', { body: wanted(pool.units[0]!, n) })
    if (status !== 200) throw new Error(JSON.stringify(body))
    while (!seen.has(body.requestId as number)) await new Promise<void>((again) => (wake = again))
    sample.push(performance.now() - begun)
    // What has been seen waits no longer: the queue that is read stays as long as a morning's.
    await asker.ask('actOnRequest', { params: { requestId: body.requestId as number }, body: { action: 'cancel', version: body.version } })
  }
  socket.disconnect()
  return { times, ms: summary(sample) }
}
