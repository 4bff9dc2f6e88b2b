// What becomes of findings when a vehicle's day is judged again: each occurrence is raised once, changed with a version, or withdrawn with its reason.
// An occurrence is known again by its time: of one rule and vehicle, what overlaps is the same.

import type { RuleCode } from './codes.ts'
import { isDeepStrictEqual } from './equal.ts'
import type { Period } from './facts.ts'
import type { Suspicion, Verdict } from './rule.ts'

/** What is stored of an occurrence. `stands`: it has not been withdrawn. */
export type Occurrence = Period & {
  findingId: number
  code: RuleCode
  stands: boolean
  /** Nothing leads out of it any more. */
  closed: boolean
  /** Judged before by these parameters. */
  paramsId: number | null
  suspicion: Suspicion
}
export type Judged = { code: RuleCode; kind: 'event' | 'state'; paramsId: number | null; verdict: Verdict }

/** facts: they are others now. ended: it was so, and is no more. */
export type WithdrawnWhy = 'facts' | 'ended'
export type Move =
  | { move: 'raise'; code: RuleCode; paramsId: number | null; suspicion: Suspicion }
  | { move: 'change'; findingId: number; again: boolean; paramsId: number | null; suspicion: Suspicion }
  | { move: 'withdraw'; findingId: number; why: WithdrawnWhy }

const endOf = ({ untilMs }: Period): number => untilMs ?? Number.POSITIVE_INFINITY
const isSame = (a: Period, b: Period): boolean => a.fromMs <= endOf(b) && b.fromMs <= endOf(a)

/** The service day that was judged, and up to when its facts are known for good: what reaches beyond is left as it is. */
export type JudgedDay = { fromMs: number; untilMs: number; knownMs: number }

/** @param stored every occurrence of this vehicle that began on the day, overlaps what was judged, or is a state; withdrawn ones as well */
export function reconcile(stored: readonly Occurrence[], judged: readonly Judged[], day: JudgedDay): Move[] {
  return judged.flatMap(({ code, kind, paramsId, verdict }) => {
    const open = stored.filter((each) => each.code === code)
    const taken = new Set<number>()
    const moves: Move[] = []
    for (const suspicion of verdict.suspicions) {
      const known = findKnown(open, taken, kind, suspicion)
      if (!known) {
        moves.push({ move: 'raise', code, paramsId, suspicion })
        continue
      }
      taken.add(known.findingId)
      const same = known.stands && known.paramsId === paramsId && isDeepStrictEqual(known.suspicion, suspicion)
      // What is closed is closed, whatever comes to light later: its facts are in its history.
      if (same || known.closed) continue
      moves.push({ move: 'change', findingId: known.findingId, again: !known.stands, paramsId, suspicion })
    }
    for (const gone of open) {
      if (taken.has(gone.findingId) || !gone.stands || gone.closed) continue
      if (kind === 'event' && (gone.fromMs < day.fromMs || gone.fromMs >= day.untilMs)) continue
      // A hole in what is known, or in what can be judged, says nothing against what was found.
      if (kind === 'event' && Math.max(gone.fromMs, gone.untilMs ?? gone.fromMs) > day.knownMs) continue
      if (verdict.unjudged.some((hole) => isSame(gone, hole))) continue
      moves.push({ move: 'withdraw', findingId: gone.findingId, why: kind === 'state' ? 'ended' : 'facts' })
    }
    return moves
  })
}

/** The one that stands before one that was withdrawn, the one that begins nearest before others. A state is known by when it began. */
function findKnown(open: readonly Occurrence[], taken: ReadonlySet<number>, kind: 'event' | 'state', suspicion: Suspicion) {
  return open
    .filter((each) => !taken.has(each.findingId) && (kind === 'state' ? each.fromMs === suspicion.fromMs : isSame(each, suspicion)))
    .sort(
      (a, b) =>
        Number(b.stands) - Number(a.stands) ||
        Math.abs(a.fromMs - suspicion.fromMs) - Math.abs(b.fromMs - suspicion.fromMs) ||
        a.findingId - b.findingId,
    )[0]
}
