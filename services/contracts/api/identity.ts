import type { Endpoint } from './endpoint.ts'

export const identityApi = {} as const satisfies Record<string, Endpoint>
