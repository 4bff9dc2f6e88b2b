// The lists of vehicle.ts as schemas: apart, because a phone shows the words and is given no schema (web/phoneEntry.ts).
import { z } from 'zod'
import { energyTypes, plateColours, vehicleCategories, vehicleClasses } from './vehicle.ts'

export const vehicleClassSchema = z.enum(vehicleClasses)
export const vehicleCategorySchema = z.enum(vehicleCategories)
export const energyTypeSchema = z.enum(energyTypes)
export const plateColourSchema = z.enum(plateColours)
