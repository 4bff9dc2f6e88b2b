// What the audit log records, by name. One line an action; the web has a text for each (`audit.action.<name>`).

export const auditActions = [
  'session.sign-in',
  'session.refused',
  'session.locked',
  'session.sign-out',
  'session.end-all',
  'live.purpose',
  'vehicle.view',
  'track.view',
  'trips.view',
  'quarantine.replay',
] as const
export type AuditAction = (typeof auditActions)[number]
