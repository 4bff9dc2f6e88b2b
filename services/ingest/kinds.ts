// The kinds of message that terminals send, one line each. A topic that is not here is nobody's: noKind.
import type { UplinkKind } from '../contracts/topics.ts'
import type { Queryable } from '../platform/db.ts'
import { driver } from './kinds/driver.ts'
import type { Kind } from './kinds/kind.ts'
import { createLocation } from './kinds/location.ts'
import { createPhone } from './kinds/phone.ts'
import { createRowEncoder } from './positions/rows.ts'

/** By the sixth level of their topic. */
export type Kinds = ReadonlyMap<string, Kind>

const makers: { [K in UplinkKind]: (db: Queryable) => Promise<Kind & { readonly name: K }> } = {
  location: async (db) => createLocation(await createRowEncoder(db)),
  driver: async () => driver,
  phone: async (db) => createPhone(await createRowEncoder(db)),
}

/** Every kind, ready to store in this database. */
export async function openKinds(db: Queryable): Promise<Kinds> {
  const kinds = await Promise.all(Object.values(makers).map((make) => make(db)))
  return new Map(kinds.map((kind) => [kind.name, kind]))
}
