import type { Endpoint } from './endpoint.ts'

export const quotaApi = {} as const satisfies Record<string, Endpoint>
