// Comparison tracks (对照轨迹) of a case: what somebody else recorded, kept as it came, and drawn and compared beside the tracks of its vehicles.
import { z } from 'zod'
import { MAX_EXHIBIT_BYTES, trackKinds } from '../../domain/exhibits.ts'
import { type Endpoint, id, instant, offset, page, pageSize } from './endpoint.ts'

const caseParams = z.object({ caseId: id })
const exhibitParams = z.object({ exhibitId: id })
const datum = z.enum(['wgs84', 'gcj02'])

const exhibitSchema = z.object({
  exhibitId: z.int(),
  /** Its how many-th within the case; what is brought in again under its name is the next edition of it. */
  nth: z.int(),
  edition: z.int(),
  /** No later edition stands beside it. */
  isNewest: z.boolean(),
  name: z.string(),
  kind: z.enum(trackKinds),
  datum,
  points: z.int(),
  segments: z.int(),
  /** null: the file tells no times. */
  from: instant.nullable(),
  until: instant.nullable(),
  notes: z.object({ untimed: z.int(), unordered: z.int(), repeated: z.int() }),
  bytes: z.int(),
  sha256: z.string(),
  by: z.string(),
  at: instant,
})
export type Exhibit = z.infer<typeof exhibitSchema>

export const exhibitsApi = {
  addExhibit: {
    method: 'POST',
    path: '/cases/:caseId/exhibits',
    summary:
      'Brings a track into the case for comparison: GPX 1.0 or 1.1, KML or GeoJSON of at most 16 MB and 200,000 places; under a known name, its next edition',
    access: 'case.keep',
    params: caseParams,
    query: z.object({ name: z.string().trim().min(1).max(120), datum: datum.default('wgs84') }),
    upload: { maxBytes: MAX_EXHIBIT_BYTES },
    answer: exhibitSchema,
  },
  listExhibits: {
    method: 'GET',
    path: '/cases/:caseId/exhibits',
    summary: 'The comparison tracks of a case, all editions',
    access: 'case.keep',
    params: caseParams,
    query: z.object({ limit: pageSize, offset }),
    answer: page(exhibitSchema),
  },
  readExhibit: {
    method: 'GET',
    path: '/exhibits/:exhibitId/line',
    summary: 'The places of a comparison track in WGS-84, segment after segment; the read is recorded',
    access: 'case.keep',
    params: exhibitParams,
    answer: z.object({
      exhibitId: z.int(),
      /** Ascending; null: the file tells no times. */
      timeMs: z.array(z.number()).nullable(),
      lon: z.array(z.number()),
      lat: z.array(z.number()),
      /** How many places each segment has. */
      segments: z.array(z.int()),
    }),
  },
  readExhibitFile: {
    method: 'GET',
    path: '/exhibits/:exhibitId/file',
    summary: 'The file of a comparison track as it was brought in; the read is recorded',
    access: 'case.keep',
    params: exhibitParams,
    download: true,
    answer: z.unknown(),
  },
} as const satisfies Record<string, Endpoint>
