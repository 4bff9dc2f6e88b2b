// The rows of the API table without their schemas.
import type { Endpoint } from '../../../services/contracts/api/endpoint.ts'

/** What a client has to know of an endpoint in order to ask. */
type EndpointRow = Pick<Endpoint, 'method' | 'path' | 'download' | 'answersWith503'>

export const endpointRows = <N extends string>(api: Record<N, Endpoint>): Record<N, EndpointRow> =>
  Object.fromEntries(
    Object.entries<Endpoint>(api).map(([name, { method, path, download, answersWith503 }]) => [
      name,
      { method, path, ...(download && { download }), ...(answersWith503 && { answersWith503 }) },
    ]),
  ) as Record<N, EndpointRow>
