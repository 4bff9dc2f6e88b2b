// What must go together in a vehicle's file, whoever writes it: its own page, a change of many at once, an imported file.
import type { SupplierKind } from './places.ts'
import {
  type EnergyType,
  findPlateProblem,
  type OrganisationKind,
  type PlateColour,
  plateFits,
  type VehicleCategory,
  type VehicleClass,
} from './vehicle.ts'
import { judgeVin } from './vin.ts'

/** The fields that have a say in each other. Days are ISO dates. */
export type JudgedFile = {
  plate: string
  plateColour: PlateColour
  class: VehicleClass
  category: VehicleCategory
  energy: EnergyType
  displacementMl: number | null
  vin: string | null
  registeredOn: string
  inServiceOn: string | null
}

type Reason =
  | NonNullable<ReturnType<typeof findPlateProblem>>
  | 'plate.colour'
  | 'vin.form'
  | 'vin.check'
  | 'displacement.electric'
  | 'class.category'
  | 'dates.order'
type Problem<R = Reason> = { reason: R; values: Record<string, string> }
type Rule = { at: keyof JudgedFile; of: readonly (keyof JudgedFile)[]; judge: (file: JudgedFile) => Problem | undefined }

/** Two categories are of one class of vehicle alone; the others are official. */
const classOf = (category: VehicleCategory): VehicleClass =>
  category === 'LEASED_SERVICE' ? 'leased' : category === 'LAW_ENFORCEMENT' ? 'law_enforcement' : 'official'

/** Why this is no vehicle identification number; undefined for one that is. */
export function findVinProblem(vin: string): Problem<'vin.form' | 'vin.check'> | undefined {
  const judged = judgeVin(vin)
  if (judged === 'sound') return undefined
  return judged === 'form' ? { reason: 'vin.form', values: {} } : { reason: 'vin.check', values: { digit: judged.wanted } }
}

const unless = (sound: boolean, reason: Reason, values: Record<string, string> = {}): Problem | undefined =>
  sound ? undefined : { reason, values }

/** The field that is blamed, the fields that have a say, and what is wrong. */
const rules: readonly Rule[] = [
  {
    at: 'plate',
    of: ['plate'],
    judge({ plate }) {
      const reason = findPlateProblem(plate)
      return reason ? { reason, values: { plate } } : undefined
    },
  },
  {
    at: 'plateColour',
    of: ['plate', 'plateColour'],
    judge: ({ plate, plateColour }) => unless(plateFits(plate, plateColour), 'plate.colour', { plate }),
  },
  { at: 'vin', of: ['vin'], judge: ({ vin }) => (vin === null ? undefined : findVinProblem(vin)) },
  {
    at: 'displacementMl',
    of: ['energy', 'displacementMl'],
    judge: ({ energy, displacementMl }) => unless(energy !== 'electric' || displacementMl === null, 'displacement.electric'),
  },
  { at: 'category', of: ['class', 'category'], judge: (file) => unless(file.class === classOf(file.category), 'class.category') },
  {
    at: 'inServiceOn',
    of: ['registeredOn', 'inServiceOn'],
    judge: ({ registeredOn, inServiceOn }) => unless(inServiceOn === null || inServiceOn >= registeredOn, 'dates.order'),
  },
]

/**
 * All that does not go together, or of it only what changed fields have a say in: an old flaw elsewhere must not keep anyone from the rest.
 * `isChanged` left out: the whole file is judged.
 */
export function listFileProblems(
  file: JudgedFile,
  isChanged: (field: keyof JudgedFile) => boolean = () => true,
): (Problem & { at: keyof JudgedFile })[] {
  return rules.flatMap(({ at, of, judge }) => {
    const problem = of.some(isChanged) ? judge(file) : undefined
    return problem ? [{ at, ...problem }] : []
  })
}

/** Why no vehicle may come to belong to this organisation. */
export function findUnitProblem(unit: {
  name: string
  kind: OrganisationKind
  closed: boolean
}): Problem<'unit.closed' | 'unit.kind'> | undefined {
  if (unit.closed) return { reason: 'unit.closed', values: { name: unit.name } }
  return unit.kind === 'unit' ? undefined : { reason: 'unit.kind', values: { name: unit.name } }
}

/** Why nothing of a file changes any more. */
export function findStandstill({
  state,
  unit,
}: {
  state: string
  unit: { name: string; closed: boolean }
}): Problem<'state.disposed' | 'unit.closed'> | undefined {
  if (state === 'DISPOSED') return { reason: 'state.disposed', values: {} }
  return unit.closed ? { reason: 'unit.closed', values: { name: unit.name } } : undefined
}

/** What a supplier must offer, one of these, to be named in the field. */
const servicesOf = {
  fuelSupplierId: ['fuel', 'charging'],
  repairSupplierId: ['repair'],
  insuranceSupplierId: ['insurance'],
} as const satisfies Record<string, readonly SupplierKind[]>
export type SupplierField = keyof typeof servicesOf
export const supplierFields = Object.keys(servicesOf) as SupplierField[]

export const offers = (kinds: readonly string[], field: SupplierField): boolean => servicesOf[field].some((kind) => kinds.includes(kind))
