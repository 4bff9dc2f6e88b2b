// What a reader of a file hands on, whatever kind of file it was.

/** One row as a reader found it: the fields still to be judged, where it stands, and readings that it says it does not know. */
export type RawRow = {
  line: number
  device: string
  fields: Record<string, unknown>
  problem?: string
  hadZone?: boolean
  unknown?: string[]
}
/** Rows of one track. `device`: its name; null where each row names its own, or the file has to. */
export type RawTrack = { device: string | null; rows: RawRow[]; notes: string[] }
