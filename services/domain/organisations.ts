// The tree of organisations: what may stand under what, and what is inside or above. A subtree is its nested-set interval.
import type { OrganisationKind } from './vehicle.ts'

const standsUnder: Record<OrganisationKind, readonly OrganisationKind[]> = {
  region: [],
  league: ['region'],
  banner: ['league'],
  unit: ['region', 'league', 'banner', 'unit'],
}

/** May an organisation of this kind stand under one of that kind? The region has nothing above it. */
export const mayStandUnder = (kind: OrganisationKind, parent: OrganisationKind): boolean => standsUnder[kind].includes(parent)

type Interval = { lft: number; rgt: number }

/** Is the organisation with this lft inside the subtree? */
export const isWithin = ({ lft, rgt }: Interval, organisation: { lft: number }): boolean =>
  lft <= organisation.lft && organisation.lft <= rgt

/** What an organisation keeps holds for itself and everything below it. */
export const holdsFor = (keeper: Interval, unit: Interval): boolean => keeper.lft <= unit.lft && unit.rgt <= keeper.rgt
