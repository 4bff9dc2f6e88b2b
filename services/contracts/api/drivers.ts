import type { Endpoint } from './endpoint.ts'

export const driversApi = {} as const satisfies Record<string, Endpoint>
