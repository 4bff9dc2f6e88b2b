// What a cell means that names a row of another list: a unit by its path or code, a vehicle by its plate, a supplier by its name.
// Names are read within the caller's scope; a name that the ledger itself gave for a row is always known again.
import type { Words } from '../../contracts/exchange.ts'
import { isWithin } from '../../domain/organisations.ts'
import { type OrganisationKind, plateAsPrinted, plateAsStored } from '../../domain/vehicle.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Scope, Sight } from '../kernel/caller.ts'
import { openVehicles } from '../kernel/sight.ts'
import { domainNames, loadDriverNames, loadNamed, type Names, namedSources } from './namedRows.ts'
import { normaliseCode, normaliseText } from './normalise.ts'
import { words } from './words.ts'

type Unit = {
  lft: number
  rgt: number
  id: number
  code: string
  name: string
  kind: OrganisationKind
  adcode: string
  inScope: boolean
  open: boolean
  path: string
}

export type ReferenceKind = 'unit' | 'domain' | 'vehicle' | 'supplier' | 'place' | 'compound' | 'pool' | 'driver'

export type References = {
  resolve(kind: ReferenceKind, text: string): { id: number } | { problem: Words }
  /** As files say it; reading it again gives the same row. */
  nameOf(kind: ReferenceKind, id: number): string
  findUnit(id: number): Unit | undefined
}

/** Reads all that is needed to understand references of these kinds. A sensitive vehicle has a name for those alone who see it. */
export async function loadReferences(db: Queryable, scope: Sight, kinds: ReadonlySet<ReferenceKind>): Promise<References> {
  const units = await loadUnits(db, scope)
  const named = unitNames(units)
  const names: Partial<Record<ReferenceKind, Names>> = { unit: named, domain: domainNames(named, scope) }
  if (kinds.has('vehicle')) names.vehicle = await loadVehicleNames(db, scope)
  if (kinds.has('driver')) names.driver = await loadDriverNames(db, scope)
  for (const kind of ['supplier', 'place', 'compound', 'pool'] as const)
    if (kinds.has(kind)) names[kind] = await loadNamed(db, scope, namedSources[kind])
  return {
    resolve: (kind, text) => names[kind]!.resolve(text),
    nameOf: (kind, id) => names[kind]!.nameOf(id),
    findUnit: (id) => units.get(id),
  }
}

type UnitRow = {
  organisation_id: number
  parent_id: number | null
  code: string
  name: string
  kind: OrganisationKind
  adcode: string
  lft: number
  rgt: number
  open: boolean
}

/** Every organisation, because a row may name one above the scope; `inScope` says which may be chosen. */
async function loadUnits(db: Queryable, scope: Scope): Promise<Map<number, Unit>> {
  const { rows } = await db.query<UnitRow>(
    'SELECT organisation_id, parent_id, code, name, kind, adcode, lft, rgt, closed_at IS NULL AS open FROM organisations ORDER BY lft',
  )
  const units = new Map<number, Unit>()
  for (const row of rows) {
    const inScope = isWithin(scope, row)
    // A path begins at the scope's own root: what stands above it is not the reader's concern.
    const parent = row.parent_id === null || !inScope || row.lft === scope.lft ? undefined : units.get(row.parent_id)
    const path = parent ? `${parent.path}/${row.name}` : row.name
    units.set(row.organisation_id, {
      id: row.organisation_id,
      lft: row.lft,
      rgt: row.rgt,
      code: row.code,
      name: row.name,
      kind: row.kind,
      adcode: row.adcode,
      inScope,
      open: row.open,
      path,
    })
  }
  return units
}

const fold = (text: string): string => normaliseText(text).replace(/\s*[/／>＞\\]\s*/g, '/')
const MAX_CANDIDATES_SHOWN = 3

function unitNames(units: Map<number, Unit>): Names {
  const byCode = new Map<string, Unit>()
  /** Every tail of a path: 甲单位, 新城区/甲单位, 呼和浩特市/新城区/甲单位. Whole paths are kept apart: they win. */
  const byTail = new Map<string, Unit[]>()
  const byPath = new Map<string, Unit[]>()
  const put = (map: Map<string, Unit[]>, name: string, unit: Unit) => {
    const list = map.get(name)
    if (list) list.push(unit)
    else map.set(name, [unit])
  }
  for (const unit of units.values()) {
    if (!unit.inScope) continue
    byCode.set(normaliseCode(unit.code).toUpperCase(), unit)
    if (!unit.open) continue
    const path = fold(unit.path)
    put(byPath, path, unit)
    const steps = path.split('/')
    for (let from = 0; from < steps.length; from++) put(byTail, steps.slice(from).join('/'), unit)
  }
  return {
    resolve(text) {
      const coded = byCode.get(normaliseCode(text).toUpperCase())
      if (coded) return { id: coded.id }
      const path = fold(text).replace(/^\/|\/$/g, '')
      const exact = byPath.get(path)
      const found = exact?.length === 1 ? exact : (byTail.get(path) ?? [])
      if (found.length === 1) return { id: found[0]!.id }
      if (found.length === 0)
        return {
          problem: words(
            `未找到单位“${text}”，或不在您的权限范围内；可填全路径（如 呼和浩特市/新城区/某单位）或机构编码`,
            `No unit “${text}” in your scope; give its full path or its code`,
          ),
        }
      const shown = found.slice(0, MAX_CANDIDATES_SHOWN)
      return {
        problem: words(
          `“${text}”对应 ${found.length} 个单位，请写全路径或编码，如 ${shown.map((unit) => `${unit.path}（${unit.code}）`).join('、')}`,
          `“${text}” fits ${found.length} units; give the path or code, such as ${shown.map((unit) => `${unit.path} (${unit.code})`).join(', ')}`,
        ),
      }
    },
    nameOf(id) {
      const unit = units.get(id)
      if (!unit) return ''
      const spoken = unit.inScope && unit.open && !/[/／>＞\\]/.test(unit.name) && byPath.get(fold(unit.path))?.length === 1
      return spoken ? unit.path : unit.code
    },
  }
}

async function loadVehicleNames(db: Queryable, scope: Sight): Promise<Names> {
  const { rows } = await db.query<{ vehicle_id: number; plate: string; in_scope: boolean }>(
    `SELECT v.vehicle_id, v.plate, o.lft BETWEEN $1 AND $2 AS in_scope FROM ${openVehicles('$3')} v
     JOIN organisations o ON o.organisation_id = v.user_unit_id`,
    [scope.lft, scope.rgt, scope.cleared],
  )
  const byPlate = new Map(rows.filter((row) => row.in_scope).map((row) => [row.plate, row.vehicle_id]))
  const plates = new Map(rows.map((row) => [row.vehicle_id, row.plate]))
  return {
    resolve(text) {
      const id = byPlate.get(plateAsStored(text))
      return id === undefined
        ? { problem: words(`未找到车辆“${text}”，或不在您的权限范围内`, `No vehicle “${text}” in your scope`) }
        : { id }
    },
    nameOf: (id) => (plates.has(id) ? plateAsPrinted(plates.get(id)!) : ''),
  }
}
