// Places and whole trips that somebody asks for again and again (常用地点、常用行程), and whom he may name as travelling with him.
import { z } from 'zod'
import { type Endpoint, id, version } from './endpoint.ts'
import { requestFields } from './requests.ts'
import { person, stopSchema, text } from './tripFields.ts'

const { kind: _kind, startsAt: _from, endsAt: _until, travellerIds: _travellers, ...asked } = requestFields
/** What is asked for, without when. */
const favouriteTripSchema = z.object(asked)
const fields = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('place'), name: text(40), place: stopSchema }),
  z.object({ kind: z.literal('trip'), name: text(40), trip: favouriteTripSchema }),
])
const favouriteSchema = z.object({
  favouriteId: z.int(),
  kind: z.enum(['place', 'trip']),
  name: z.string(),
  place: stopSchema.nullable(),
  trip: favouriteTripSchema.nullable(),
  version,
})
export type Favourite = z.infer<typeof favouriteSchema>
const params = z.object({ favouriteId: id })
const answer = z.object({ rows: z.array(favouriteSchema) })

export const favouritesApi = {
  listFavourites: {
    method: 'GET',
    path: '/own/favourites',
    summary: 'Favourite places and trips of one’s own',
    access: 'request.create',
    answer,
  },
  addFavourite: {
    method: 'POST',
    path: '/own/favourites',
    summary: 'Keeps a place or a trip; one of that name is replaced',
    access: 'request.create',
    body: z.object({ favourite: fields }),
    answer,
  },
  renameFavourite: {
    method: 'POST',
    path: '/own/favourites/:favouriteId',
    summary: 'Calls it otherwise',
    access: 'request.create',
    params,
    body: z.object({ name: text(40), version }),
    answer,
  },
  removeFavourite: {
    method: 'DELETE',
    path: '/own/favourites/:favouriteId',
    summary: 'Keeps it no longer',
    access: 'request.create',
    params,
    answer,
  },
  findStops: {
    method: 'GET',
    path: '/stops',
    summary: 'Where a trip may lead, by name or pinyin: towns of the region, public places, compounds of one’s own',
    access: 'request.create',
    query: z.object({ q: text(64), limit: z.coerce.number().int().min(1).max(200).default(5) }),
    /** `of`: the league of a town, or whose place it is. */
    answer: z.object({ rows: z.array(z.object({ name: z.string(), of: z.string().nullable(), lon: z.number(), lat: z.number() })) }),
  },
  listColleagues: {
    method: 'GET',
    path: '/colleagues',
    summary: 'Accounts at work of the unit that travels, who may be named as travelling',
    access: 'request.create',
    query: z.object({
      q: z.string().trim().max(40).optional(),
      organisationId: id.optional(),
      most: z.coerce.number().int().min(1).max(50).default(20),
    }),
    answer: z.object({ rows: z.array(person) }),
  },
} as const satisfies Record<string, Endpoint>
