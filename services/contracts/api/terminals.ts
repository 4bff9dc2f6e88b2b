// Terminals: registered, given a secret, fitted, watched, taken out of service. A secret is in an answer once and never again.
import { z } from 'zod'
import { quarantineReasons } from '../position.ts'
import { ACCOUNT_NAME, TERMINAL_ID } from '../topics.ts'
import { type Endpoint, id, instant, offset, page, pageSize, purposeSchema } from './endpoint.ts'
import { historyQuery, historySchema } from './ledger.ts'

/** What a change must name: the version it saw, and why. */
const change = { version: z.int().positive(), reason: purposeSchema }
const terminalIdSchema = z.string().trim().regex(TERMINAL_ID)
const params = z.object({ terminalId: terminalIdSchema })
const model = z.string().trim().min(1).max(60).nullable()
const note = z.string().trim().min(1).max(400).nullable()
const numberOf = z.int().positive().max(2_147_483_647)

/** `unissued`: registered without a secret, so it cannot connect yet. */
export const terminalStates = ['active', 'unissued', 'revoked'] as const
/** Why somebody at the broker's door was not let in. */
export const knockReasons = ['unknown', 'secret', 'none', 'revoked', 'gateway', 'pace'] as const

const terminalRowSchema = z.object({
  terminalId: z.string(),
  version: z.int(),
  state: z.enum(terminalStates),
  model: z.string().nullable(),
  organisation: z.object({ organisationId: z.int(), name: z.string() }),
  vehicle: z.object({ vehicleId: z.int(), plate: z.string() }).nullable(),
  /** Since when it is in its vehicle, or in none; null = as far back as is known. */
  boundSince: instant.nullable(),
  gatewayId: z.string().nullable(),
  /** When it last spoke, whatever became of what it said, or was let in; null = never, as far as is known. */
  lastContactAt: instant.nullable(),
  /** When the last thing that arrived of it was refused; null = it was stored, then or when it was put through again, or nothing arrived. */
  refusedAt: instant.nullable(),
})
export type TerminalRow = z.infer<typeof terminalRowSchema>

const terminalSchema = terminalRowSchema.extend({
  note: z.string().nullable(),
  registeredAt: instant.nullable(),
  credentialAt: instant.nullable(),
  revokedAt: instant.nullable(),
  /** The vehicles it was in, the latest first; of vehicles outside of the caller's sight the name is null. */
  pastBindings: z.array(
    z.object({ vehicle: z.object({ vehicleId: z.int(), plate: z.string() }).nullable(), from: instant.nullable(), until: instant }),
  ),
  /** The last position stored of the vehicle it is in, when it came from this binding. Null too for who may not see live positions, or
   *  must state a purpose and has not. */
  lastPosition: z
    .object({
      at: instant,
      receivedAt: instant,
      lon: z.number(),
      lat: z.number(),
      speedKph: z.number().nullable(),
      ignition: z.boolean().nullable(),
    })
    .nullable(),
  /** What it sent that is still put aside, by reason, the latest first: how often it came, and how many positions that is. */
  refused: z.array(
    z.object({ reason: z.enum(quarantineReasons), detail: z.string(), lastAt: instant, times: z.int(), positions: z.int() }),
  ),
  /** Attempts to connect with its number that failed. */
  knocks: z.array(z.object({ why: z.enum(knockReasons), firstAt: instant, lastAt: instant, times: z.int(), cameBy: z.string() })),
})
export type Terminal = z.infer<typeof terminalSchema>

/** What is handed to whoever sets the device up: shown once. */
const credentialSchema = z.object({
  terminalId: z.string(),
  secret: z.string(),
  /** Where this one publishes its positions. */
  topic: z.string(),
})
export type TerminalCredential = z.infer<typeof credentialSchema>
/** Where devices connect, as the installation is configured; null = ask the operator. */
const connectionSchema = z.object({ host: z.string().nullable(), port: z.int().nullable(), topic: z.string() })

export const MAX_TERMINALS_AT_ONCE = 5_000

/** What the list of terminals is cut by. */
const filter = {
  q: z.string().trim().max(64).optional(),
  organisationId: id.optional(),
  state: z.enum(terminalStates).optional(),
  fitted: z.enum(['yes', 'no']).optional(),
  silentHours: z.coerce.number().int().min(1).max(8_760).optional(),
}
const terminalIds = z.array(terminalIdSchema).min(1).max(MAX_TERMINALS_AT_ONCE)
/** Each with its number, its vehicle, and a note in characters of three bytes. */
const MAX_REGISTER_BYTES = MAX_TERMINALS_AT_ONCE * 1_600
const MAX_NUMBERS_BYTES = MAX_TERMINALS_AT_ONCE * 40
const oneTarget = (body: { terminalIds?: unknown; filter?: unknown }) => (body.terminalIds === undefined) !== (body.filter === undefined)

export const terminalApi = {
  listTerminals: {
    method: 'GET',
    path: '/terminals',
    summary: 'Terminals in scope: by number, model or plate, by state, fitted or not, silent for so many hours',
    access: 'ledger.view',
    query: z.object({ ...filter, limit: pageSize, offset }),
    answer: page(terminalRowSchema),
  },
  getTerminal: {
    method: 'GET',
    path: '/terminals/:terminalId',
    summary: 'One terminal: vehicles it was in, last contact, what it sent last and why it was refused',
    access: 'ledger.view',
    params,
    answer: terminalSchema,
  },
  registerTerminals: {
    method: 'POST',
    path: '/terminals',
    summary: 'Register one or thousands: all or none. The secrets are in the answer, once',
    maxBodyBytes: MAX_REGISTER_BYTES,
    access: 'terminal.manage',
    body: z.object({
      reason: purposeSchema,
      organisationId: numberOf,
      model: model.default(null),
      terminals: z
        .array(z.object({ terminalId: terminalIdSchema, vehicleId: numberOf.nullable().default(null), note: note.default(null) }))
        .min(1)
        .max(MAX_TERMINALS_AT_ONCE),
    }),
    answer: z.object({ credentials: z.array(credentialSchema), connection: connectionSchema }),
  },
  changeTerminal: {
    method: 'PATCH',
    path: '/terminals/:terminalId',
    summary: 'Model, note, or (while in no vehicle) whose it is',
    access: 'terminal.manage',
    params,
    body: z.object({ ...change, model: model.optional(), note: note.optional(), organisationId: numberOf.optional() }),
    answer: terminalSchema,
  },
  fitTerminal: {
    method: 'PUT',
    path: '/terminals/:terminalId/vehicle',
    summary:
      'Fit into a vehicle, swapping out what is there, or (null) take off; since now or an earlier moment after which nothing was stored. Into the vehicle that it is in: since when is put right',
    access: 'ledger.draft',
    params,
    body: z.object({
      ...change,
      vehicleId: numberOf.nullable(),
      /** What was seen in that vehicle and is swapped out; null = nothing. */
      replaces: terminalIdSchema.nullable().default(null),
      since: instant.optional(),
    }),
    answer: terminalSchema,
  },
  issueCredentials: {
    method: 'POST',
    path: '/terminals/credentials',
    summary: 'New secrets, shown once; older ones end within five seconds, and a revoked terminal is back in service',
    maxBodyBytes: MAX_NUMBERS_BYTES,
    access: 'terminal.manage',
    body: z
      .object({
        reason: purposeSchema,
        terminalIds: terminalIds.optional(),
        /** All that the list finds by this and that have no secret yet. */
        filter: z.strictObject({ ...filter, state: z.literal('unissued') }).optional(),
      })
      .refine(oneTarget, '请指明终端或筛选条件，二者选一 / name terminals or a filter, one of the two'),
    answer: z.object({ credentials: z.array(credentialSchema), connection: connectionSchema }),
  },
  revokeTerminals: {
    method: 'POST',
    path: '/terminals/revocations',
    summary: 'Take out of service: connections are cut within five seconds, what still comes is quarantined',
    maxBodyBytes: MAX_NUMBERS_BYTES,
    access: 'terminal.manage',
    body: z.object({ reason: purposeSchema, terminalIds }),
    answer: z.object({ revoked: z.int() }),
  },
  listTerminalKnocks: {
    method: 'GET',
    path: '/terminal-knocks',
    summary: 'Who came to the broker and was not let in, the latest first: unknown terminals may be admitted by registering them',
    access: 'terminal.manage',
    query: z.object({ q: z.string().trim().max(64).optional(), limit: pageSize, offset }),
    answer: page(
      z.object({
        name: z.string().regex(ACCOUNT_NAME),
        why: z.enum(knockReasons),
        firstAt: instant,
        lastAt: instant,
        times: z.int(),
        cameBy: z.string(),
      }),
    ),
  },
  getTerminalHistory: {
    method: 'GET',
    path: '/terminals/:terminalId/history',
    summary: 'What was done with a terminal: who, when, what, why',
    access: 'ledger.view',
    params,
    query: historyQuery,
    answer: historySchema,
  },
} as const satisfies Record<string, Endpoint>
