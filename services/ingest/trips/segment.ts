import type { Position } from '../../contracts/position.ts'
import { STANDING_BELOW_DKPH } from '../../contracts/status.ts'

/** Driving, rather than standing with the engine on or drifting. */
export const isMoving = ({ ignition, speedDkph }: Pick<Position, 'ignition' | 'speedDkph'>): boolean =>
  ignition && (speedDkph ?? 0) >= STANDING_BELOW_DKPH
