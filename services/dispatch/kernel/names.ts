// Names for the numbers in records, as they were when each record was made. They are looked up when somebody reads, not written into the
// log: old records read well, and what a reader may not see – a sensitive vehicle, a person of another scope – has no name for him.

import { type NamedKind, namesIn, subjectKey } from '../../domain/recordNames.ts'
import type { Queryable } from '../../platform/db.ts'
import { may, type Scope, type Sight, type Who } from './caller.ts'
import { openVehicles } from './sight.ts'

export type Names = Record<string, string>
type Entry = {
  seq?: number
  at: string
  before?: unknown
  after?: unknown
  detail?: unknown
  subject?: { type: string; id: string } | null
}
type Seen = Scope & Pick<Sight, 'cleared'>
/** `en`: the same in English, where it has two. */
type Named = { id: number; name: string; en?: string; until?: Date | null; seq?: number }

/** SQL by kind: $1 the numbers, $2 and $3 the scope, $4 what is cleared, or whether sensitive places are the reader's.
 *  Where a table keeps past names, a row with `until` for each. */
const statements: Record<NamedKind, string> = {
  organisation: `SELECT organisation_id AS id, name, NULL::timestamptz AS until FROM organisations WHERE organisation_id = ANY($1::int[])
    UNION ALL SELECT organisation_id, name, until FROM organisation_past WHERE organisation_id = ANY($1::int[])`,
  vehicle: `SELECT v.vehicle_id AS id, n.name, n.until FROM ${openVehicles('$4')} v JOIN organisations o ON o.organisation_id = v.user_unit_id
    CROSS JOIN LATERAL (SELECT v.plate AS name, NULL::timestamptz AS until
      UNION ALL SELECT p.plate, p.until FROM vehicle_past_plates p WHERE p.vehicle_id = v.vehicle_id) n
    WHERE v.vehicle_id = ANY($1::int[]) AND o.lft BETWEEN $2 AND $3`,
  driver: `SELECT d.driver_id AS id, d.name FROM drivers d JOIN organisations o USING (organisation_id)
    WHERE d.driver_id = ANY($1::int[]) AND o.lft BETWEEN $2 AND $3`,
  account: `SELECT a.account_id AS id, a.username AS name FROM accounts a JOIN organisations o USING (organisation_id)
    WHERE a.account_id = ANY($1::int[]) AND o.lft BETWEEN $2 AND $3`,
  place: `SELECT p.place_id AS id, p.name FROM places p JOIN organisations o USING (organisation_id)
    WHERE p.place_id = ANY($1::int[]) AND (o.lft BETWEEN $2 AND $3 OR (o.lft < $2 AND o.rgt > $3)) AND (p.kind <> 'sensitive' OR $4)`,
  supplier: `SELECT supplier_id AS id, name FROM suppliers WHERE supplier_id = ANY($1::int[])`,
  compound: `SELECT compound_id AS id, name FROM compounds WHERE compound_id = ANY($1::int[])`,
  pool: `SELECT pool_id AS id, name FROM motor_pools WHERE pool_id = ANY($1::int[])`,
  token: `SELECT t.token_id AS id, t.name FROM api_tokens t JOIN accounts a USING (account_id) JOIN organisations o ON o.organisation_id = a.organisation_id
    WHERE t.token_id = ANY($1::int[]) AND o.lft BETWEEN $2 AND $3`,
  notice: `SELECT notice_id AS id, title_zh AS name, title_en AS en FROM notices WHERE notice_id = ANY($1::int[])`,
}
/** Names that no table of the past keeps: a record of a change has the one before it. An account and a notice are never called otherwise. */
const toldByLog: readonly NamedKind[] = ['driver', 'place', 'supplier', 'compound', 'pool', 'token']
const pastNames = `SELECT subject_id::int AS id, body::jsonb #>> '{before,name}' AS name, at AS until, seq FROM public.audit_log
  WHERE subject_type = $1 AND subject_id = ANY($2::text[]) AND body::jsonb #>> '{before,name}' IS NOT NULL`
const MAX_INT = 2_147_483_647

/** For each of `entries` the names that it speaks of, by `kind:number`, in English too (`kind:number:en`) where there are two. What is absent or out of the caller's sight has none. */
export async function listNames(client: Queryable, who: Who<Seen>, entries: readonly Entry[]): Promise<Names[]> {
  const wanted = entries.map(({ before, after, detail, subject }) => {
    const own = subject ? subjectKey(subject) : undefined
    return [...(own ? [own] : []), ...namesIn(before), ...namesIn(after), ...namesIn(detail)]
  })
  const byKind = new Map<NamedKind, Set<number>>()
  for (const key of new Set(wanted.flat())) {
    const [kind, id] = key.split(':') as [NamedKind, string]
    if (Number(id) <= MAX_INT) byKind.set(kind, (byKind.get(kind) ?? new Set()).add(Number(id)))
  }
  const found = new Map<string, Named[]>()
  for (const [kind, ids] of byKind)
    for (const row of await namesOf(client, who, kind, [...ids]))
      found.set(`${kind}:${row.id}`, [...(found.get(`${kind}:${row.id}`) ?? []), row])
  return wanted.map((keys, k) => {
    return Object.fromEntries(
      keys.flatMap((key) => {
        const named = nameAt(found.get(key) ?? [], entries[k]!)
        if (!named) return []
        return named.en === undefined
          ? [[key, named.name]]
          : [
              [key, named.name],
              [`${key}:en`, named.en],
            ]
      }),
    )
  })
}

/** Today's, of what the reader sees, and of these the past ones. */
async function namesOf(client: Queryable, who: Who<Seen>, kind: NamedKind, ids: number[]): Promise<Named[]> {
  const now = await readNames(client, who, kind, ids)
  if (now.length === 0 || !toldByLog.includes(kind)) return now
  const past = await client.query<Named>(pastNames, [kind, now.map(({ id }) => String(id))])
  return [...now, ...past.rows]
}

async function readNames(client: Queryable, { caller, reach }: Who<Seen>, kind: NamedKind, ids: number[]): Promise<Named[]> {
  const statement = statements[kind]
  const sight = kind === 'place' ? may(caller, 'place.manage') : reach.cleared
  // A parameter that a statement does not name would have no type.
  const used = Math.max(...[...statement.matchAll(/\$(\d)/g)].map(([, n]) => Number(n)))
  return (await client.query<Named>(statement, [ids, reach.lft, reach.rgt, sight].slice(0, used))).rows
}

/** The name that held when `entry` was made: of the past ones that ended later the first, otherwise today's. */
function nameAt(names: readonly Named[], entry: Entry): Named | undefined {
  const at = new Date(entry.at)
  const endedLater = ({ until, seq }: Named) => until && (seq !== undefined && entry.seq !== undefined ? seq > entry.seq : until > at)
  const later = names.filter(endedLater).sort((a, b) => a.until!.getTime() - b.until!.getTime() || (a.seq ?? 0) - (b.seq ?? 0))
  return later[0] ?? names.find(({ until }) => !until)
}
