import type { Endpoint } from './endpoint.ts'

export const exchangeApi = {} as const satisfies Record<string, Endpoint>
