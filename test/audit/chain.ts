// A log made in memory, and the ways to tamper with it.
import { generateKeyPairSync } from 'node:crypto'
import { chainAlgorithm, chainHash, genesisHash } from '../../services/audit/chain.ts'
import { AuditCheck, type Finding } from '../../services/audit/check.ts'
import { keyIdOf, signHead } from '../../services/audit/heads.ts'
import type { AuditAlgorithm, AuditHead, AuditRow } from '../../services/contracts/auditRecord.ts'
import { canonicalJson } from '../../services/contracts/canonicalJson.ts'

export const keys = generateKeyPairSync('ed25519')
const INSTALLATION = '5b1f3a52-0d0b-4a43-9a3d-4a7b8f2f6c11'

type LogOptions = {
  salt?: string
  /** Go on from an earlier log. */
  from?: number
  previous?: string
  installation?: string
  /** After so many records comes the record of a signed head. */
  headEvery?: number
  /** A number that decides which records are hashed with SHA-256; without it all are hashed with what this build has. */
  mixed?: number
}

/** `count` records as the server would write them. */
export function makeLog(count: number, options: LogOptions = {}): AuditRow[] {
  const { salt = '', from = 1, installation = INSTALLATION, headEvery, mixed } = options
  const { previous = genesisHash(installation) } = options
  const rows: AuditRow[] = []
  for (let seq = from; seq < from + count; seq++) {
    const at = new Date(Date.UTC(2026, 2, 1) + seq * 1000).toISOString()
    const first = seq === 1
    const before = rows.at(-1)
    const signed = headEvery !== undefined && before !== undefined && seq % headEvery === 0
    const algorithm = mixed !== undefined && (seq * 2654435761 + mixed) & 8 ? 'sha256' : chainAlgorithm
    const actor = signed
      ? { accountId: null, organisationId: null, role: null, username: 'system' }
      : { accountId: seq % 7, organisationId: 20, role: 'dispatcher', username: `用户${seq % 7}` }
    const subject = first || signed ? undefined : { id: String(seq % 11), type: 'vehicle' }
    const action = first ? 'audit.begin' : signed ? 'audit.head' : 'vehicle.change'
    const said = {
      action,
      actor,
      algorithm,
      at,
      ...(first ? { detail: { installationId: installation } } : {}),
      ...(signed ? { detail: { hash: before.hash, keyId: keyIdOf(keys.publicKey), seq: before.seq } } : {}),
      ...(subject ? { before: { note: `旧 ${seq}` }, after: { note: `新 ${seq}${salt}` }, subject } : {}),
    }
    rows.push(
      rechain({
        seq,
        at,
        ...actor,
        action,
        subjectType: subject?.type ?? null,
        subjectId: subject?.id ?? null,
        algorithm,
        body: canonicalJson(said),
        prevHash: before?.hash ?? previous,
        hash: '',
      }),
    )
  }
  return rows
}

/** The row with the hash that its contents should have: what somebody with the database in hand would do. */
export const rechain = (row: AuditRow): AuditRow => ({
  ...row,
  hash: chainHash(row.algorithm as AuditAlgorithm, row.prevHash, row.seq, row.body),
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
