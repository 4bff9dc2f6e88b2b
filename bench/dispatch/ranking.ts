// How long it takes to rank the whole pool for one request, over HTTP.
import { summary } from '../live/statistics.ts'
import { type World, wanted } from './world.ts'

export async function measureRanking({ pool, enter }: World, times: number) {
  const dispatcher = await enter('dispatcher', pool.organisationId)
  const requests: number[] = []
  for (let n = 0; n < 8; n++) {
    const made = await dispatcher.ask('createRequest', { body: wanted(pool.units[(n * 37) % pool.units.length]!, n * 60) })
    if (made.status !== 200) throw new Error(JSON.stringify(made.body))
    requests.push(made.body.requestId as number)
  }
  const sample: number[] = []
  let last: Record<string, unknown> = {}
  for (let n = -requests.length; n < times; n++) {
    const { status, body, ms } = await dispatcher.ask('listCandidates', { params: { requestId: requests.at(n % requests.length)! } })
    if (status !== 200) throw new Error(JSON.stringify(body))
    // The first of each pays for plans and caches that the others use.
    if (n >= 0) sample.push(ms)
    last = body
  }
  return {
    vehicles: pool.vehicles,
    drivers: pool.drivers,
    able: last.able as number,
    excluded: last.excludedTotal as number,
    answerBytes: JSON.stringify(last).length,
    ms: summary(sample),
  }
}
