// What the ledger's own pages refuse about a vehicle (registry/vehicleFields.ts, registry/vehicleChange.ts), asked for a whole file at once.
import { holdsFor } from '../../domain/organisations.ts'
import { offers, type SupplierField, supplierFields } from '../../domain/vehicleFile.ts'
import { complainOfPromises } from './promises.ts'
import type { Candidate, CheckContext, Complaint } from './sheet.ts'
import { refused } from './words.ts'

const columnOf: Record<SupplierField, string> = {
  fuelSupplierId: 'fuelSupplier',
  repairSupplierId: 'repairSupplier',
  insuranceSupplierId: 'insuranceSupplier',
}

/**
 * A supplier must offer what it is named for; one that a vehicle of the ledger is given must be designated for its unit. A whole ledger
 * that comes back may hold a supplier that a reorganisation has left behind elsewhere, and is not refused for it.
 */
async function judgeSuppliers(candidates: Candidate[], { db, references }: CheckContext): Promise<Complaint[]> {
  const { rows } = await db.query<{ id: number; kinds: string[]; lft: number; rgt: number }>(
    'SELECT s.supplier_id AS id, s.kinds, o.lft, o.rgt FROM suppliers s JOIN organisations o USING (organisation_id)',
  )
  const suppliers = new Map(rows.map((row) => [row.id, row]))
  return candidates.flatMap(({ row, values, existing }) => {
    const unit = references.findUnit(values.userUnit as number)
    return supplierFields.flatMap((field): Complaint[] => {
      const column = columnOf[field]
      const id = values[column] as number | null
      if (id === null || existing?.values[column] === id) return []
      const supplier = suppliers.get(id)
      const isDesignated = !existing || (supplier && unit && holdsFor(supplier, unit))
      return supplier && offers(supplier.kinds, field) && isDesignated ? [] : [{ row, column, message: refused('supplier.unknown') }]
    })
  })
}

/** What is on its way elsewhere is not moved by a file. */
async function judgeFlows(candidates: Candidate[], { db }: CheckContext): Promise<Complaint[]> {
  const moving = candidates.filter(
    ({ values, existing }) => existing && (existing.values.userUnit !== values.userUnit || existing.values.ownerUnit !== values.ownerUnit),
  )
  if (moving.length === 0) return []
  const { rows } = await db.query<{ id: number }>('SELECT vehicle_id AS id FROM ledger_flows WHERE open AND vehicle_id = ANY($1::int[])', [
    moving.map(({ existing }) => existing!.id),
  ])
  const open = new Set<number | string>(rows.map(({ id }) => id))
  return moving
    .filter(({ existing }) => open.has(existing!.id))
    .map(({ row }) => ({ row, column: 'userUnit', message: refused('flow.open') }))
}

const judgePromises = (candidates: Candidate[], { db, nowMs }: CheckContext): Promise<Complaint[]> =>
  complainOfPromises(
    db,
    'vehicle',
    'userUnit',
    candidates.filter(({ values, existing }) => existing && existing.values.userUnit !== values.userUnit),
    nowMs,
  )

export const judgeVehicles = async (candidates: Candidate[], context: CheckContext): Promise<Complaint[]> => [
  ...(await judgeSuppliers(candidates, context)),
  ...(await judgeFlows(candidates, context)),
  ...(await judgePromises(candidates, context)),
]
