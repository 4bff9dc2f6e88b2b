// Rows of leave that drivers ask for.
import type { leaveApi } from '../../../services/contracts/api/leave.ts'
import { type Row, reason, rowIds } from './row.ts'

const asked = {
  key: '00000000-0000-4000-8000-0000000000f2',
  kind: 'annual',
  fromDay: '2026-08-03',
  untilDay: '2026-08-05',
  reason: '探亲',
}

export const leaveRows: Record<keyof typeof leaveApi, Row> = {
  listLeaveRequests: {
    lists: {
      leaves: {
        request: { query: { limit: 200 } },
        all: `SELECT leave_request_id AS id, d.organisation_id AS unit, a.account_id AS self FROM leave_requests q JOIN drivers d USING (driver_id)
              LEFT JOIN accounts a USING (driver_id)`,
        ids: rowIds('leaveRequestId'),
      },
    },
  },
  // Of all actors drivers alone have somebody's leave to ask for.
  askLeave: { plain: { request: { body: asked }, told: ({ actor }) => (actor.role === 'driver' ? 'OK' : 'CONFLICT') } },
  actOnLeave: {
    aims: {
      path: {
        at: ({ leaveRequest }) => ({ params: { leaveRequestId: leaveRequest }, body: { action: 'refuse', version: 1, reason } }),
        also: ['leave.decide'],
        self: 'vehicle',
      },
    },
  },
}
