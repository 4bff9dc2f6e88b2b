// A log made in memory, and the ways to tamper with it.
import { generateKeyPairSync } from 'node:crypto'
import type { AuditHead, AuditRow } from '../../services/contracts/auditRecord.ts'
import { canonicalJson } from '../../services/contracts/canonicalJson.ts'
import { chainAlgorithm, chainHash, genesisHash } from '../../services/platform/auditChain.ts'
import { AuditCheck, type Finding } from '../../services/platform/auditCheck.ts'
import { signHead } from '../../services/platform/auditHeads.ts'

export const keys = generateKeyPairSync('ed25519')
const INSTALLATION = '5b1f3a52-0d0b-4a43-9a3d-4a7b8f2f6c11'

/** `count` records as the server would write them; `from` and `previous` go on from an earlier log. */
export function makeLog(count: number, { salt = '', from = 1, previous = genesisHash(INSTALLATION) } = {}): AuditRow[] {
  const rows: AuditRow[] = []
  for (let seq = from; seq < from + count; seq++) {
    const at = new Date(Date.UTC(2026, 2, 1) + seq * 1000).toISOString()
    const first = seq === 1
    const said = {
      action: first ? 'audit.begin' : 'vehicle.change',
      actor: { accountId: seq % 7, organisationId: 20, role: 'dispatcher', username: `用户${seq % 7}` },
      algorithm: chainAlgorithm,
      at,
      ...(first ? { detail: { installationId: INSTALLATION } } : { before: { note: `旧 ${seq}` }, after: { note: `新 ${seq}${salt}` } }),
      ...(first ? {} : { subject: { id: String(seq % 11), type: 'vehicle' } }),
    }
    rows.push(
      rechain({
        seq,
        at,
        accountId: said.actor.accountId,
        username: said.actor.username,
        role: said.actor.role,
        organisationId: 20,
        action: said.action,
        subjectType: first ? null : 'vehicle',
        subjectId: first ? null : String(seq % 11),
        algorithm: chainAlgorithm,
        body: canonicalJson(said),
        prevHash: rows.at(-1)?.hash ?? previous,
        hash: '',
      }),
    )
  }
  return rows
}

/** The row with the hash that its contents should have: what somebody with the database in hand would do. */
export const rechain = (row: AuditRow): AuditRow => ({
  ...row,
  hash: chainHash(chainAlgorithm, row.prevHash, row.seq, row.body),
})

/** Every record from `index` on chained anew. */
export function rechainFrom(rows: AuditRow[], index: number): AuditRow[] {
  const out = rows.slice(0, index)
  for (const row of rows.slice(index)) out.push(rechain({ ...row, seq: out.length + 1, prevHash: out.at(-1)?.hash ?? row.prevHash }))
  return out
}

export const headOf = ({ seq, hash, at, algorithm }: AuditRow): AuditHead => signHead({ seq, hash, at, algorithm }, keys.privateKey)

export function check(rows: readonly AuditRow[], heads: readonly AuditHead[] = [], excerpt = false): Finding[] {
  const checking = new AuditCheck({ heads, excerpt })
  for (const row of rows) checking.take(row)
  checking.end()
  return checking.findings
}

export const firstSeq = (findings: readonly Finding[]): number => Math.min(...findings.map(({ seq }) => seq))
