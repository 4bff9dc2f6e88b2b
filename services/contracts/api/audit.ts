import type { Endpoint } from './endpoint.ts'

export const auditApi = {} as const satisfies Record<string, Endpoint>
