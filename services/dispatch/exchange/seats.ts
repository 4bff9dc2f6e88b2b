// Quota and standards for many vehicles at once: the laws of kernel/seats.ts and registry/admission.ts asked once for the whole file.
// Asked once a vehicle they would take minutes, and the embedded database serves nobody else meanwhile.
import { judgeStandard, type Measured } from '../../domain/standards.ts'
import type { Queryable } from '../../platform/db.ts'
import { capacitiesOf, type Pair, type Seated, seatWaiting } from '../kernel/seats.ts'
import type { Candidate, CheckContext, Complaint, Followed, WriteContext } from './sheet.ts'
import { refused, words } from './words.ts'

const pairOf = ({ values }: Candidate): string => `${values.userUnit} ${values.category}`
const enters = ({ values, existing }: Candidate): boolean =>
  values.state !== 'DISPOSED' && (!existing || existing.values.userUnit !== values.userUnit || existing.values.category !== values.category)

/** Over quota and over standard: refused where the policy of the place refuses, let in where it only flags. */
export async function judgeAdmission(candidates: Candidate[], context: CheckContext): Promise<Complaint[]> {
  const complaints: Complaint[] = []
  const entering = candidates.filter(enters)
  const leaving = new Map<string, number>()
  for (const { existing } of entering.filter(({ existing }) => existing !== undefined)) {
    const pair = `${existing!.values.userUnit} ${existing!.values.category}`
    leaving.set(pair, (leaving.get(pair) ?? 0) + 1)
  }
  const capacities = await capacitiesOf(
    context.db,
    entering.map(({ values }) => seatedIn(values)),
    context.today,
  )
  const pairs = new Map(capacities.map((row) => [`${row.unitId} ${row.category}`, { ...row, free: row.seats - row.inService }]))
  for (const [pair, gone] of leaving) if (pairs.has(pair)) pairs.get(pair)!.free += gone
  const policies = await loadPolicies(context, candidates)
  const limits = await context.rules.listLimits(context.db)
  const seats = new Map<string, number>()
  for (const candidate of entering) {
    const { row, values } = candidate
    const pair = pairs.get(pairOf(candidate))
    if (!pair) continue
    // What is in stock is entered as it is: a first filing must be able to say so, and says so on record. Without a seat it takes none.
    const inStock = !candidate.existing && values.beyond === true
    if (!inStock || values.quotaSeat != null) pair.free--
    const unit = context.references.findUnit(values.userUnit as number)
    if (pair.free < 0 && !inStock && policies.get(values.userUnit as number)?.overQuota === 'refuse')
      complaints.push({
        row,
        column: 'category',
        message: refused('quota.full', { unit: unit?.name ?? '', seats: pair.seats, inService: pair.inService }),
      })
    if (values.quotaSeat == null) continue
    if ((values.quotaSeat as number) > pair.seats)
      complaints.push({
        row,
        column: 'quotaSeat',
        message: words(`该单位该类别编制只有 ${pair.seats} 个席位`, `This unit has ${pair.seats} seats of this category`),
      })
    const seat = `${pairOf(candidate)} ${values.quotaSeat}`
    const first = seats.get(seat)
    if (first === undefined) seats.set(seat, row)
    else complaints.push({ row, column: 'quotaSeat', message: words(`席位与第 ${first} 行重复`, `The same seat as row ${first}`) })
  }
  for (const { row, values, existing } of candidates) {
    const unit = context.references.findUnit(values.userUnit as number)
    if (!unit || policies.get(unit.id)?.overStandard !== 'refuse') continue
    if (existing ? measuredFields.every((key) => existing.values[key] === values[key]) : values.beyond === true) continue
    const [excess] = judgeStandard(limits, measured(values, unit.lft))
    if (!excess) continue
    const price = excess.what === 'price'
    const shown = (value: number) => (price ? `${value / 1_000_000} 万元` : `${(value / 1000).toFixed(1)} L`)
    complaints.push({
      row,
      column: price ? 'price' : 'displacementMl',
      message: refused('standard.over', {
        what: price ? 'priceFen' : 'displacementMl',
        value: shown(excess.value),
        limit: shown(excess.limit),
      }),
    })
  }
  complaints.push(...(await findTakenSeats(context.db, entering)))
  return complaints
}

const measuredFields = ['userUnit', 'category', 'bodyType', 'energy', 'price', 'displacementMl', 'registeredOn']
const measured = (values: Candidate['values'], unitLft: number): Measured => ({
  unitLft,
  category: values.category as Measured['category'],
  bodyType: values.bodyType as Measured['bodyType'],
  energy: values.energy as Measured['energy'],
  priceFen: values.price as number | null,
  displacementMl: values.displacementMl as number | null,
  registeredOn: values.registeredOn as string,
})

/** One question a unit, and few units: those of one file. Places without any policy share one answer. */
async function loadPolicies({ db, today, references, rules }: CheckContext, candidates: Candidate[]) {
  const policies = new Map<number, Awaited<ReturnType<typeof rules.policyFor>>>()
  const { rows } = await db.query<{ lft: number; rgt: number }>(
    'SELECT o.lft, o.rgt FROM ledger_policies p JOIN organisations o USING (organisation_id) WHERE p.effective_from <= $1::date',
    [today],
  )
  const answers = new Map<string, Awaited<ReturnType<typeof rules.policyFor>>>()
  for (const id of new Set(candidates.map(({ values }) => values.userUnit as number))) {
    const unit = references.findUnit(id)
    if (!unit) continue
    const holders = rows.filter(({ lft, rgt }) => lft <= unit.lft && unit.rgt <= rgt)
    const key = holders.map(({ lft }) => lft).join(' ')
    if (!answers.has(key)) answers.set(key, await rules.policyFor(db, unit, today))
    policies.set(id, answers.get(key)!)
  }
  return policies
}

async function findTakenSeats(db: Queryable, entering: Candidate[]): Promise<Complaint[]> {
  const seated = entering.filter(({ values }) => values.quotaSeat != null)
  if (seated.length === 0) return []
  const { rows } = await db.query<{ n: number }>(
    `SELECT w.n FROM unnest($1::int[], $2::text[], $3::int[]) WITH ORDINALITY AS w (unit_id, category, seat, n)
     JOIN vehicles v ON v.user_unit_id = w.unit_id AND v.category = w.category AND v.quota_seat = w.seat`,
    [
      seated.map(({ values }) => values.userUnit),
      seated.map(({ values }) => values.category),
      seated.map(({ values }) => values.quotaSeat),
    ],
  )
  return rows.map(({ n }) => ({
    row: seated[n - 1]!.row,
    column: 'quotaSeat',
    message: words('席位已有车辆占用', 'Another vehicle fills this seat'),
  }))
}

/** Gives free seats, lowest first, to vehicles that wait for one, longest in service first: where vehicles came and where they left. */
export async function seatVehicles(client: Queryable, { today }: WriteContext, rows: readonly Candidate[]): Promise<Followed[]> {
  const touched = rows.filter(enters).flatMap(({ values, existing }) => [values, ...(existing ? [existing.values] : [])])
  return followedBy(await seatWaiting(client, touched.map(seatedIn), today))
}

const seatedIn = ({ userUnit, category }: Candidate['values']): Pair => ({
  unitId: userUnit as number,
  category: category as Pair['category'],
})

/** Who got which seat, as what followed from the import. */
export const followedBy = (seated: readonly Seated[]): Followed[] =>
  seated.map(({ vehicleId, before, after }) => ({
    subject: { type: 'vehicle', id: vehicleId },
    before: { quotaSeat: before },
    after: { quotaSeat: after },
  }))
