// Leave that drivers ask for.
import { z } from 'zod'
import { daySchema as day } from '../../domain/days.ts'
import { leaveKinds } from '../../domain/duty.ts'
import { leaveActions, leaveRequestStates, tripsOnLeave } from '../../domain/leave.ts'
import { type Endpoint, id, instant, offset, page, pageSize, version } from './endpoint.ts'

const leaveRequestSchema = z.object({
  leaveRequestId: z.int(),
  state: z.enum(leaveRequestStates),
  driver: z.object({ driverId: z.int(), name: z.string() }),
  unit: z.object({ organisationId: z.int(), name: z.string() }),
  kind: z.enum(leaveKinds),
  fromDay: day,
  untilDay: day,
  reason: z.string(),
  askedAt: instant,
  /** Trips that he has been given in those days; of a leave that is decided none. Of one with a sensitive vehicle that the reader does not see, its time alone. */
  trips: z.array(
    z.object({
      orderId: z.int().nullable(),
      number: z.string().nullable(),
      startsAt: instant,
      endsAt: instant,
      to: z.string().nullable(),
      underWay: z.boolean(),
    }),
  ),
  mayAct: z.array(z.enum(leaveActions)),
  steps: z.array(z.object({ action: z.string(), state: z.string(), at: instant, by: z.string(), reason: z.string() })),
  version,
})
export type LeaveRequest = z.infer<typeof leaveRequestSchema>

export const leaveApi = {
  listLeaveRequests: {
    method: 'GET',
    path: '/leave-requests',
    summary: 'Leave that drivers of the scope asked for, or one’s own; what waits for a decision first',
    access: 'order.drive',
    query: z.object({
      state: z.enum(leaveRequestStates).optional(),
      /** Those that the caller may decide now. */
      waiting: z.enum(['true']).optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(leaveRequestSchema),
  },
  askLeave: {
    method: 'POST',
    path: '/leave-requests',
    summary: 'Asks for leave, as a driver and for himself; once for each key',
    access: 'order.drive',
    body: z
      .object({ key: z.uuid(), kind: z.enum(leaveKinds), fromDay: day, untilDay: day, reason: z.string().trim().min(2).max(200) })
      .refine(({ fromDay, untilDay }) => fromDay <= untilDay, {
        path: ['untilDay'],
        message: '截止日期不得早于起始日期 / ends before it begins',
      }),
    answer: leaveRequestSchema,
  },
  actOnLeave: {
    method: 'POST',
    path: '/leave-requests/:leaveRequestId/steps',
    summary: 'Takes a step: grant, refuse, withdraw, cancel, recall',
    access: 'order.drive',
    params: z.object({ leaveRequestId: id }),
    body: z.object({
      action: z.enum(leaveActions),
      version,
      reason: z.string().trim().max(200).default(''),
      /** What becomes of the trips in those days, where there are any. */
      data: z.object({ trips: z.enum(tripsOnLeave).optional() }).default({}),
    }),
    answer: leaveRequestSchema,
  },
} as const satisfies Record<string, Endpoint>
