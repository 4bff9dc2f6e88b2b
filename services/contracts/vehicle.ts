// Words for vehicles (domain glossary). The lists are the source of the types, the API, the filters and the seed.
import { z } from 'zod'

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
/** Plate colours of GA 36: blue small, yellow large, green new energy, white police. */
export const plateColours = ['blue', 'yellow', 'green', 'white'] as const

/** 轿车 越野车 小型客车 中型客车 大型客车 货车 专用车 (GA 802). */
export const bodyTypes = ['sedan', 'off_road', 'small_bus', 'medium_bus', 'large_bus', 'truck', 'special'] as const
/** 国产自主 合资 进口. */
export const vehicleOrigins = ['domestic', 'joint', 'imported'] as const
export type BodyType = (typeof bodyTypes)[number]
export type VehicleOrigin = (typeof vehicleOrigins)[number]

export const vehicleClassSchema = z.enum(vehicleClasses)
export const vehicleCategorySchema = z.enum(vehicleCategories)
export const energyTypeSchema = z.enum(energyTypes)
export const plateColourSchema = z.enum(plateColours)

export type VehicleClass = z.infer<typeof vehicleClassSchema>
export type VehicleCategory = z.infer<typeof vehicleCategorySchema>
export type EnergyType = z.infer<typeof energyTypeSchema>
export type PlateColour = z.infer<typeof plateColourSchema>

/**
 * Plates of GA 36-2018 for this region, without the middle dot: 蒙 + league letter + five (blue, yellow) or
 * six (new energy) characters of 0–9 and A–Z without I and O; police plates end in 警.
 */
export const PLATE = /^蒙[A-HJ-NP-Z](?:[0-9A-HJ-NP-Z]{5}|[DF][0-9A-HJ-NP-Z][0-9]{4}|[0-9]{5}[DF]|[0-9A-HJ-NP-Z]{4}警)$/
/** Does a plate of this form carry this colour? Green ones have six places after the letter, police plates are white. */
export const plateFits = (plate: string, colour: PlateColour): boolean =>
  plate.endsWith('警') ? colour === 'white' : plate.length === 8 ? colour === 'green' : colour === 'blue' || colour === 'yellow'
/** As it is stored: capitals, without the printed dot and spaces. */
export const plateAsStored = (text: string): string => text.toUpperCase().replace(/[\s·•・‧.-]/gu, '')
/** The plate as printed: 蒙A·D1234. */
export const plateAsPrinted = (plate: string): string => `${plate.slice(0, 2)}·${plate.slice(2)}`

export const organisationKinds = ['region', 'league', 'banner', 'unit'] as const
export type OrganisationKind = (typeof organisationKinds)[number]
