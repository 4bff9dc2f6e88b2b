// The procedure of a filing (domain/filing/filings.ts has the table): filled with a snapshot that was taken before, in which those below are added up.
import { changedMeanwhile, refusal } from '../../../contracts/refusals.ts'
import { type Check, checkKey, checkSnapshot, sayCheck } from '../../../domain/filing/checks.ts'
import { filingLifecycle } from '../../../domain/filing/filings.ts'
import type { Snapshot } from '../../../domain/filing/snapshot.ts'
import type { Act } from '../../kernel/act.ts'
import type { Change, Effect, Procedure, Step } from '../../kernel/procedure.ts'
import { takeFollowingStep } from '../../kernel/takeStep.ts'
import { loadFiling, readSnapshot, type StoredFiling, TABLE } from './rows.ts'
import type { Taken } from './take.ts'

const EVERYWHERE = { lft: 0, rgt: 2_147_483_647 }

export type Explanation = { key: string; text: string }
type FillData = { taken: Taken; explanations: readonly Explanation[] }

export const filingProcedure: Procedure<StoredFiling> = {
  ...TABLE,
  lifecycle: filingLifecycle,
  lock: (act, id) => loadFiling(act.client, act.scope, id, 'FOR UPDATE OF f'),
  // The region hands up to whoever is above it, who has no account here: that it came back is said there.
  reaches: ({ reach }, { organisation }, side) => side !== 'receiver' || reach.lft < organisation.lft || organisation.kind === 'region',
  refusals: {
    notNow: { path: 'body.action', reason: 'filing.not', values: ({ state }) => ({ filingState: state }) },
    samePerson: { code: 'TWO_PERSON_RULE', path: 'body.action', reason: 'filing.samePerson' },
  },
  effects: {
    fill: { before: fill, after: (act, _row, { data }) => followBelow(act, (data.taken as Taken).snapshot, 'aggregate') },
    submit: {
      async before({ client }, { id, round }) {
        const { preliminary, snapshot } = await readSnapshot(client, id, round)
        if (preliminary) throw refusal('CONFLICT', 'body.action', 'filing.preliminary', { day: snapshot.until })
        return undefined
      },
    },
    giveBack: giveBack(),
    sendBack: giveBack(),
  },
  set: (_row, _step, _kept, { nowMs }) => ({ since: new Date(nowMs) }),
  record: ({ id, period }, { action }) => ({ action: 'filing.step', subject: { type: 'filing', id }, detail: { action, period } }),
  stateField: 'filingState',
}

/** @throws Refusal CONFLICT naming what stops it, or what wants a word; CHANGED_MEANWHILE where something below is no longer what was added up */
async function fill({ client, nowMs }: Act, { id, round }: StoredFiling, { data }: Step): Promise<Change> {
  const { taken, explanations } = data as FillData
  const { snapshot, sha256, body, facts } = taken
  requireExplained(checkSnapshot(snapshot), explanations)
  const { rows } = await client.query<{ id: number; round: number; state: string }>(
    'SELECT f.filing_id AS id, f.round, f.state FROM filings f WHERE f.filing_id = ANY($1::int[]) ORDER BY f.filing_id FOR UPDATE',
    [snapshot.included.map(({ filingId }) => filingId)],
  )
  const standing = new Map(rows.map((row) => [row.id, row]))
  for (const each of snapshot.included) {
    const row = standing.get(each.filingId)
    if (row?.state !== 'SUBMITTED' || row.round !== each.round) throw changedMeanwhile()
  }
  await client.query(
    `INSERT INTO filing_snapshots (filing_id, round, taken_at, preliminary, sha256, body, facts) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [id, round + 1, new Date(nowMs), snapshot.preliminary, sha256, body, facts],
  )
  return {
    set: { round: round + 1 },
    kept: {
      round: round + 1,
      sha256,
      preliminary: snapshot.preliminary,
      explanations: explanations.map(({ key, text }) => `${key}: ${text}`),
    },
  }
}

/** @throws Refusal CONFLICT */
function requireExplained(checks: readonly Check[], explanations: readonly Explanation[]): void {
  const said = (list: readonly Check[]) => ({
    n: list.length,
    saidZh: list.map((check) => sayCheck(check, 'zh-CN')).join('；'),
    saidEn: list.map((check) => sayCheck(check, 'en')).join('; '),
  })
  const errors = checks.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw refusal('CONFLICT', 'body.action', 'filing.errors', said(errors))
  const silent = checks.filter((check) => !explanations.some(({ key }) => key === checkKey(check)))
  if (silent.length > 0) throw refusal('CONFLICT', 'body.data.explanations', 'filing.explain', said(silent))
}

function giveBack(): Effect<StoredFiling> {
  return {
    async before(_act, _row, { reason }) {
      if (reason === '') throw refusal('VALIDATION_FAILED', 'body.reason', 'flow.data', { field: 'reason' })
      return undefined
    },
    async after(act, { id, round }) {
      await followBelow(act, (await readSnapshot(act.client, id, round)).snapshot, 'release')
    },
  }
}

/** Those that were added up follow. */
async function followBelow(act: Act, { included }: Snapshot, action: 'aggregate' | 'release'): Promise<void> {
  for (const { filingId } of included)
    await takeFollowingStep(act, filingProcedure, await loadFiling(act.client, EVERYWHERE, filingId, 'FOR UPDATE OF f'), action)
}
