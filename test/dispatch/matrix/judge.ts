// One part of the matrix: every request of its rows is asked by every role about every place, and what comes back is judged.
import type { Test } from 'tap'
import type { EndpointName } from '../../../services/contracts/api.ts'
import { errorSchema } from '../../../services/contracts/errorAnswer.ts'
import { prepared } from '../../../services/platform/db.ts'
import type { Actor } from './actors.ts'
import { type Answer, beginMatrix, endpointOf, type Matrix, rows, send as sendTo } from './begin.ts'
import { atTheDoor, inside, type Listed, listed, type Outcome, reaches } from './expected.ts'
import type { Aim, List, Parts, Plain } from './row.ts'
import { type Site, type Where, wheres } from './sites.ts'

const outcomeOf = ({ status, code }: Answer): string => (status >= 200 && status < 300 ? 'OK' : (code ?? String(status)))
const withoutRequestId = (body: string): string => body.replace(/"requestId":"[^"]+"/, '')

type Cell = { name: EndpointName; actor: Actor; says: string; expected: Outcome; of: Aim | Plain | List }

/** How cells are judged: each against the state as it was, with what it changed; or several, of which none is to change anything. */
type Way = { cell(work: () => Promise<void>): Promise<void>; changed(): Promise<string[]> }
/** A caller's cells of one request. `quiet`: nothing may come of them. Answers what is wrong. */
type Cells = { quiet: boolean; judge(way: Way): Promise<string[]> }

/** As a word of its own: `150102-4` does not stand in `150102-41`. */
const stands = (word: string, text: string): boolean => new RegExp(`(?<![\\w-])${word}(?![\\w-])`, 'u').test(text)

const lastRecordSql = prepared('SELECT max(seq) AS seq FROM audit_log')

/** Each part is a file of its own, so that they can be played beside one another. */
export const PARTS = 4

/** Where a caller asks. */
type Places = Record<'refused' | 'letIn' | 'narrowed', readonly Where[]>

const everywhere: Places = { refused: wheres, letIn: wheres, narrowed: wheres }

/** A fair part of it, another one each turn: of each endpoint every place is met by half of the callers, and by each caller at half of the endpoints. */
function fairPlaces(turn: number): Places {
  const half = (places: readonly Where[]) => places.filter((_, k) => (k + turn) % 2 === 0)
  return {
    // At the door it is no matter what is named: one's own, nothing, or both, which must not be told apart.
    refused: [['own', 'absent'] as const, ['own'] as const, ['absent'] as const][turn % 3]!,
    letIn: ['own', ...half(wheres.slice(1, -1)), 'absent'],
    narrowed: half(wheres),
  }
}

/**
 * Plays the rows of the part `part` (1…PARTS): each row is of exactly one. Every caller asks everything, and with `everyPlace` of each place.
 */
export async function playPart(t: Test, part: number, everyPlace: boolean): Promise<Matrix> {
  const begun = await beginMatrix()
  const { db, sites, actors, tree } = begun
  const send = (name: EndpointName, actor: Actor, parts: Parts) => sendTo(begun, name, actor, parts)
  let cells = 0

  const lastRecord = async () => (await db.query<{ seq: number }>(lastRecordSql)).rows[0]!.seq
  /** Where the audit log stands when a cell begins. */
  const recorded = await lastRecord()

  const mine = rows.filter((_row, k) => k % PARTS === part - 1)

  const each: Way = { cell: (work) => db.takingBack(work), changed: () => db.changedTables() }
  const together: Way = { cell: (work) => work(), changed: async () => [] }

  /** One cell: the answer is as expected, is of the one error shape when it refuses, and changes what it should and nothing else. */
  async function judge(wrong: string[], way: Way, cell: Cell, answer: Answer): Promise<void> {
    const { name, actor, of, expected } = cell
    const says = `${name} ${cell.says} by ${actor.name}`
    cells++
    const got = outcomeOf(answer)
    if (got !== expected) wrong.push(`${says}: ${got} instead of ${expected}: ${answer.status} ${answer.body.slice(0, 300)}`)
    const changed = await way.changed()
    if (expected !== 'OK') {
      if (!errorSchema.safeParse(JSON.parse(answer.body)).success) wrong.push(`${says}: not the one shape: ${answer.body}`)
      const unexpected = changed.filter((table) => !of.failureWrites?.includes(table))
      if (unexpected.length > 0) wrong.push(`${says}: refused, and ${unexpected.join()} changed`)
    } else if (endpointOf(name).method === 'GET') {
      if (changed.length > 0) wrong.push(`${says}: a read changed ${changed.join()}`)
    } else if (!of.leavesNothing) {
      if (changed.length === 0) wrong.push(`${says}: done, and nothing changed`)
      if (!of.unrecorded && (await lastRecord()) === recorded) wrong.push(`${says}: done, and not on record`)
    }
  }

  /** Refused at the door, whatever is named. */
  const isQuiet = (name: EndpointName, actor: Actor, of: Aim | Plain | List): boolean =>
    endpointOf(name).access !== 'public' && atTheDoor(endpointOf(name), actor, of) !== undefined && !of.failureWrites

  const aimed = (name: EndpointName, actor: Actor, says: string, aim: Aim, places: Places): Cells => ({
    quiet: isQuiet(name, actor, aim),
    async judge(way) {
      const wrong: string[] = []
      const endpoint = endpointOf(name)
      const door = atTheDoor(endpoint, actor, aim)
      let absent: string | undefined
      const refused = new Map<string, string>()
      const asked = door === undefined ? places.letIn : places.refused
      for (const where of asked) {
        const site: Site = sites[where]
        const reached = door === undefined && reaches(tree, endpoint, actor, aim, site, sites)
        const found = reached ? inside({ actor, site, sites, tree }, aim) : aim.saidInside ? 'OK' : (aim.absent ?? 'NOT_FOUND')
        const expected = endpoint.access === 'public' ? 'OK' : (door ?? found)
        await way.cell(async () => {
          const answer = await send(name, actor, aim.at(site, sites))
          await judge(wrong, way, { name, actor, says: `${says} at ${where}`, expected, of: aim }, answer)
          if (where === 'absent') absent = withoutRequestId(answer.body)
          else if (!reached) refused.set(where, withoutRequestId(answer.body))
        })
      }
      for (const [where, body] of asked.includes('absent') ? refused : [])
        if (body !== absent) wrong.push(`${name} ${says} by ${actor.name}: ${where} is told from absent: ${body}`)
      return wrong
    },
  })

  const plainly = (name: EndpointName, actor: Actor, plain: Plain): Cells => ({
    quiet: isQuiet(name, actor, plain),
    async judge(way) {
      const wrong: string[] = []
      const expected = atTheDoor(endpointOf(name), actor, plain) ?? inside({ actor, site: undefined, sites, tree }, plain)
      const request = typeof plain.request === 'function' ? plain.request(sites) : (plain.request ?? {})
      await way.cell(async () => {
        const answer = await send(name, actor, request)
        await judge(wrong, way, { name, actor, says: 'as it is', expected, of: plain }, answer)
      })
      return wrong
    },
  })

  const asList = (name: EndpointName, actor: Actor, says: string, list: List, { narrowed: places }: Places): Cells => ({
    quiet: isQuiet(name, actor, list),
    async judge(way) {
      const wrong: string[] = []
      const endpoint = endpointOf(name)
      const expected = atTheDoor(endpoint, actor, list) ?? inside({ actor, site: undefined, sites, tree }, list)
      for (const site of [undefined, ...(list.narrowed && expected === 'OK' ? places.map((where) => sites[where]) : [])]) {
        await way.cell(async () => {
          const query = { ...list.request?.query, ...(site ? list.narrowed!(site.unit) : {}) }
          const answer = await send(name, actor, { ...list.request, query })
          const narrowed = site ? `${says} of ${site.where}` : says
          await judge(wrong, way, { name, actor, says: narrowed, expected, of: list }, answer)
          if (expected !== 'OK' || answer.status !== 200) return
          const all = (await db.query<Listed>(list.all)).rows
          if (all.length === 0) wrong.push(`${name} ${says}: nothing is there that could be shown`)
          const wanted = new Set(listed(tree, endpoint, actor, list, all, site?.unit))
          const got = list.ids({ json: () => JSON.parse(answer.body), body: answer.body })
          const shown = Array.isArray(got) ? new Set(got) : new Set(all.map(({ id }) => id).filter((id) => stands(String(id), got.text)))
          const foreign = [...shown].filter((id) => !wanted.has(id))
          const missing = [...wanted].filter((id) => !shown.has(id))
          if (foreign.length > 0) wrong.push(`${name} ${narrowed} by ${actor.name} shows foreign rows: ${foreign.join()}`)
          if (missing.length > 0) wrong.push(`${name} ${narrowed} by ${actor.name} lacks rows of its own: ${missing.join()}`)
        })
      }
      return wrong
    },
  })

  /**
   * Those of whom nothing may come, in one transaction: when it was given no number, none of them has written anything, which is asked once.
   * When one did, each is judged by itself.
   */
  async function judgeTogether(all: readonly Cells[]): Promise<string[]> {
    const counted = cells
    const wrong: string[] = []
    let clean = true
    await db.takingBack(async () => {
      for (const one of all) wrong.push(...(await one.judge(together)))
      clean = await db.leftNothing()
    })
    if (clean) return wrong
    cells = counted
    return judgeEach(all)
  }

  async function judgeEach(all: readonly Cells[]): Promise<string[]> {
    const wrong: string[] = []
    for (const one of all) wrong.push(...(await one.judge(each)))
    return wrong
  }

  for (const [k, [name, row]] of mine.entries())
    t.test(`${name} answers each role by the permission table and the tree`, async (t) => {
      const first = cells
      const all = actors.flatMap((actor, of) => {
        const places = (more: number) => (everyPlace ? everywhere : fairPlaces(k + of + more))
        return [
          ...Object.entries(row.aims ?? {}).map(([says, aim], more) => aimed(name, actor, says, aim, places(more))),
          ...(row.plain ? [plainly(name, actor, row.plain)] : []),
          ...Object.entries(row.lists ?? {}).map(([says, list], more) => asList(name, actor, says, list, places(more))),
        ]
      })
      for (const says of await judgeTogether(all.filter(({ quiet }) => quiet))) t.fail(says)
      for (const says of await judgeEach(all.filter(({ quiet }) => !quiet))) t.fail(says)
      t.ok(cells > first, `${cells - first} cells`)
    })

  t.test('the whole of it was asked', async (t) => {
    t.ok(
      cells > 5_000 / PARTS,
      `${cells} cells: ${mine.length} of ${rows.length} endpoints, ${actors.length} callers, ${wheres.length} places`,
    )
    t.comment(`${cells} cells: ${mine.length} of ${rows.length} endpoints, ${actors.length} callers, ${wheres.length} places`)
  })
  return begun
}
