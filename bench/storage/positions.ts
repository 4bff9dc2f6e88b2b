// A working day by the simulator's habits, made of nothing but arithmetic: who drives says so each ten seconds, who rests each five minutes.
import type { PositionReading } from '../../services/ingest/positions/rows.ts'

const [DRIVING_S, RESTING_S] = [10, 300]
/** Of a hundred vehicles so many drive in any half hour. */
const DRIVING = 15
const HALF_HOUR_S = 1800

/** What `vehicles` say in a half hour that begins at `fromMs`, in the order in which they are stored. */
export function halfHour(vehicles: number, fromMs: number): PositionReading[] {
  const readings: PositionReading[] = []
  for (let vehicle = 1; vehicle <= vehicles; vehicle++) {
    const turn = Math.floor(fromMs / (HALF_HOUR_S * 1000))
    const isDriving = noise(vehicle * 7919 + turn) * 100 < DRIVING
    const everyS = isDriving ? DRIVING_S : RESTING_S
    let heading = noise(vehicle + turn) * 360
    let lonE7 = 1_110_000_000 + Math.floor(noise(vehicle) * 10_000_000)
    let latE7 = 400_000_000 + Math.floor(noise(vehicle * 31) * 10_000_000)
    let odometerM = 20_000_000 + vehicle * 137
    for (let s = Math.floor(noise(vehicle * 13) * everyS); s < HALF_HOUR_S; s += everyS) {
      const step = noise(vehicle * 104_729 + turn * 7 + s)
      const speedDkph = isDriving ? 200 + Math.floor(step * 500) : 0
      const metres = (speedDkph / 36) * everyS
      heading = isDriving ? (heading + (step - 0.5) * 20 + 360) % 360 : heading
      lonE7 += Math.round((metres * 90 * Math.sin((heading * Math.PI) / 180)) / Math.cos(0.71))
      latE7 += Math.round(metres * 90 * Math.cos((heading * Math.PI) / 180))
      odometerM += Math.round(metres)
      const tsMs = fromMs + s * 1000 + Math.floor(noise(vehicle * 17) * 1000)
      const value = {
        ...{
          tsMs,
          lonE7,
          latE7,
          speedDkph,
          headingDeg: Math.floor(heading),
          altitudeM: 1040 + Math.floor(noise(vehicle * 5) * 40),
          odometerM,
        },
        ...{ fuelPermille: 300 + Math.floor(noise(vehicle * 3) * 600), socPermille: null, ignition: isDriving },
        ...{ satellites: 10 + Math.floor(step * 6), alarms: 0 },
      }
      const message = { topic: '', payload: new Uint8Array(), receivedMs: tsMs + 300 + Math.floor(step * 900), ack: () => undefined }
      readings.push({ vehicleId: vehicle, terminalId: '', value, message })
    }
  }
  return readings
}

/** Between 0 and 1, the same for the same number. */
function noise(of: number): number {
  let x = Math.imul(of ^ (of >>> 15), 0x2c1b3c6d)
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39)
  return ((x ^ (x >>> 15)) >>> 0) / 4_294_967_296
}
