// Vehicles lent from one unit to another, and the agreements under which that needs no asking.
import { z } from 'zod'
import { daySchema as day } from '../../domain/days.ts'
import { loanActions, loanStates, tripsWhenEnded } from '../../domain/loans.ts'
import { plateColourSchema, vehicleClassSchema } from '../../domain/vehicleSchemas.ts'
import { type Endpoint, id, instant, offset, page, pageSize, version } from './endpoint.ts'

const unit = z.object({ organisationId: z.int(), name: z.string() })
const loanSchema = z.object({
  loanId: z.int(),
  state: z.enum(loanStates),
  vehicle: z.object({ vehicleId: z.int(), plate: z.string(), plateColour: plateColourSchema }),
  lender: unit,
  borrower: unit,
  from: instant,
  until: instant,
  /** Consented to by an agreement that stands. */
  byAgreement: z.boolean(),
  askedAt: instant,
  mayAct: z.array(z.enum(loanActions)),
  steps: z.array(z.object({ action: z.string(), state: z.string(), at: instant, by: z.string(), reason: z.string() })),
  version,
})
export type VehicleLoan = z.infer<typeof loanSchema>
const lendableSchema = z.object({
  vehicleId: z.int(),
  plate: z.string(),
  plateColour: plateColourSchema,
  class: vehicleClassSchema,
  seats: z.int(),
  unit,
  /** In service, insured and inspected until its end, and neither promised to others than the borrower, kept back nor lent at any moment of that time. */
  free: z.boolean(),
})
const agreementSchema = z.object({
  agreementId: z.int(),
  lender: unit,
  borrower: unit,
  fromDay: day,
  untilDay: day,
  note: z.string(),
  inForce: z.boolean(),
})

export const loansApi = {
  listVehicleLoans: {
    method: 'GET',
    path: '/vehicle-loans',
    summary: 'Vehicles that units of the scope lend or borrow, the latest first',
    access: 'ledger.view',
    query: z.object({ state: z.enum(loanStates).optional(), organisationId: id.optional(), limit: pageSize, offset }),
    answer: page(loanSchema),
  },
  listLendable: {
    method: 'GET',
    path: '/vehicle-loans/lendable',
    summary:
      'Vehicles that a unit may ask for: those of the scope, and of neighbours in its pool, compound or league. Of these nothing is told but plate, class, seats and whether they are free; sensitive ones are none',
    access: 'order.dispatch',
    query: z.object({
      borrowerId: id,
      from: instant,
      until: instant,
      /** A fragment of the plate. */
      q: z.string().trim().max(16).optional(),
      class: vehicleClassSchema.optional(),
      /** At least so many. */
      seats: z.coerce.number().int().min(1).max(100).optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(lendableSchema),
  },
  askVehicleLoan: {
    method: 'POST',
    path: '/vehicle-loans',
    summary:
      'Asks to borrow a vehicle of the scope, or of a neighbour in the borrower’s pool, compound or league, for a time; under an agreement that stands it is lent at once',
    access: 'order.dispatch',
    body: z.object({ vehicleId: id, borrowerId: id, from: instant, until: instant, reason: z.string().trim().min(2).max(200) }),
    answer: loanSchema,
  },
  actOnVehicleLoan: {
    method: 'POST',
    path: '/vehicle-loans/:loanId/steps',
    summary: 'Takes a step: consent, refuse, withdraw, end',
    access: 'order.dispatch',
    params: z.object({ loanId: id }),
    body: z.object({
      action: z.enum(loanActions),
      version,
      reason: z.string().trim().max(200).default(''),
      /** With `end`: what becomes of the trips that the borrower has with it. */
      data: z.object({ trips: z.enum(tripsWhenEnded).optional() }).default({}),
    }),
    answer: loanSchema,
  },
  listLoanAgreements: {
    method: 'GET',
    path: '/loan-agreements',
    summary: 'Agreements under which units of the scope lend or borrow without asking',
    access: 'ledger.view',
    query: z.object({ limit: pageSize, offset }),
    answer: page(agreementSchema),
  },
  addLoanAgreement: {
    method: 'POST',
    path: '/loan-agreements',
    summary: 'Agrees, for whose the vehicles are, that another unit may borrow them between two days',
    access: 'ledger.approve',
    body: z.object({ lenderId: id, borrowerId: id, fromDay: day, untilDay: day, reason: z.string().trim().min(2).max(200) }),
    answer: z.object({ agreementId: z.int() }),
  },
} as const satisfies Record<string, Endpoint>
