// What concerns the secret: a new one, shown once, and the end of it. For one terminal, for chosen ones, or for all that the list finds.
import type { TerminalRow } from '../../../services/contracts/api/terminals.ts'
import { call } from '../../kit/api/session.ts'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { formatCount } from '../../kit/format/number.ts'
import { listAllTerminals, type TerminalFilter, terminalsChanged } from '../../parts/terminal/queries.ts'
import { cardsOf, type Issued } from './issued.ts'
import { useText } from './texts.ts'

/** `filter`: all without a secret that the list finds. */
export type Targets = { rows: TerminalRow[] } | { filter: TerminalFilter; count: number }

const countOf = (targets: Targets) => ('rows' in targets ? targets.rows.length : targets.count)

export function IssueDialog({ targets, onIssued, onClose }: { targets: Targets; onIssued: (issued: Issued) => void; onClose: () => void }) {
  const { t } = useText()
  const states = new Set('rows' in targets ? targets.rows.map(({ state }) => state) : ['unissued' as const])
  const first = states.size === 1 && states.has('unissued')
  const one = t(first ? 'terminalAct.firstSecret' : 'terminalAct.secret')
  const count = countOf(targets)
  const [only] = 'rows' in targets && count === 1 ? targets.rows : []
  const about = only ? `${one}${t('kit.colon')}${only.terminalId}` : one
  const title = count === 1 ? about : t('terminals.issueChosen', { n: formatCount(count) })
  async function issue(reason: string) {
    // What the cards say besides the secret; what was registered since is in the answer all the same.
    const rows = 'rows' in targets ? targets.rows : await listAllTerminals(targets.filter)
    const byId = new Map(rows.map((row) => [row.terminalId, row]))
    const which = 'rows' in targets ? { terminalIds: [...byId.keys()] } : { filter: { ...targets.filter, state: 'unissued' as const } }
    const answer = await call('issueCredentials', { body: { reason, ...which } })
    const printed = (terminalId: string) => {
      const row = byId.get(terminalId)
      return { plate: row?.vehicle?.plate ?? null, model: row?.model ?? null, unit: row?.organisation.name ?? '' }
    }
    onIssued(cardsOf(answer, printed))
    void terminalsChanged()
  }
  return (
    <ReasonDialog
      title={title}
      submitText={one}
      text={first ? t('register.text') : `${t('terminalAct.secretText')} ${states.has('revoked') ? t('terminalAct.secretBack') : ''}`}
      onSubmit={issue}
      onClose={onClose}
    />
  )
}

export function RevokeDialog({ rows, onDone, onClose }: { rows: TerminalRow[]; onDone?: () => void; onClose: () => void }) {
  const { t } = useText()
  const revoke = t('terminalAct.revoke')
  return (
    <ReasonDialog
      title={
        rows.length === 1
          ? `${revoke}${t('kit.colon')}${rows[0]!.terminalId}`
          : t('terminals.revokeChosen', { n: formatCount(rows.length) })
      }
      submitText={revoke}
      text={t('terminalAct.revokeText')}
      danger
      onSubmit={async (reason) => {
        await call('revokeTerminals', { body: { reason, terminalIds: rows.map(({ terminalId }) => terminalId) } })
        await terminalsChanged()
        onDone?.()
      }}
      onClose={onClose}
    />
  )
}
