// The time machine: everybody in sight at full minutes of the last day, as JSON, and at seconds between them; and of an hour that is not prepared as it stands.
import { readInstant } from '../../services/dispatch/whereabouts/instant.ts'
import { HOUR_MS } from '../../services/dispatch/whereabouts/units.ts'
import { summary } from '../live/statistics.ts'
import { askOf, type Desk, timed } from './desk.ts'

export async function measureInstant({ db, history, rounds }: Desk): Promise<object> {
  let turn = 0
  let told = { vehicles: 0, bytes: 0 }
  const ask = async (second = 0): Promise<void> => {
    // Another minute each time: nothing is answered from before.
    const atMs = history.lastMs + (7 + ((turn++ * 17) % (history.hours * 60 - 8))) * 60_000 + second * 1000
    const { seen } = await readInstant(db, askOf('instant', { fromMs: atMs, untilMs: atMs }))
    const text = JSON.stringify({
      vehicleId: seen.map(({ vehicleId }) => vehicleId),
      plate: seen.map(({ plate }) => plate),
      lon: seen.map(({ fix }) => fix.lonE7 / 1e7),
      lat: seen.map(({ fix }) => fix.latE7 / 1e7),
      ageS: seen.map(({ fix }) => Math.round((atMs - fix.ms) / 1000)),
      speedKph: seen.map(({ fix }) => fix.speedKph),
    })
    told = { vehicles: seen.length, bytes: text.length }
  }
  const prepared = summary(await timed(rounds, () => ask()))
  const atSecond = summary(await timed(rounds, () => ask(30)))
  // As if one more position had come late for every unit of the last hours.
  await db.query('UPDATE prepared_hours SET stored = stored - 1 WHERE hour >= $1', [history.lastMs / HOUR_MS])
  const raw = summary(await timed(Math.min(5, rounds), () => ask()))
  await db.query('UPDATE prepared_hours SET stored = stored + 1 WHERE hour >= $1', [history.lastMs / HOUR_MS])
  return { ...prepared, ...told, atSecond, notPrepared: raw }
}
