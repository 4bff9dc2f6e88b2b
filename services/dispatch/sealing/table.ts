// Where seals are kept.
export const SEALS = { table: 'vehicle_seals', key: 'seal_id', steps: 'vehicle_seal_steps' } as const
