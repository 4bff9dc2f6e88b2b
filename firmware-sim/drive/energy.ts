// Fuel and charge in percent. Consumption is by driven meters and by idling time; nothing ever goes below 0.
import type { EnergyType } from '../../services/domain/vehicle.ts'
import type { Random } from '../random.ts'

/** Percent left; undefined where the vehicle has no such store. */
export type Energy = {
  type: EnergyType
  fuelPct: number | undefined
  socPct: number | undefined
  tankRangeM: number
  batteryRangeM: number
}

const LOW_PCT = 7
const REFILL_BELOW_PCT = 24
/** A plug-in hybrid saves this much of its battery and burns fuel from then on. */
const HYBRID_RESERVE_PCT = 20
const IDLE_FUEL_PCT_PER_HOUR = 1.8
const IDLE_SOC_PCT_PER_HOUR = 1.2
const HOME_CHARGE_PCT_PER_HOUR = 14

export function createEnergy(type: EnergyType, random: Random): Energy {
  const burns = type !== 'electric'
  const charges = type === 'electric' || type === 'plug_in_hybrid'
  return {
    type,
    fuelPct: burns ? random.between(25, 98) : undefined,
    socPct: charges ? random.between(45, 98) : undefined,
    tankRangeM: type === 'diesel' ? random.between(650_000, 800_000) : random.between(480_000, 620_000),
    batteryRangeM: type === 'electric' ? random.between(320_000, 480_000) : random.between(60_000, 110_000),
  }
}

export function consumeDriving(energy: Energy, meters: number): void {
  const onBattery = energy.socPct !== undefined && (energy.fuelPct === undefined || energy.socPct > HYBRID_RESERVE_PCT)
  if (onBattery) energy.socPct = Math.max(0, (energy.socPct as number) - (meters / energy.batteryRangeM) * 100)
  else energy.fuelPct = Math.max(0, (energy.fuelPct as number) - (meters / energy.tankRangeM) * 100)
}

export function consumeIdling(energy: Energy, seconds: number): void {
  if (energy.fuelPct !== undefined) energy.fuelPct = Math.max(0, energy.fuelPct - (IDLE_FUEL_PCT_PER_HOUR * seconds) / 3600)
  else energy.socPct = Math.max(0, (energy.socPct as number) - (IDLE_SOC_PCT_PER_HOUR * seconds) / 3600)
}

export function chargeAtHome(energy: Energy, seconds: number): void {
  if (energy.socPct !== undefined) energy.socPct = Math.min(100, energy.socPct + (HOME_CHARGE_PCT_PER_HOUR * seconds) / 3600)
}

/** Low enough to stop at the next crossing and fill up. */
export const isLow = ({ fuelPct, socPct }: Energy): boolean => (fuelPct ?? socPct ?? 0) < LOW_PCT
/** Low enough to fill up at an ordinary stop. */
export const wantsRefill = ({ fuelPct, socPct }: Energy): boolean => (fuelPct ?? socPct ?? 0) < REFILL_BELOW_PCT

/** Fills up and says how long the vehicle stands for it, in seconds. */
export function refill(energy: Energy, random: Random): number {
  if (energy.fuelPct === undefined) {
    energy.socPct = random.between(80, 92)
    return random.between(1500, 2700)
  }
  energy.fuelPct = random.between(92, 100)
  return random.between(300, 560)
}

/** Meters that can be driven with some margin before filling up. */
export const reachM = ({ fuelPct, socPct, tankRangeM, batteryRangeM }: Energy): number =>
  fuelPct !== undefined ? (fuelPct / 100) * tankRangeM * 0.9 : ((socPct ?? 0) / 100) * batteryRangeM * 0.8
