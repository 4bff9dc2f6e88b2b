import type { Endpoint } from './endpoint.ts'

export const placesApi = {} as const satisfies Record<string, Endpoint>
