// Who drives: `up/driver`. What it is stands in contracts/driverSignOn.ts and docs/device-protocol.md. Whose card it is is looked up when it is stored, and the
// number is not kept.
import { type DriverSignOn, driverSignOnSchema, MOST_SIGN_ONS } from '../../contracts/driverSignOn.ts'
import { EARLIEST_TIME_MS, MAX_FUTURE_MS } from '../../contracts/position.ts'
import { jsonElements } from './jsonElements.ts'
import type { Kind, Validated } from './kind.ts'

const many = { most: MOST_SIGN_ONS, counted: 'sign-ons', tooMany: 'too-many-positions' } as const

export const driver: Kind<DriverSignOn> & { readonly name: 'driver' } = {
  name: 'driver',
  counted: many.counted,
  countsItself: false,
  decode: (payload) => jsonElements(payload, many),
  validate,
  timeMs: ({ tsMs }) => tsMs,
  async store(client, _worker, given) {
    const readings = [...given].sort((a, b) => a.vehicleId - b.vehicleId || a.value.tsMs - b.value.tsMs)
    const { rows } = await client.query<{ vehicleId: number; ms: number }>(
      `INSERT INTO driver_sign_ons (vehicle_id, ts, received_at, signed_on, driver_id)
       SELECT i.vehicle, i.ts, i.received, i.signed_on, d.driver_id
       FROM unnest($1::int[], $2::timestamptz[], $3::timestamptz[], $4::boolean[], $5::text[]) AS i (vehicle, ts, received, signed_on, licence)
         LEFT JOIN drivers d ON d.licence_no = i.licence
       ON CONFLICT DO NOTHING RETURNING vehicle_id AS "vehicleId", (extract(epoch FROM ts) * 1000)::float8 AS ms`,
      [
        readings.map(({ vehicleId }) => vehicleId),
        readings.map(({ value }) => new Date(value.tsMs)),
        readings.map(({ message }) => new Date(message.receivedMs)),
        readings.map(({ value }) => value.on),
        readings.map(({ value }) => value.licence),
      ],
    )
    const isNew = new Set(rows.map(({ vehicleId, ms }) => `${vehicleId} ${ms}`))
    // Of equal ones the first is the one that was stored.
    const duplicates = readings.filter(({ vehicleId, value }) => !isNew.delete(`${vehicleId} ${value.tsMs}`))
    return { duplicates, news: [] }
  },
}

function validate(element: unknown, receivedMs: number): Validated<DriverSignOn> {
  const parsed = driverSignOnSchema.safeParse(element)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    return { reason: 'schema', detail: `${issue.path.join('.') || 'sign-on'}: ${issue.message}` }
  }
  const { time, state, licence = null } = parsed.data
  const tsMs = typeof time === 'number' ? time : Date.parse(time)
  if (!(tsMs >= EARLIEST_TIME_MS)) return { reason: 'time-too-old', detail: 'the clock was never set' }
  if (tsMs > receivedMs + MAX_FUTURE_MS) return { reason: 'time-in-future', detail: `${Math.round((tsMs - receivedMs) / 1000)} s ahead` }
  return { value: { tsMs, on: state === 'in', licence: state === 'in' ? licence!.toUpperCase() : null } }
}
