// Rows that files name by words: places, compounds, motor pools, suppliers. Each has forms from short to long (一号院, 一号院@150102-4, …);
// it is said in the shortest that no other usable row has, and understood in every form that names it alone.
import type { Words } from '../../contracts/exchange.ts'
import { holdsFor, isWithin } from '../../domain/organisations.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Scope } from '../kernel/caller.ts'
import { normaliseText } from './normalise.ts'
import { words } from './words.ts'

export type Names = { resolve(text: string): { id: number } | { problem: Words }; nameOf(id: number): string }
type Named = { id: number; forms: readonly string[]; usable: boolean }

const fold = (text: string): string => normaliseText(text)

export function namesOf(rows: readonly Named[], called: Words): Names {
  const byForm = new Map<string, Set<number>>()
  for (const { id, forms, usable } of rows)
    if (usable) for (const form of forms) byForm.set(fold(form), (byForm.get(fold(form)) ?? new Set()).add(id))
  const spoken = new Map(
    rows.map(({ id, forms }) => [id, forms.find((form) => (byForm.get(fold(form))?.size ?? 0) <= 1) ?? forms.at(-1)!] as const),
  )
  return {
    resolve(text) {
      const found = [...(byForm.get(fold(text)) ?? [])]
      if (found.length === 1) return { id: found[0]! }
      if (found.length === 0)
        return { problem: words(`未找到${called.zh}“${text}”，或不在您的权限范围内`, `No ${called.en} “${text}” in your scope`) }
      const shown = found.slice(0, 3).map((id) => spoken.get(id)!)
      return {
        problem: words(
          `有 ${found.length} 个${called.zh}叫“${text}”，请写成 ${shown.join('、')} 之一`,
          `${found.length} are called “${text}”; write one of ${shown.join(', ')}`,
        ),
      }
    },
    nameOf: (id) => spoken.get(id) ?? '',
  }
}

type Source = { called: Words; sql: string }
/** `id`, `name`, the code of the organisation whose it is, `more` that tells namesakes apart, and the interval of that organisation. */
export const namedSources: Record<'supplier' | 'place' | 'compound' | 'pool', Source> = {
  supplier: {
    called: words('供应商', 'supplier'),
    sql: `SELECT s.supplier_id AS id, s.name, o.code, NULL AS more, o.lft, o.rgt FROM suppliers s JOIN organisations o USING (organisation_id)`,
  },
  place: {
    called: words('场所', 'place'),
    sql: `SELECT p.place_id AS id, p.name, o.code, p.kind AS more, o.lft, o.rgt FROM places p JOIN organisations o USING (organisation_id)`,
  },
  compound: {
    called: words('集中办公区', 'compound'),
    sql: `SELECT c.compound_id AS id, c.name, o.code, NULL AS more, o.lft, o.rgt FROM compounds c JOIN organisations o USING (organisation_id)`,
  },
  pool: {
    called: words('车队', 'motor pool'),
    sql: `SELECT p.pool_id AS id, p.name, o.code, NULL AS more, o.lft, o.rgt FROM motor_pools p JOIN organisations o USING (organisation_id)`,
  },
}

/** What an organisation names holds for everything below it: rows of the scope and of what stands above it may be named. */
export async function loadNamed(db: Queryable, scope: Scope, { sql, called }: Source): Promise<Names> {
  const { rows } = await db.query<{ id: number; name: string; code: string; more: string | null; lft: number; rgt: number }>(sql)
  return namesOf(
    rows.map(({ id, name, code, more, lft, rgt }) => ({
      id,
      forms: [name, `${name}@${code}`, ...(more ? [`${name}@${code}#${more}`] : [])],
      usable: isWithin(scope, { lft }) || holdsFor({ lft, rgt }, scope),
    })),
    called,
  )
}

export async function loadDriverNames(db: Queryable, scope: Scope): Promise<Names> {
  const { rows } = await db.query<{ id: number; licence: string; usable: boolean }>(
    `SELECT d.driver_id AS id, d.licence_no AS licence, o.lft BETWEEN $1 AND $2 AS usable FROM drivers d JOIN organisations o USING (organisation_id)
     WHERE d.licence_no IS NOT NULL`,
    [scope.lft, scope.rgt],
  )
  return namesOf(
    rows.map(({ id, licence, usable }) => ({ id, forms: [licence], usable })),
    words('持该驾驶证号的驾驶员', 'driver with the licence'),
  )
}

const WHOLE_REGION = words('全区', 'Whole region')
/** An organisation whose rows hold for its subtree, or the whole region (0), which only who keeps all of it may name. */
export const domainNames = (units: Names, scope: Scope): Names => ({
  resolve: (text) =>
    scope.lft === 1 && [WHOLE_REGION.zh, WHOLE_REGION.en].some((word) => word.toLowerCase() === fold(text).toLowerCase())
      ? { id: 0 }
      : units.resolve(text),
  nameOf: (id) => (id === 0 ? WHOLE_REGION.zh : units.nameOf(id)),
})
