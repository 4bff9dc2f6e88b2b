// What a row of the matrix says of an endpoint. A row never says who may: that follows from domain/permissions.ts and the tree.
import type { ErrorCode } from '../../../services/contracts/errors.ts'
import type { Capability } from '../../../services/domain/permissions.ts'
import type { Actor } from './actors.ts'
import type { Tree } from './expected.ts'
import type { Site, Sites, Where } from './sites.ts'

export type Parts = { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown; headers?: Record<string, string> }

/** Who asks, of what. */
export type Asked = { actor: Actor; site: Site | undefined; sites: Sites; tree: Tree }

type Case = {
  /** Capabilities that the act takes beside the endpoint's own; asked before anything is looked up. */
  also?: readonly Capability[]
  /** The same, asked of what has been found. */
  afterwards?: readonly Capability[]
  /** Only who holds the whole region may. */
  region?: true
  /** Only a person may, no integration. */
  people?: true
  /** What a well-formed request is told by whoever may: the matrix needs no working code of a second factor to know who is let in. */
  told?: (asked: Asked) => ErrorCode | 'OK'
  /** A request that asks to write and is let in, but has nothing to leave behind. */
  leavesNothing?: true
  /** A draft of the caller's own that is no change of anything yet. */
  unrecorded?: true
  /** What even a refusal writes, such as the count of failures. */
  failureWrites?: readonly string[]
}

/** A request that names something of a place: in its path, its query or its body. */
export type Aim = Case & {
  at: (site: Site, sites: Sites) => Parts
  /** `scope`: inside the caller's subtree. `holding`: or above it, for what holds for everything below. `mine`: of the caller's own account.
   *  `neighbours`: or of the league of the actor's place, which may ask there. `cleared`: of those who are named for a sensitive vehicle or look at it under an unmasking. */
  reach?: 'scope' | 'holding' | 'mine' | 'cleared' | 'neighbours'
  /** Must lie in the subtree of the actor’s place too, wherever the caller stands. */
  insideOwn?: true
  /** Of the actor’s place and its thing: what is of any other place, even below, is no part of it. */
  exactly?: true
  /** Must be of that place or one above it, wherever the caller stands: what units share. */
  sharedBy?: Where
  /** Answered, with what is said of something absent in the answer. */
  saidInside?: true
  /** What an account that has its own alone reaches of the actor’s place: its driver's vehicle and orders, its unit, or nothing. */
  self?: 'vehicle' | 'unit'
  /** How what is absent is answered where a body names it; NOT_FOUND everywhere else. */
  absent?: ErrorCode
}

/** A request that names nothing. */
export type Plain = Case & { request?: Parts | ((sites: Sites) => Parts) }

/** A request answered by rows. */
export type List = Case & {
  request?: Parts
  /** Every row there is: `id` as the answer names it, the `unit` it is of, the account whose own it is, and
   *  whether it is `secret`, shown to those alone who are cleared for it. */
  all: string
  /** How the answer names its rows; or `text`, in which an id stands or does not. */
  ids: (answer: { json(): unknown; body: string }) => unknown[] | { text: string }
  reach?: 'scope' | 'holding' | 'mine'
  /** Narrows the list to the subtree of a unit. */
  narrowed?: (unit: number) => Record<string, unknown>
}

export type Row = { aims?: Record<string, Aim>; plain?: Plain; lists?: Record<string, List> }

/** The ids of an answer's `rows`. */
export const rowIds =
  (key: string, rows = 'rows'): List['ids'] =>
  (answer) =>
    (answer.json() as Record<string, Record<string, unknown>[]>)[rows]!.map((row) => row[key])

export const reason = '按规定办理'
export const change = { version: 1, reason }
