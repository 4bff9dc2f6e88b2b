// Writes the rows of the API table down when the web is built, in the place of web/kit/api/endpoints.ts: a browser is given no schema that it does not use.
import type { Plugin } from 'vite'
import type { Endpoint } from '../services/contracts/api/endpoint.ts'
import { endpointRows } from './kit/api/endpointRows.ts'

export function endpointTable(api: Record<string, Endpoint>): Plugin {
  return {
    name: 'endpoint-table',
    load: (id) => (id.endsWith('/web/kit/api/endpoints.ts') ? `export const endpoints = ${JSON.stringify(endpointRows(api))}` : null),
  }
}
