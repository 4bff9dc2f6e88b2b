// Made-up terminals and positions for the tests of the simulator.

import type { Manifest, ManifestTerminal } from '../../services/contracts/manifest.ts'
import type { PositionMessage } from '../../services/contracts/position.ts'
import { leagues } from '../../services/domain/region/region.ts'
import { energyTypes } from '../../services/domain/vehicle.ts'

/** So many terminals, spread over the banners, all classes and kinds of energy among them. */
export function manifestOf(count: number): Manifest {
  const places = leagues.flatMap((league) => [league, ...league.counties])
  const terminals = Array.from({ length: count }, (_, n): ManifestTerminal => {
    const { adcode, seat } = places[(n * 17) % places.length] as (typeof places)[number]
    return {
      terminalId: `SIM${String(n).padStart(5, '0')}`,
      secret: `secret-of-terminal-${n}`,
      adcode,
      plate: `蒙A${String(n).padStart(5, '0')}`,
      class: n % 20 === 7 ? 'leased' : n % 5 < 2 ? 'law_enforcement' : 'official',
      energy: energyTypes[n % energyTypes.length] as ManifestTerminal['energy'],
      home: [seat[0] + ((n % 9) - 4) * 0.002, seat[1] + ((n % 7) - 3) * 0.002],
      odometerM: 1_000_000 + n,
    }
  })
  return { seed: 7, gateway: { id: 'gateway-1', secret: 'secret-of-the-gateway' }, terminals }
}

export const positionAt = (time: number): PositionMessage => ({
  time,
  lon: 111.6,
  lat: 40.8,
  speedKph: 30.5,
  headingDeg: 90,
  altitudeM: 1050,
  odometerM: 1234,
  fuelPct: 50.5,
  ignition: true,
  satellites: 12,
})
