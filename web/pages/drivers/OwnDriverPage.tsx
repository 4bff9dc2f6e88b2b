import { OwnDriver } from '../../parts/driver/OwnDriver.tsx'

export const OwnDriverPage = OwnDriver
