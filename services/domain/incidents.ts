// What happens on the way (事故、故障、违章): told by the driver, seen and closed by the dispatcher, who may keep the vehicle back meanwhile.
import type { Lifecycle } from './lifecycle.ts'

export const incidentKinds = ['accident', 'breakdown', 'violation', 'other'] as const
export type IncidentKind = (typeof incidentKinds)[number]
export const incidentStates = ['OPEN', 'SEEN', 'CLOSED'] as const
export type IncidentState = (typeof incidentStates)[number]

export const incidentLifecycle = {
  see: { from: ['OPEN'], to: 'SEEN', by: 'order.dispatch' },
  /** Until `until`, or anew until then. */
  hold: { from: ['OPEN', 'SEEN'], to: 'SEEN', by: 'order.dispatch', needs: ['until'] },
  close: { from: ['OPEN', 'SEEN'], to: 'CLOSED', by: 'order.dispatch' },
} as const satisfies Lifecycle<IncidentState, 'until'>
export type IncidentAction = keyof typeof incidentLifecycle
export const incidentActions = ['see', 'hold', 'close'] as const satisfies IncidentAction[]
