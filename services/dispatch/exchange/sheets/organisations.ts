// 机构: the tree, known by codes. A parent may stand in the same file, above or below its children; the tree is numbered anew at the end.

import { mayStandUnder } from '../../../domain/organisations.ts'
import type { OrganisationKind } from '../../../domain/vehicle.ts'
import { wordLists } from '../../../domain/words.ts'
import type { Queryable } from '../../../platform/db.ts'
import { adcode, organisationCode as code } from '../codes.ts'
import { choice, type Kind, text } from '../kinds.ts'
import type { Candidate, CheckContext, Complaint, Followed, Sheet, WriteContext } from '../sheet.ts'
import { instant } from '../timeKinds.ts'
import { called, refused, words } from '../words.ts'

/** A compound or pool and whose it is: 一号院@150100-2. */
const shared: Kind = text(130)
const sharedSql = (table: string, id: string) =>
  `(SELECT s.name || '@' || w.code FROM ${table} s JOIN organisations w USING (organisation_id) WHERE s.${id} = t.${id})`

/** Stands for the instant of the import, which the dry run does not know. */
const NOW = 'now'

export const organisations: Sheet = {
  subject: 'organisations',
  name: words('机构', 'Organisations'),
  view: 'ledger.view',
  table: 'organisations',
  id: 'organisation_id',
  subjectType: 'organisation',
  key: ['code'],
  owner: 't.organisation_id',
  order: 'own.lft',
  columns: [
    { key: 'code', heading: called('code'), kind: code, sql: 'code', required: true, example: '150102-0000' },
    { key: 'name', heading: called('name'), kind: text(80), sql: 'name', required: true, example: '示例区示例局' },
    {
      key: 'kind',
      heading: words('层级', 'Tier'),
      kind: choice(wordLists.organisationKind),
      sql: 'kind',
      required: true,
      fixed: words('层级不能更改', 'The tier does not change'),
      example: '单位',
    },
    { key: 'adcode', heading: words('行政区划代码', 'Adcode'), kind: adcode, sql: 'adcode', required: true, example: '150102' },
    {
      key: 'parent',
      heading: words('上级机构编码', 'Code of the parent'),
      kind: code,
      sql: 'parent_id',
      readSql: '(SELECT p.code FROM organisations p WHERE p.organisation_id = t.parent_id)',
      later: true,
      note: words('可以是本文件中新增的机构', 'It may be a new one of this file'),
      example: '150102-4',
    },
    { key: 'costCentre', heading: called('costCentre'), kind: text(40), sql: 'cost_centre', example: '' },
    {
      key: 'compound',
      heading: words('集中办公区', 'Compound'),
      kind: shared,
      sql: 'compound_id',
      readSql: sharedSql('compounds', 'compound_id'),
      later: true,
      note: words('名称@所属机构编码；没有则新建', 'Name@code of whose it is; made where there is none'),
      example: '',
    },
    {
      key: 'pool',
      heading: words('车队', 'Motor pool'),
      kind: shared,
      sql: 'pool_id',
      readSql: sharedSql('motor_pools', 'pool_id'),
      later: true,
      note: words('名称@所属机构编码；没有则新建', 'Name@code of whose it is; made where there is none'),
      example: '',
    },
    {
      key: 'openedAt',
      heading: words('设立时间', 'Opened'),
      kind: instant,
      sql: 'opened_at',
      later: true,
      whenAbsent: NOW,
      fixed: words('设立时间不能更改', 'When it was opened does not change'),
      note: words('留空表示早于本台账；没有这一列表示导入时设立', 'Blank: older than this ledger; no such column: opened by the import'),
      example: '',
    },
    {
      key: 'closedAt',
      heading: words('撤销时间', 'Closed'),
      kind: instant,
      sql: 'closed_at',
      fixed: words('撤销在机构页面办理', 'Organisations are closed on their own page'),
      example: '',
    },
    {
      key: 'mergedInto',
      heading: words('并入机构编码', 'Merged into'),
      kind: code,
      sql: 'merged_into_id',
      readSql: '(SELECT m.code FROM organisations m WHERE m.organisation_id = t.merged_into_id)',
      later: true,
      fixed: words('合并在机构页面办理', 'Organisations are merged on their own page'),
      example: '',
    },
  ],
  derived: [
    { sql: 'name_pinyin', type: 'text', of: ({ name }, { rules }) => rules.pinyinOf(String(name)) },
    // Any numbers that no other row has, until the tree is numbered; the first row of the file goes first among its siblings.
    { sql: 'lft', type: 'int', of: (_values, _context, row) => 1_000_000_000 + 2 * row, onlyNew: true },
    { sql: 'rgt', type: 'int', of: (_values, _context, row) => 1_000_000_001 + 2 * row, onlyNew: true },
    {
      sql: 'opened_at',
      type: 'timestamptz',
      of: ({ openedAt }, { nowMs }) => (openedAt === NOW ? new Date(nowMs) : openedAt),
      onlyNew: true,
    },
  ],
  judgeAll: judgeTree,
  afterWrite: hangTree,
}

type Node = {
  code: string
  parent: string | null
  name: string
  kind: OrganisationKind
  inScope: boolean
  closed: boolean
  row: number | null
}

async function judgeTree(candidates: Candidate[], { db, scope }: CheckContext): Promise<Complaint[]> {
  const { rows } = await db.query<Omit<Node, 'row'> & { top: boolean }>(
    `SELECT t.code, p.code AS parent, t.name, t.kind, t.lft BETWEEN $1 AND $2 AS "inScope", t.closed_at IS NOT NULL AS closed, t.lft = $1 AS top
     FROM organisations t LEFT JOIN organisations p ON p.organisation_id = t.parent_id`,
    [scope.lft, scope.rgt],
  )
  const top = rows.find((row) => row.top)?.code
  const nodes = new Map<string, Node>(rows.map((row) => [row.code, { ...row, row: null }]))
  for (const { row, values } of candidates) {
    const { code, parent, name, kind } = values as Record<'code' | 'name', string> & { kind: OrganisationKind; parent: string | null }
    const old = nodes.get(code)
    nodes.set(code, { code, parent, name, kind, inScope: true, closed: old?.closed ?? values.closedAt != null, row })
  }
  const names = new Map<string, Node>()
  for (const node of nodes.values()) if (!node.closed && node.row === null) names.set(`${node.parent} ${node.name}`, node)
  const complaints: Complaint[] = []
  for (const { row, values, existing } of candidates) {
    const node = nodes.get(values.code as string)!
    const say = (column: string, message: Complaint['message']) => complaints.push({ row, column, message })
    if (node.closed && existing) say('code', refused('unit.closed', { name: node.name }))
    const into = values.mergedInto as string | null
    if (into !== null && (!nodes.has(into) || values.closedAt === null))
      say('mergedInto', words(`并入的机构“${into}”不存在，或本机构未撤销`, `“${into}” does not exist, or this one is not closed`))
    const moved = !existing || existing.values.parent !== values.parent
    if (moved && existing && (node.code === top || existing.values.parent === null)) say('parent', refused('organisation.root'))
    else if (moved) judgeParent(node, nodes, say)
    const twin = node.closed ? undefined : names.get(`${node.parent} ${node.name}`)
    if (twin && twin.code !== node.code) say('name', refused('organisation.name'))
    if (!node.closed) names.set(`${node.parent} ${node.name}`, node)
    for (const column of ['compound', 'pool'] as const) {
      const said = values[column] as string | null
      if (said === null || said === existing?.values[column]) continue
      const owner = said.slice(said.lastIndexOf('@') + 1)
      if (!said.includes('@') || !isAbove(owner, node, nodes)) say(column, refused('compound.scope'))
    }
  }
  return complaints
}

function judgeParent(node: Node, nodes: Map<string, Node>, say: (column: string, message: Complaint['message']) => void): void {
  const message = findParentFault(node, nodes)
  if (message) say('parent', message)
}

function findParentFault(node: Node, nodes: Map<string, Node>): Complaint['message'] | undefined {
  if (node.parent === null) return words('上级机构编码必须填写', 'The code of the parent must be filled in')
  const parent = nodes.get(node.parent)
  if (!parent?.inScope)
    return words(`上级“${node.parent}”不存在，或不在您的权限范围内`, `The parent “${node.parent}” does not exist or is outside your scope`)
  if (parent.closed && !node.closed) return refused('unit.closed', { name: parent.name })
  if (!mayStandUnder(node.kind, parent.kind)) return refused('organisation.tier', { name: parent.name })
  if (isAbove(node.code, parent, nodes)) return refused('organisation.cycle')
  return undefined
}

/** Is the organisation `code` this node or one above it? A walk longer than the tree has met a cycle, and that is above everything. */
function isAbove(code: string, from: Node, nodes: Map<string, Node>): boolean {
  let steps = 0
  for (let node: Node | undefined = from; node; node = node.parent === null ? undefined : nodes.get(node.parent))
    if (node.code === code || ++steps > nodes.size) return true
  return false
}

async function hangTree(client: Queryable, { nowMs, rules }: WriteContext, rows: readonly Candidate[]): Promise<Followed[]> {
  // What an organisation was called and where it stood, until now (registry/organisationChange.ts does the same for one).
  const past = rows.filter(
    ({ existing, values }) =>
      existing &&
      (existing.values.name !== values.name || existing.values.parent !== values.parent || existing.values.adcode !== values.adcode),
  )
  await client.query(
    `INSERT INTO organisation_past (organisation_id, until, name, parent_id, adcode)
     SELECT o.organisation_id, $1, n.name, o.parent_id, n.adcode
     FROM unnest($2::int[], $3::text[], $4::text[]) AS n (id, name, adcode) JOIN organisations o ON o.organisation_id = n.id
     ON CONFLICT DO NOTHING`,
    [
      new Date(nowMs),
      past.map(({ existing }) => existing!.id),
      past.map(({ existing }) => existing!.values.name),
      past.map(({ existing }) => existing!.values.adcode),
    ],
  )
  await client.query(
    `UPDATE organisations o SET parent_id = p.organisation_id
     FROM unnest($1::text[], $2::text[]) AS n (code, parent) JOIN organisations p ON p.code = n.parent
     WHERE o.code = n.code AND o.parent_id IS DISTINCT FROM p.organisation_id`,
    [rows.map(({ values }) => values.code), rows.map(({ values }) => values.parent)],
  )
  const merged = rows.filter(({ existing, values }) => !existing && values.mergedInto != null)
  await client.query(
    `UPDATE organisations o SET merged_into_id = m.organisation_id
     FROM unnest($1::text[], $2::text[]) AS n (code, into_code) JOIN organisations m ON m.code = n.into_code WHERE o.code = n.code`,
    [merged.map(({ values }) => values.code), merged.map(({ values }) => values.mergedInto)],
  )
  await rules.renumber(client)
  for (const [table, id, key] of [
    ['compounds', 'compound_id', 'compound'],
    ['motor_pools', 'pool_id', 'pool'],
  ] as const) {
    const named = rows.filter(({ existing, values }) => (existing?.values[key] ?? null) !== values[key])
    if (named.length === 0) continue
    const said = named.map(({ values }) => values[key] as string | null)
    const parts = [
      named.map(({ values }) => values.code),
      said.map((s) => s?.slice(0, s.lastIndexOf('@')) ?? null),
      said.map((s) => s?.slice(s.lastIndexOf('@') + 1) ?? null),
    ]
    await client.query(
      `INSERT INTO ${table} (organisation_id, name) SELECT DISTINCT w.organisation_id, n.name
       FROM unnest($1::text[], $2::text[]) AS n (name, owner) JOIN organisations w ON w.code = n.owner ON CONFLICT (organisation_id, name) DO NOTHING`,
      parts.slice(1),
    )
    await client.query(
      `UPDATE organisations o SET ${id} = s.${id}
       FROM unnest($1::text[], $2::text[], $3::text[]) AS n (code, name, owner)
       LEFT JOIN organisations w ON w.code = n.owner LEFT JOIN ${table} s ON s.organisation_id = w.organisation_id AND s.name = n.name
       WHERE o.code = n.code`,
      parts,
    )
  }
  return []
}
