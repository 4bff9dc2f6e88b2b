// Words for vehicles (domain glossary). The lists are the source of the types, the API, the filters and the seed.

export const vehicleClasses = ['official', 'law_enforcement', 'leased'] as const
export const vehicleCategories = [
  'CONFIDENTIAL_COURIER',
  'EMERGENCY_SUPPORT',
  'LAW_ENFORCEMENT',
  'SPECIAL_TECHNICAL',
  'OTHER_APPROVED',
  'LEASED_SERVICE',
] as const
export const energyTypes = ['petrol', 'diesel', 'electric', 'plug_in_hybrid'] as const
/** Plate colours of GA 36: blue small, yellow large, green new energy, white police and rescue. */
export const plateColours = ['blue', 'yellow', 'green', 'white'] as const

/** 轿车 越野车 小型客车 中型客车 大型客车 货车 专用车 (GA 802). */
export const bodyTypes = ['sedan', 'off_road', 'small_bus', 'medium_bus', 'large_bus', 'truck', 'special'] as const
/** 国产自主 合资 进口. */
export const vehicleOrigins = ['domestic', 'joint', 'imported'] as const
export type BodyType = (typeof bodyTypes)[number]
export type VehicleOrigin = (typeof vehicleOrigins)[number]

export type VehicleClass = (typeof vehicleClasses)[number]
export type VehicleCategory = (typeof vehicleCategories)[number]
export type EnergyType = (typeof energyTypes)[number]
export type PlateColour = (typeof plateColours)[number]

/**
 * Plates of GA 36-2018 and its amendments for this region, without the middle dot, that this ledger keeps
 * (docs/decisions/0024). I and O are in no serial; O is the letter of the region's own police.
 */
const plateForms = {
  /** Blue or yellow: five places, of which two at most are letters. */
  ordinary: /^蒙[A-HJ-NP-Z](?=\d*(?:[A-Z]\d*){0,2}$)[0-9A-HJ-NP-Z]{5}$/,
  /** Six places: the letter of the energy is the first on small vehicles (a second letter may follow), the last on large ones. */
  newEnergy: /^蒙[A-HJ-NP-Z](?:[A-HJK][0-9A-HJ-NP-Z]\d{4}|\d{5}[A-HJK])$/,
  police: /^蒙[A-HJ-Z][0-9A-HJ-NP-Z]{4}警$/,
  /** Of the state's fire (X) and forest fire (S) rescue teams. */
  rescue: /^蒙[XS][0-9A-HJ-NP-Z]{4}应急$/,
} as const
type PlateForm = keyof typeof plateForms

const formOf = (plate: string): PlateForm | undefined =>
  (Object.keys(plateForms) as PlateForm[]).find((form) => plateForms[form].test(plate))

/** Trailers, driving schools, embassies, cross-border, trials, temporary, armed police and forces: real plates that are not of this ledger. */
const OTHER_KIND = /[挂学使领港澳试超]$|^[使领临]|^WJ|^[A-Z]{2}[0-9A-Z]{4,5}$|临|^民航/u
const OTHER_PROVINCE = /^[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋陕吉闽贵粤青藏川宁琼][A-Z]/u

/** Why the ledger does not keep this plate (a reason of refusals.ts, whose sentence says what it keeps); null for one that it does. */
export function findPlateProblem(plate: string): 'plate.form' | 'plate.kind' | 'plate.province' | null {
  if (formOf(plate)) return null
  return OTHER_KIND.test(plate) ? 'plate.kind' : OTHER_PROVINCE.test(plate) ? 'plate.province' : 'plate.form'
}

const coloursOf: Record<PlateForm, readonly PlateColour[]> = {
  ordinary: ['blue', 'yellow'],
  newEnergy: ['green'],
  police: ['white'],
  rescue: ['white'],
}
/** Does a plate of this form carry this colour? One of no form carries none. */
export function plateFits(plate: string, colour: PlateColour): boolean {
  const form = formOf(plate)
  return form !== undefined && coloursOf[form].includes(colour)
}
/** What stands at the end of a white plate in red; empty on the others. */
export const plateMark = (plate: string): '警' | '应急' | '' => (plate.endsWith('警') ? '警' : plate.endsWith('应急') ? '应急' : '')

/** As it is stored: capitals in single width, without the printed dot, spaces, dashes and what nobody sees. */
export const plateAsStored = (text: string): string =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}\p{Default_Ignorable_Code_Point}·•・‧∙⋅●˙.−_]/gu, '')
/** The plate as printed: 蒙A·D1234. */
export const plateAsPrinted = (plate: string): string => `${plate.slice(0, 2)}·${plate.slice(2)}`

export const organisationKinds = ['region', 'league', 'banner', 'unit'] as const
export type OrganisationKind = (typeof organisationKinds)[number]

/** Leased vehicles are not 编制. */
export const isSubjectToQuota = (category: VehicleCategory): boolean => category !== 'LEASED_SERVICE'
