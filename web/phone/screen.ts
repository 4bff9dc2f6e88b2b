import type { Account } from '../../services/contracts/api.ts'

/** What a screen is given: who looks, and what stands in the address behind its name. */
export type ScreenProps = { account: Account; rest: string[] }
