// Which fields of a record are the number of something that has a name. Records keep the number; whoever reads is told the name that it
// had when the record was made, if he may see it (dispatch/kernel/names.ts), and never the number alone.

export const namedKinds = [
  'organisation',
  'vehicle',
  'driver',
  'account',
  'place',
  'supplier',
  'compound',
  'pool',
  'token',
  'notice',
] as const
export type NamedKind = (typeof namedKinds)[number]

const kindOfField: Record<string, NamedKind> = {
  organisationId: 'organisation',
  userUnitId: 'organisation',
  ownerUnitId: 'organisation',
  unitId: 'organisation',
  toUnitId: 'organisation',
  borrowerId: 'organisation',
  parentId: 'organisation',
  intoId: 'organisation',
  mergedIntoId: 'organisation',
  from: 'organisation',
  to: 'organisation',
  vehicleId: 'vehicle',
  vehicleIds: 'vehicle',
  driverId: 'driver',
  fromDriverId: 'driver',
  toDriverId: 'driver',
  accountId: 'account',
  onBehalfOf: 'account',
  deputyId: 'account',
  travellerIds: 'account',
  placeId: 'place',
  parkingPlaceId: 'place',
  supplierId: 'supplier',
  fuelSupplierId: 'supplier',
  repairSupplierId: 'supplier',
  insuranceSupplierId: 'supplier',
  compoundId: 'compound',
  poolId: 'pool',
}

/** The key under which an answer holds the name: `vehicle:203`. Undefined for what has no name, or is no number. */
export function nameKey(field: string, value: unknown): string | undefined {
  const kind = Object.hasOwn(kindOfField, field) ? kindOfField[field] : undefined
  return kind && typeof value === 'number' ? `${kind}:${value}` : undefined
}

export const subjectKey = ({ type, id }: { type: string; id: string | number }): string | undefined =>
  (namedKinds as readonly string[]).includes(type) && /^\d{1,10}$/.test(String(id)) ? `${type}:${id}` : undefined

/** Every name that a part of a record asks for, however deep. */
export function namesIn(value: unknown, field = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => namesIn(item, field))
  if (value === null || typeof value !== 'object') {
    const key = nameKey(field, value)
    return key ? [key] : []
  }
  const { type, id } = value as { type?: unknown; id?: unknown }
  const subject = typeof type === 'string' && (typeof id === 'number' || typeof id === 'string') ? subjectKey({ type, id }) : undefined
  return [...(subject ? [subject] : []), ...Object.entries(value).flatMap(([name, member]) => namesIn(member, name))]
}
