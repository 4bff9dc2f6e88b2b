// Comparison tracks of a case: what is taken. Pure.

export const trackKinds = ['gpx', 'kml', 'geojson'] as const
export type TrackKind = (typeof trackKinds)[number]
export const MAX_EXHIBIT_BYTES = 16 * 1024 * 1024
export const MAX_EXHIBIT_POINTS = 200_000
/** Of a case, all editions counted: they stand in the database, and in each of its packages. */
export const MAX_EXHIBITS = 40
