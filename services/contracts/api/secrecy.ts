import type { Endpoint } from './endpoint.ts'

export const secrecyApi = {} as const satisfies Record<string, Endpoint>
