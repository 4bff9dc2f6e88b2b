// What asking takes of the API table: a method, a path, and what the answer is. The schemas are the server's: they would be a quarter of what a phone loads at first,
// so the build puts the rows themselves in the place of this file (web/endpointTable.ts).
import { api } from '../../../services/contracts/api.ts'
import { endpointRows } from './endpointRows.ts'

export const endpoints = endpointRows(api)
