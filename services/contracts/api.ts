// The REST interface as a table: method, path, input, output, permission. Server, OpenAPI and the typed client walk it.
// Paths are below /api/v1. `access` is a capability, 'signed-in', or 'public'. Times are ISO 8601 in UTC.
import { z } from 'zod'
import { capabilities, roles } from '../domain/permissions.ts'
import { adcodeSchema } from '../domain/region/region.ts'
import { vehicleStatuses } from '../domain/status.ts'
import { flagReasons } from '../domain/tracks.ts'
import { typedUsernameSchema } from '../domain/username.ts'
import { organisationKinds } from '../domain/vehicle.ts'
import { energyTypeSchema, plateColourSchema, vehicleCategorySchema, vehicleClassSchema } from '../domain/vehicleSchemas.ts'
import { approvalsApi } from './api/approvals.ts'
import { auditApi } from './api/audit.ts'
import { boardsApi } from './api/boards.ts'
import { casesApi } from './api/cases.ts'
import { comparisonApi } from './api/comparison.ts'
import { costBookApi } from './api/costBook.ts'
import { costsApi } from './api/costs.ts'
import { dispatchingApi } from './api/dispatching.ts'
import { driversApi } from './api/drivers.ts'
import { type Endpoint, id, instant, offset, page, pageSize, purposeSchema } from './api/endpoint.ts'
import { evidenceApi } from './api/evidence.ts'
import { exchangeApi } from './api/exchange.ts'
import { exhibitsApi } from './api/exhibits.ts'
import { favouritesApi } from './api/favourites.ts'
import { feedsApi } from './api/feeds.ts'
import { filingApi } from './api/filing.ts'
import { findingsApi } from './api/findings.ts'
import { fuelStatementsApi } from './api/fuelStatements.ts'
import { handoversApi } from './api/handovers.ts'
import { identityApi } from './api/identity.ts'
import { leaveApi } from './api/leave.ts'
import { ledgerApi } from './api/ledger.ts'
import { lettersApi } from './api/letters.ts'
import { loansApi } from './api/loans.ts'
import { mishapsApi } from './api/mishaps.ts'
import { notificationsApi } from './api/notifications.ts'
import { ordersApi } from './api/orders.ts'
import { placesApi } from './api/places.ts'
import { publicationApi } from './api/publication.ts'
import { quotaApi } from './api/quota.ts'
import { renewalsApi } from './api/renewals.ts'
import { reportsApi } from './api/reports.ts'
import { requestsApi } from './api/requests.ts'
import { sealingApi } from './api/sealing.ts'
import { secrecyApi } from './api/secrecy.ts'
import { sharingApi } from './api/sharing.ts'
import { statisticsApi } from './api/statistics.ts'
import { supervisionApi } from './api/supervision.ts'
import { terminalApi } from './api/terminals.ts'
import { travelApi } from './api/travel.ts'
import { tripApi } from './api/trip.ts'
import { upkeepApi } from './api/upkeep.ts'
import { webhooksApi } from './api/webhooks.ts'
import { whereaboutsApi } from './api/whereabouts.ts'
import { healthFaultCodes } from './healthFaults.ts'
import { liveFilterSchema } from './liveSocket.ts'
import { quarantineReasons } from './position.ts'
import { TERMINAL_ID } from './topics.ts'

export const organisationSchema = z.object({
  organisationId: z.int(),
  parentId: z.int().nullable(),
  kind: z.enum(organisationKinds),
  adcode: adcodeSchema,
  name: z.string(),
  /** Vehicles used by this organisation and everything below it. */
  vehicles: z.int(),
})
export type Organisation = z.infer<typeof organisationSchema>

export const accountSchema = z.object({
  username: z.string(),
  displayName: z.string(),
  role: z.enum(roles),
  organisation: z.object({ organisationId: z.int(), name: z.string(), adcode: adcodeSchema }),
  /** Capability → reach; the web shows buttons by this, the server decides by the same table. */
  permissions: z.record(
    z.enum(capabilities),
    z.object({
      reach: z.enum(['none', 'self', 'scope']),
      purposeRequired: z.literal(true).optional(),
      caseRequired: z.literal(true).optional(),
    }),
  ),
  /** Purpose on record for looking at live positions in this session, where the role requires one. */
  livePurpose: z.string().nullable(),
  /** When the password must be changed; only in the last days before. */
  passwordEndsAt: instant.nullable().optional(),
  csrfToken: z.string(),
})
export type Account = z.infer<typeof accountSchema>

export const lastStateSchema = z.object({
  time: instant,
  receivedAt: instant,
  lon: z.number(),
  lat: z.number(),
  speedKph: z.number().nullable(),
  headingDeg: z.number().nullable(),
  altitudeM: z.number().nullable(),
  odometerM: z.number().nullable(),
  fuelPct: z.number().nullable(),
  socPct: z.number().nullable(),
  /** null = not reported. */
  ignition: z.boolean().nullable(),
  /** How far the terminal's clock was ahead when the report arrived, s; null = it was not. */
  clockAheadS: z.number().nullable(),
  satellites: z.int().nullable(),
  alarms: z.int(),
})

export const vehicleRowSchema = z.object({
  vehicleId: z.int(),
  seen: z.literal('whole'),
  /** `secret`: a sensitive vehicle (涉密), seen by those alone who are named for it or look under an unmasking. */
  secret: z.boolean(),
  /** When the unmasking ends under which the vehicle is seen. */
  unmaskedUntil: instant.nullable(),
  plate: z.string(),
  plateColour: plateColourSchema,
  class: vehicleClassSchema,
  category: vehicleCategorySchema,
  energy: energyTypeSchema,
  make: z.string(),
  model: z.string(),
  userUnit: z.object({ organisationId: z.int(), name: z.string(), adcode: adcodeSchema }),
  driverName: z.string().nullable(),
  status: z.enum(vehicleStatuses),
  last: lastStateSchema.nullable(),
})
export type VehicleRow = z.infer<typeof vehicleRowSchema>

/** A sensitive vehicle (涉密) as those see it who are not named, where the policy of the place shows it at all. */
export const coarseRowSchema = z.object({
  seen: z.literal('coarse'),
  /** Its secret number, which stands for it and opens nothing. */
  vehicleId: z.int(),
  class: vehicleClassSchema,
  /** The league or banner; never the unit. */
  userUnit: z.object({ organisationId: z.int(), name: z.string(), adcode: adcodeSchema }),
  status: z.enum(vehicleStatuses),
  /** The centre of a cell of a tenth of a degree, and the ten minutes of the last report. */
  last: z.object({ time: instant, lon: z.number(), lat: z.number() }).nullable(),
})
export type CoarseRow = z.infer<typeof coarseRowSchema>

/** A trip, or what of it lies inside the window that was asked for. */
export const tripSchema = z.object({
  startedAt: instant,
  endedAt: instant,
  /** false while the vehicle is still on the way. */
  ended: z.boolean(),
  start: z.tuple([z.number(), z.number()]),
  end: z.tuple([z.number(), z.number()]),
  distanceM: z.number(),
  /** Of the whole trip; null = unknown. */
  maxSpeedKph: z.number().nullable(),
  /** What the distance is of, and what each of the two says of the whole trip; null = unknown. */
  distanceBy: z.enum(['odometer', 'track', 'both']),
  trackM: z.number().nullable(),
  odometerM: z.number().nullable(),
  /** Moved while the ignition was reported off: not wired, towed or ferried. */
  ignitionOff: z.boolean(),
  /** The whole trip, where the window cuts it. */
  whole: z.object({ startedAt: instant, endedAt: instant, distanceM: z.number() }).nullable(),
})

/** Found elsewhere, and nobody saw how: no trip, and in no total of trips. Cut by no window: listed where it ends. */
const displacementSchema = z.object({
  kind: z.enum(['unseen', 'jump', 'drift']),
  startedAt: instant,
  endedAt: instant,
  start: z.tuple([z.number(), z.number()]),
  end: z.tuple([z.number(), z.number()]),
  distanceM: z.number(),
})

export const vehicleDetailSchema = vehicleRowSchema.extend({
  seats: z.int(),
  displacementMl: z.int().nullable(),
  registeredOn: z.iso.date(),
  ownerUnit: z.object({ organisationId: z.int(), name: z.string() }),
  terminalId: z.string().nullable(),
  /** Its last place is that of its driver’s phone: the terminal was silent then. */
  lastFromPhone: z.boolean(),
  driver: z.object({ name: z.string(), phone: z.string() }).nullable(),
})

/** A track as parallel arrays: `timeMs[i]`, `lon[i]`, `lat[i]` … belong to one position. */
export const trackSchema = z.object({
  vehicleId: z.int(),
  from: instant,
  to: instant,
  timeMs: z.array(z.number()),
  lon: z.array(z.number()),
  lat: z.array(z.number()),
  speedKph: z.array(z.number().nullable()),
  headingDeg: z.array(z.number().nullable()),
  /** Positions that are stored and not believed, by index: shown apart, and no part of the line unless only their speed is meant. */
  flagged: z.array(z.object({ index: z.int(), reason: z.enum(flagReasons) })),
  /** The row budget was reached: ask again with `from` = this instant for the rest. */
  next: instant.nullable(),
})
export type Track = z.infer<typeof trackSchema>

const balanceSchema = z.object({
  received: z.int(),
  stored: z.int(),
  duplicate: z.int(),
  quarantined: z.int(),
  /** received − stored − duplicate − quarantined, of each kind of message; anything but 0 is a defect. */
  difference: z.int(),
})
/** In elements: a message of a terminal has one or many, such as positions. */
const conservationSchema = balanceSchema.extend({
  /** The same in messages: quarantined if anything of it was, otherwise a duplicate if nothing of it was new. Not counted terminal by terminal. */
  messages: balanceSchema.optional(),
})
export type Conservation = z.infer<typeof conservationSchema>

/** Before the door: messages that a server broker holds (null: it does not say), and its sessions of ours that nobody attends. */
const beforeTheDoorSchema = z.object({ held: z.int().nullable(), unattended: z.array(z.string()) })

/** A job of the database that keeps positions in shape. */
const storageJobSchema = z.object({
  task: z.enum(['compression', 'retention', 'other']),
  /** Empty when it is missing. */
  procedure: z.string(),
  state: z.enum(['ok', 'running', 'waiting', 'late', 'failed', 'off', 'missing']),
  lastRunAt: instant.nullable(),
  lastSuccessAt: instant.nullable(),
  /** What the database said, when its last run failed. */
  error: z.string().nullable(),
})
export type StorageJob = z.infer<typeof storageJobSchema>
/** Counters held against rows: what the workers counted as kept, and what is there of it. */
const rowCheckSchema = z.object({
  /** Positions counted as stored that are not in the table, and that no retention has dropped; anything but 0 is a loss. */
  positionsMissing: z.int(),
  /** Messages counted as quarantined that are not in quarantine. */
  messagesMissing: z.int(),
  /** The newest chunks are compared first and always again; this is when anything was compared last. */
  checkedAt: instant.nullable(),
  /** When all that is kept had been compared once through; null until then. */
  roundEndedAt: instant.nullable(),
})

export const healthSchema = z.object({
  status: z.enum(['ok', 'degraded', 'down']),
  /** What is wrong, by code and values (healthFaults.ts); empty when all is well. */
  faults: z.array(z.object({ code: z.enum(healthFaultCodes), values: z.record(z.string(), z.string().or(z.number())) })),
  /** The same in English sentences, for monitors. */
  notices: z.array(z.string()),
  versions: z.object({ morin: z.string(), node: z.string(), postgres: z.string(), timescaledb: z.string() }),
  /** How the database is run: embedded data survives a crash, not a power cut. */
  database: z.enum(['embedded', 'server']),
  startedAt: instant,
  now: instant,
  conservation: conservationSchema,
  /** Empty while the database does not answer. */
  jobs: z.array(storageJobSchema),
  rows: rowCheckSchema,
  broker: beforeTheDoorSchema,
  /** Positions of the last commit and how long ago it was; null before the first. */
  lastCommitAt: instant.nullable(),
  live: z.object({ vehicles: z.int(), sockets: z.int(), lastFrameAt: instant.nullable(), gaps: z.int() }),
  disk: z.object({ freeBytes: z.number(), totalBytes: z.number() }).nullable(),
})

export const quarantineRowSchema = z.object({
  quarantineId: z.int(),
  firstAt: instant,
  lastAt: instant,
  /** How many times these same bytes arrived. */
  times: z.int(),
  topic: z.string(),
  terminalId: z.string().nullable(),
  reason: z.enum(quarantineReasons),
  detail: z.string(),
  /** Positions of the message that were not stored. */
  positions: z.int(),
  /** How long the payload is. What it says is asked for by itself, with a purpose. */
  bytesLength: z.int(),
  replayedAt: instant.nullable(),
})

/** `failing` is tried again by itself; `given-up` waits for somebody. */
export const jobStates = ['given-up', 'failing', 'running', 'waiting', 'done'] as const
const jobRowSchema = z.object({
  jobId: z.int(),
  kind: z.string(),
  key: z.string(),
  state: z.enum(jobStates),
  attempts: z.int(),
  lastError: z.string().nullable(),
  /** When it is due, or was. */
  runAt: instant,
  endedAt: instant.nullable(),
})
export type JobRow = z.infer<typeof jobRowSchema>

export const trackFormats = ['csv', 'gpx', 'geojson', 'kml'] as const
export type TrackFormat = (typeof trackFormats)[number]

/** A window of a vehicle's past; and the case within which it is looked at, by whoever must have one (`caseRequired`). */
const pastSchema = z.object({ from: instant, to: instant, purpose: purposeSchema.optional(), caseId: id.optional() })

export const api = {
  signIn: {
    method: 'POST',
    path: '/session',
    summary: 'Sign in; sets the session cookie',
    access: 'public',
    body: z.object({ username: typedUsernameSchema, password: z.string().min(1).max(256) }),
    answer: accountSchema,
  },
  getSession: {
    method: 'GET',
    path: '/session',
    summary: 'Who is signed in, with permissions and CSRF token',
    access: 'signed-in',
    answer: accountSchema,
  },
  signOut: {
    method: 'DELETE',
    path: '/session',
    summary: 'Sign out; ends the session and its sockets',
    access: 'step',
    answer: z.object({}),
  },
  getHealth: {
    method: 'GET',
    path: '/health',
    summary: 'Status, versions and conservation counters',
    access: 'public',
    answersWith503: true,
    answer: healthSchema,
  },
  getMapSources: {
    method: 'GET',
    path: '/map-sources',
    summary: 'Configured base maps beside the offline one, with their review number (审图号)',
    access: 'public',
    answer: z.object({
      demo: z.boolean(),
      styleUrl: z.string().nullable(),
      tiandituKey: z.string().nullable(),
      pmtilesUrl: z.string().nullable(),
      /** 审图号 line to show in the lower-left corner while that source is shown. */
      reviewNo: z.string().nullable(),
    }),
  },
  listDemoAccounts: {
    method: 'GET',
    path: '/demo-accounts',
    summary: 'The demo accounts and their password; empty outside the demo',
    access: 'public',
    answer: z.object({
      password: z.string().nullable(),
      accounts: z.array(z.object({ username: z.string(), role: z.enum(roles), organisation: z.string() })),
    }),
  },
  statePurpose: {
    method: 'POST',
    path: '/live/purpose',
    summary: 'State why live positions are looked at; recorded, valid for this session',
    access: 'live.view',
    body: z.object({ purpose: purposeSchema }),
    answer: accountSchema,
  },
  getRoster: {
    method: 'GET',
    path: '/live/roster',
    summary: 'Identity of every vehicle in scope, as parallel arrays',
    access: 'live.view',
    answer: z.object({
      vehicleId: z.array(z.int()),
      plate: z.array(z.string()),
      /** Index in vehicleClasses. */
      class: z.array(z.int()),
      userUnitId: z.array(z.int()),
      /** Sensitive vehicles (涉密) that are open to the caller for a while. Those that he sees coarsely have an empty plate and a number of their own. */
      unmasked: z.array(z.object({ vehicleId: z.int(), until: instant })),
    }),
  },
  listOrganisations: {
    method: 'GET',
    path: '/organisations',
    summary: 'The organisations in scope, parents before children',
    access: 'signed-in',
    answer: z.object({ rows: z.array(organisationSchema) }),
  },
  listVehicles: {
    method: 'GET',
    path: '/vehicles',
    summary: 'Vehicles in scope by plate, unit or driver, filtered and paged',
    access: 'live.view',
    query: liveFilterSchema.extend({
      q: z.string().trim().max(64).optional(),
      /** Those whose last report is from a clock that was ahead when it arrived. */
      clock: z.literal('ahead').optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(z.discriminatedUnion('seen', [vehicleRowSchema, coarseRowSchema])),
  },
  getVehicle: {
    method: 'GET',
    path: '/vehicles/:vehicleId',
    summary: 'One vehicle: identity, last position, driver, terminal',
    access: 'live.view',
    params: z.object({ vehicleId: id }),
    answer: vehicleDetailSchema,
  },
  listTrips: {
    method: 'GET',
    path: '/vehicles/:vehicleId/trips',
    summary: 'Trips of a window of at most 31 days, cut at its borders, with their sum; and moves that nobody saw',
    access: 'track.view',
    params: z.object({ vehicleId: id }),
    past: true,
    query: pastSchema,
    answer: z.object({
      rows: z.array(tripSchema),
      /** Of what lies inside the window. `trips` counts those that begin in it, so that days add up. */
      total: z.object({ trips: z.int(), distanceM: z.number(), durationMs: z.number() }),
      /** The window holds more trips than an answer: rows and total are of the first of them. */
      more: z.boolean(),
      displacements: z.array(displacementSchema),
    }),
  },
  getTrack: {
    method: 'GET',
    path: '/vehicles/:vehicleId/track',
    summary: 'Positions in [from, to) by device time; the read is recorded',
    access: 'track.view',
    params: z.object({ vehicleId: id }),
    past: true,
    query: pastSchema,
    answer: trackSchema,
  },
  getTrackBytes: {
    method: 'GET',
    path: '/vehicles/:vehicleId/track/bytes',
    summary:
      'The same positions with all that is known of each, as bytes (contracts/trackBytes.ts), sent while they are read; the read is recorded',
    access: 'track.view',
    params: z.object({ vehicleId: id }),
    past: true,
    query: pastSchema,
    download: true,
    answer: z.unknown(),
  },
  exportTrack: {
    method: 'GET',
    path: '/vehicles/:vehicleId/track/file',
    summary:
      'A track as a file (CSV, GPX, GeoJSON or KML), with a watermark; recorded apart from the look: who, case, purpose, rows, hash and watermark number',
    access: 'track.export',
    params: z.object({ vehicleId: id }),
    past: true,
    query: pastSchema.extend({ language: z.enum(['zh-CN', 'en']).default('zh-CN'), format: z.enum(trackFormats).default('csv') }),
    download: true,
    answer: z.unknown(),
  },
  printTracks: {
    method: 'POST',
    path: '/track-prints',
    summary: 'Says that a replay is printed: a look at each vehicle on record, and the number that stands on the sheet',
    access: 'track.export',
    past: true,
    body: pastSchema.extend({ vehicleIds: z.array(id).min(1).max(20) }),
    answer: z.object({ watermark: z.string(), at: instant }),
  },
  getConservation: {
    method: 'GET',
    path: '/ingest/conservation',
    summary:
      'received = stored + duplicate + quarantined, in total or for one terminal, over any window of whole minutes; and what the broker still holds now',
    access: 'operations.view',
    query: z.object({ from: instant.optional(), to: instant.optional(), terminalId: z.string().regex(TERMINAL_ID).optional() }),
    answer: conservationSchema.extend({ broker: beforeTheDoorSchema }),
  },
  getClocks: {
    method: 'GET',
    path: '/ingest/clocks',
    summary: 'How many vehicles in scope have a terminal whose clock was ahead when its last report arrived',
    access: 'operations.view',
    answer: z.object({ ahead: z.int() }),
  },
  listQuarantine: {
    method: 'GET',
    path: '/quarantine',
    summary: 'Quarantined messages with their reason and without their bytes, newest first',
    access: 'operations.view',
    query: z.object({
      terminalId: z.string().regex(TERMINAL_ID).optional(),
      reason: z.enum(quarantineReasons).optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(quarantineRowSchema),
  },
  readQuarantined: {
    method: 'GET',
    path: '/quarantine/:quarantineId/payload',
    summary: 'The bytes of a quarantined message, positions included: a purpose is stated, and the look is recorded before they are read',
    access: 'operations.view',
    params: z.object({ quarantineId: id }),
    query: z.object({ purpose: purposeSchema.optional() }),
    /** As text where it is UTF-8, and always as base64. */
    answer: z.object({ quarantineId: z.int(), text: z.string().nullable(), base64: z.string() }),
  },
  replayQuarantine: {
    method: 'POST',
    path: '/quarantine/:quarantineId/replay',
    summary: 'Put a quarantined message through ingest again; answers when it is stored or quarantined anew',
    access: 'operations.act',
    params: z.object({ quarantineId: id }),
    answer: z.object({}),
  },
  listJobs: {
    method: 'GET',
    path: '/jobs',
    summary: 'Work that is owed: what waits, what failed and why, what was given up; without a state all but what is done',
    access: 'operations.view',
    query: z.object({ state: z.enum(jobStates).optional(), limit: pageSize, offset }),
    answer: page(jobRowSchema),
  },
  retryJob: {
    method: 'POST',
    path: '/jobs/:jobId/retry',
    summary: 'Owe a job again that was given up',
    access: 'operations.act',
    params: z.object({ jobId: id }),
    answer: z.object({}),
  },
  ...auditApi,
  ...casesApi,
  ...evidenceApi,
  ...exhibitsApi,
  ...findingsApi,
  ...comparisonApi,
  ...supervisionApi,
  ...handoversApi,
  ...sealingApi,
  ...statisticsApi,
  ...boardsApi,
  ...lettersApi,
  ...filingApi,
  ...reportsApi,
  ...publicationApi,
  ...identityApi,
  ...ledgerApi,
  ...requestsApi,
  ...approvalsApi,
  ...dispatchingApi,
  ...ordersApi,
  ...tripApi,
  ...travelApi,
  ...favouritesApi,
  ...costsApi,
  ...costBookApi,
  ...upkeepApi,
  ...renewalsApi,
  ...mishapsApi,
  ...fuelStatementsApi,
  ...notificationsApi,
  ...webhooksApi,
  ...whereaboutsApi,
  ...feedsApi,
  ...leaveApi,
  ...loansApi,
  ...sharingApi,
  ...quotaApi,
  ...driversApi,
  ...placesApi,
  ...exchangeApi,
  ...secrecyApi,
  ...terminalApi,
} as const satisfies Record<string, Endpoint>

export type Api = typeof api
export type EndpointName = keyof Api
export type AnswerOf<N extends EndpointName> = z.infer<Api[N]['answer']>
export type QueryOf<N extends EndpointName> = Api[N] extends { query: infer Q extends z.ZodType } ? z.input<Q> : undefined
export type BodyOf<N extends EndpointName> = Api[N] extends { body: infer B extends z.ZodType } ? z.input<B> : undefined
export type ParamsOf<N extends EndpointName> = Api[N] extends { params: infer P extends z.ZodType } ? z.input<P> : undefined
