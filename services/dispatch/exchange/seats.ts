// Quota and standards for many vehicles at once: the laws of registry/seats.ts and registry/admission.ts in a statement for the whole
// file. Asked once a vehicle they would take minutes, and the embedded database serves nobody else meanwhile.
import { judgeStandard, type Measured } from '../../contracts/standards.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Value } from './kinds.ts'
import type { Candidate, CheckContext, Complaint, Followed, WriteContext } from './sheet.ts'
import { refused, words } from './words.ts'

/** Seats that may be filled and vehicles in service, for pairs $1, $2 of unit and category on the day $3. */
const capacitySql = `
  SELECT p.unit_id, p.category, coalesce(least(now_in.seats, later.seats), 0) AS seats,
         (SELECT count(*) FROM vehicles v WHERE v.user_unit_id = p.unit_id AND v.category = p.category AND v.state <> 'DISPOSED')::int AS in_service
  FROM (SELECT DISTINCT * FROM unnest($1::int[], $2::text[]) AS u (unit_id, category)) p
  LEFT JOIN LATERAL (SELECT seats FROM quotas q WHERE q.unit_id = p.unit_id AND q.category = p.category AND q.state = 'APPROVED'
    AND q.effective_from <= $3::date ORDER BY q.effective_from DESC LIMIT 1) now_in ON true
  LEFT JOIN LATERAL (SELECT min(seats) AS seats FROM quotas q WHERE q.unit_id = p.unit_id AND q.category = p.category AND q.state = 'APPROVED'
    AND q.effective_from > $3::date AND now_in.seats IS NOT NULL) later ON true
  WHERE p.category <> 'LEASED_SERVICE'`

type Pair = { unit_id: number; category: string; seats: number; in_service: number }

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
  const { rows } = await context.db.query<Pair>(capacitySql, [
    entering.map(({ values }) => values.userUnit),
    entering.map(({ values }) => values.category),
    context.today,
  ])
  const pairs = new Map(rows.map((row) => [`${row.unit_id} ${row.category}`, { ...row, free: row.seats - row.in_service }]))
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
        message: refused('quota.full', { unit: unit?.name ?? '', seats: pair.seats, inService: pair.in_service }),
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
      message: refused('standard.over', { what: price ? '购置价格' : '排量', value: shown(excess.value), limit: shown(excess.limit) }),
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
  return seatWaiting(
    client,
    today,
    touched.map(({ userUnit, category }) => ({ unit: userUnit, category })),
  )
}

/** Answers who got which seat. */
export async function seatWaiting(
  client: Queryable,
  today: string,
  touched: readonly { unit: Value | undefined; category: Value | undefined }[],
): Promise<Followed[]> {
  if (touched.length === 0) return []
  const values = [touched.map(({ unit }) => unit), touched.map(({ category }) => category), today]
  // Whoever sits beyond the last seat of a quota that shrank waits for one like everybody else.
  const { rows: vacated } = await client.query<{ id: number; seat: number }>(
    `WITH capacity AS MATERIALIZED (${capacitySql}),
     beyond AS (SELECT v.vehicle_id, v.quota_seat FROM vehicles v JOIN capacity c ON c.unit_id = v.user_unit_id AND c.category = v.category
       WHERE v.quota_seat > c.seats)
     UPDATE vehicles v SET quota_seat = NULL FROM beyond WHERE v.vehicle_id = beyond.vehicle_id RETURNING v.vehicle_id AS id, beyond.quota_seat AS seat`,
    values,
  )
  const { rows } = await client.query<{ id: number; seat: number }>(
    `WITH capacity AS MATERIALIZED (${capacitySql}),
     here AS MATERIALIZED (
       SELECT v.vehicle_id, c.unit_id, c.category, v.quota_seat, coalesce(v.in_service_on, v.registered_on) AS since
       FROM vehicles v JOIN capacity c ON c.unit_id = v.user_unit_id AND c.category = v.category WHERE v.state <> 'DISPOSED'),
     waiting AS (SELECT vehicle_id, unit_id, category, row_number() OVER (PARTITION BY unit_id, category ORDER BY since, vehicle_id) AS n
       FROM here WHERE quota_seat IS NULL),
     free AS (SELECT c.unit_id, c.category, seat, row_number() OVER (PARTITION BY c.unit_id, c.category ORDER BY seat) AS n
       FROM capacity c CROSS JOIN LATERAL generate_series(1, c.seats) AS seat
       LEFT JOIN here h ON h.unit_id = c.unit_id AND h.category = c.category AND h.quota_seat = seat
       WHERE h.vehicle_id IS NULL)
     UPDATE vehicles v SET quota_seat = free.seat FROM waiting JOIN free USING (unit_id, category, n) WHERE v.vehicle_id = waiting.vehicle_id
     RETURNING v.vehicle_id AS id, free.seat`,
    values,
  )
  const before = new Map(vacated.map(({ id, seat }) => [id, seat]))
  const after = new Map(rows.map(({ id, seat }) => [id, seat]))
  return [...new Set([...before.keys(), ...after.keys()])].map((id) => ({
    subject: { type: 'vehicle', id },
    before: { quotaSeat: before.get(id) ?? null },
    after: { quotaSeat: after.get(id) ?? null },
  }))
}
