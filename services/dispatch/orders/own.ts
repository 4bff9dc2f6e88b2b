// Whose requests and orders a caller sees: those of units in his scope, or his own alone where that is all his role gives him.
import type { z } from 'zod'
import type { Api, EndpointName } from '../../contracts/api.ts'
import type { Capability } from '../../domain/permissions.ts'
import { type Caller, grantFor, may, type Reachable, type Sight, type Who } from '../kernel/caller.ts'

/** The account that what is seen must be of; null where the scope says it. */
export const ownerFor = (caller: Caller, capability: Capability): number | null =>
  grantFor(caller, capability).reach === 'self' ? caller.accountId : null

/** Who reads orders: `alone`, nothing but what is his own. */
export type Own = { accountId: number; alone: boolean }
export const ownFor = (caller: Caller, capability: Capability): Own => ({
  accountId: caller.accountId,
  alone: ownerFor(caller, capability) !== null,
})

/** Is he the one who asked, or one who asks for all of his scope? */
export const asksFor = (caller: Caller, { applicant }: { applicant: { accountId: number } }): boolean =>
  may(caller, 'request.create') && (ownerFor(caller, 'request.create') ?? applicant.accountId) === applicant.accountId

/** A reach of one's own alone as the scope that it lies in: whoever takes it says `ownerFor` beside. */
export const asSight = ({ vehicleId: _own, ...reach }: Reachable): Sight => reach
export const whoOf = ({ caller, reach }: Who<Reachable>): Who => ({ caller, reach: asSight(reach) })

/** The body of a request as its schema has read it, with what it fills in. */
export type Sent<N extends EndpointName> = Api[N] extends { body: infer S extends z.ZodType } ? z.output<S> : never
