// Findings as they are stored, as a member of their case is told of them, and as whoever is asked is.
import type { Explanation, Finding } from '../../contracts/api/findings.ts'
import { Refusal } from '../../contracts/errors.ts'
import { type FindingAction, type FindingState, findingLifecycle, memberActions } from '../../domain/findings.ts'
import { stateAt, type Times } from '../../domain/lifecycle.ts'
import type { PlateColour } from '../../domain/vehicle.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import type { Reachable, Who } from '../kernel/caller.ts'
import type { Stepped, Taken } from '../kernel/procedure.ts'
import { openVehicles } from '../kernel/sight.ts'
import { isMember, spanOf } from './caseRows.ts'

export type StoredFinding = Omit<Finding, 'mayAct' | 'photos'> &
  Stepped & { state: FindingState; times: Times; heldVehicleId: number; caseState: string; isMember: boolean; askedAccount: number | null }

type KeptStep = Finding['steps'][number] & { accountId: number | null }

const columns = `f.*, lower(f.during) AS from_at, upper(f.during) AS until_at, c.state AS case_state, v.plate, v.plate_colour, n.display_name AS noted_name,
  q.display_name AS asked_name, o.name AS asked_unit, ${isMember('$1')} AS is_member,
  (SELECT coalesce(json_agg(json_build_object('action', s.action, 'state', s.state, 'at', s.at, 'by', s.username, 'reason', s.reason, 'data', s.data,
     'accountId', s.account_id) ORDER BY s.step), '[]') FROM case_finding_steps s WHERE s.finding_id = f.finding_id) AS steps`
const from = `case_findings f JOIN cases c USING (case_id) JOIN accounts n ON n.account_id = f.noted_by LEFT JOIN accounts q ON q.account_id = f.asked_account
  LEFT JOIN organisations o ON o.organisation_id = q.organisation_id LEFT JOIN ${openVehicles('$2')} v ON v.vehicle_id = f.vehicle_id`

/** `$1` the account, `$2` what is cleared for it; a test names its own from `$3` on. */
export async function findFindings(
  db: Queryable,
  { caller, reach }: Who<Reachable>,
  test: string,
  values: readonly unknown[],
  tail = 'ORDER BY f.finding_id',
): Promise<StoredFinding[]> {
  const { rows } = await db.query(`SELECT ${columns} FROM ${from} WHERE ${test} ${tail}`, [caller.accountId, reach.cleared, ...values])
  return rows.map(findingOf)
}

/** One that a member of its case asks for, or whoever was asked. @throws Refusal NOT_FOUND */
export async function loadFinding(
  db: Queryable,
  who: Who<Reachable>,
  findingId: number,
  whose: 'member' | 'asked',
  lock = '',
): Promise<StoredFinding> {
  const mine = whose === 'member' ? isMember('$1') : 'f.asked_account = $1'
  const [found] = await findFindings(db, who, `f.finding_id = $3 AND ${mine}`, [findingId], lock)
  if (!found) throw new Refusal('NOT_FOUND')
  return found
}

function findingOf(row: Row): StoredFinding {
  const steps = row.steps as KeptStep[]
  const { from: begins, until } = spanOf(row, 'from_at', 'until_at')
  const dueAt = row.due_at as Date | null
  const answeredAt = row.answered_at as Date | null
  return {
    id: row.finding_id as number,
    findingId: row.finding_id as number,
    caseId: row.case_id as number,
    nth: row.nth as number,
    state: row.state as FindingState,
    times: { sinceMs: (row.since as Date).getTime(), untilMs: dueAt === null ? null : dueAt.getTime() },
    vehicle:
      row.plate === null
        ? null
        : { vehicleId: row.vehicle_id as number, plate: row.plate as string, plateColour: row.plate_colour as PlateColour },
    heldVehicleId: row.vehicle_id as number,
    caseState: row.case_state as string,
    isMember: row.is_member as boolean,
    askedAccount: row.asked_account as number | null,
    ...{ from: begins, until },
    text: row.text as string,
    notedBy: row.noted_name as string,
    notedAt: (row.noted_at as Date).toISOString(),
    asked:
      row.asked_account === null
        ? null
        : {
            displayName: row.asked_name as string,
            organisation: row.asked_unit as string,
            question: row.question as string,
            dueAt: dueAt!.toISOString(),
          },
    answer:
      row.answer === null
        ? null
        : { text: row.answer as string, at: answeredAt!.toISOString(), late: dueAt !== null && answeredAt! > dueAt },
    conclusion: row.conclusion as string | null,
    steps: steps.map(({ accountId: _account, at, ...step }) => ({ ...step, at: new Date(at).toISOString() })),
    takers: steps.flatMap(({ action, accountId }): Taken[] => (accountId === null ? [] : [{ action, accountId }])),
    version: row.version as number,
  }
}

/** In force now, whether or not the clock's step is written down. */
const stateNow = ({ state, times }: StoredFinding, nowMs: number): FindingState =>
  stateAt<FindingState>(findingLifecycle, state, times, nowMs)

type Photo = Finding['photos'][number] & { findingId: number }
async function listPhotos(db: Queryable, findingIds: readonly number[]): Promise<Photo[]> {
  const { rows } = await db.query<Omit<Photo, 'at'> & { at: Date }>(
    `SELECT p.finding_id AS "findingId", p.photo_id AS "photoId", p.width, p.height, a.display_name AS by, p.added_at AS at
     FROM case_finding_photos p JOIN accounts a ON a.account_id = p.added_by WHERE p.finding_id = ANY($1::int[]) ORDER BY p.photo_id`,
    [findingIds],
  )
  return rows.map(({ at, ...photo }) => ({ ...photo, at: at.toISOString() }))
}

/** As members are told, with the steps that are theirs now. */
export async function tellFindings(
  db: Queryable,
  findings: readonly StoredFinding[],
  permitted: readonly (readonly string[])[],
  nowMs: number,
): Promise<Finding[]> {
  const photos = await listPhotos(
    db,
    findings.map(({ id }) => id),
  )
  return findings.map((found, n) => {
    const {
      id,
      takers: _takers,
      times: _times,
      heldVehicleId: _vehicle,
      caseState,
      isMember: _member,
      askedAccount: _asked,
      ...told
    } = found
    return {
      ...told,
      state: stateNow(found, nowMs),
      photos: photos.filter(({ findingId }) => findingId === id).map(({ findingId: _finding, ...photo }) => photo),
      mayAct: caseState === 'OPEN' ? memberActions.filter((action) => permitted[n]!.includes(action)) : [],
    }
  })
}

/** As whoever was asked is told: nothing of the case, what others found, or why. */
export function tellExplanation(found: StoredFinding, nowMs: number): Explanation {
  const state = stateNow(found, nowMs)
  const { findingId, vehicle, from: begins, until, asked, answer, version } = found
  const answers: readonly FindingState[] = findingLifecycle['answer' satisfies FindingAction].from
  return {
    findingId,
    state,
    plate: vehicle?.plate ?? null,
    ...{ from: begins, until },
    question: asked!.question,
    dueAt: asked!.dueAt,
    answer: answer?.text ?? null,
    answeredAt: answer?.at ?? null,
    mayAnswer: answers.includes(state) && found.caseState === 'OPEN',
    version,
  }
}
