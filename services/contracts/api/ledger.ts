import type { Endpoint } from './endpoint.ts'

export const ledgerApi = {} as const satisfies Record<string, Endpoint>
