// One terminal: where it is, when it was heard, what it sent that was refused, who failed to connect as it; and what may be done.
import { useQuery } from '@tanstack/react-query'
import { Button, Dropdown } from 'antd'
import { useState } from 'react'
import type { Terminal } from '../../../services/contracts/api/terminals.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { may, useAccount } from '../../kit/api/session.ts'
import { Panel } from '../../kit/panel/Panel.tsx'
import { useNow } from '../../kit/useNow.ts'
import { History } from '../../parts/history/History.tsx'
import { terminalHistoryQuery, terminalQuery } from '../../parts/terminal/queries.ts'
import { IssueDialog, RevokeDialog } from './CredentialDialogs.tsx'
import { ChangeDialog, CorrectDialog, FitDialog, TakeOffDialog } from './FitDialogs.tsx'
import type { Issued } from './issued.ts'
import { isSilent, StateTag } from './marks.tsx'
import { LastPositionPart, PastPart, StandingPart } from './StandingParts.tsx'
import { KnocksPart, RefusedPart } from './TroubleParts.tsx'
import { useText } from './texts.ts'

type Props = { terminalId: string; onClose: () => void; onIssued: (issued: Issued) => void }

export function TerminalPanel({ terminalId, onClose, onIssued }: Props) {
  const { t } = useText()
  const { data: terminal, error, refetch } = useQuery(terminalQuery(terminalId))
  return (
    <Panel
      id={terminalId}
      title={terminalId}
      kind={
        terminal && (
          <>
            <StateTag terminal={terminal} /> {terminal.vehicle ? plateAsPrinted(terminal.vehicle.plate) : t('terminal.noVehicle')}
          </>
        )
      }
      actions={terminal && <Actions key={terminalId} terminal={terminal} onIssued={onIssued} />}
      error={error}
      retry={() => void refetch()}
      loading={!terminal}
      onClose={onClose}
    >
      {terminal && (
        <>
          <Notes terminal={terminal} />
          <StandingPart terminal={terminal} />
          {terminal.vehicle && <LastPositionPart terminal={terminal} vehicleId={terminal.vehicle.vehicleId} />}
          <RefusedPart terminal={terminal} />
          <KnocksPart terminal={terminal} />
          <PastPart terminal={terminal} />
          <HistoryPart terminalId={terminalId} />
        </>
      )}
    </Panel>
  )
}

/** What somebody should see to, and how. */
function Notes({ terminal }: { terminal: Terminal }) {
  const { t } = useText()
  const silent = isSilent(terminal, useNow(60_000))
  if (terminal.state === 'active' && !silent) return null
  return (
    <section className="panel-part">
      <p className="warn-box">{t(terminal.state === 'active' ? 'terminalNote.silent' : `terminalNote.${terminal.state}`)}</p>
    </section>
  )
}

type Asked = 'fit' | 'correct' | 'off' | 'change' | 'secret' | 'revoke'

function Actions({ terminal, onIssued }: { terminal: Terminal; onIssued: (issued: Issued) => void }) {
  const { t } = useText()
  const account = useAccount()
  const [asked, setAsked] = useState<Asked | null>(null)
  const close = () => setAsked(null)
  const [fits, manages] = [may(account, 'ledger.draft'), may(account, 'terminal.manage')]
  const fitted = terminal.vehicle !== null
  const secret = manages && (
    <Button type={terminal.state === 'unissued' ? 'primary' : 'default'} onClick={() => setAsked('secret')}>
      {t(terminal.state === 'unissued' ? 'terminalAct.firstSecret' : 'terminalAct.secret')}
    </Button>
  )
  const more = [
    ...(fits && fitted
      ? [
          { key: 'correct', label: t('terminalAct.correct') },
          { key: 'off', label: t('terminalAct.off') },
        ]
      : []),
    ...(manages ? [{ key: 'change', label: t('terminalAct.change') }] : []),
    ...(manages && terminal.state !== 'revoked' ? [{ key: 'revoke', label: t('terminalAct.revoke'), danger: true }] : []),
  ]
  return (
    <>
      {fits && terminal.state !== 'revoked' && (
        <Button onClick={() => setAsked('fit')}>{t(fitted ? 'terminalAct.move' : 'terminalAct.fit')}</Button>
      )}
      {secret}
      {more.length > 0 && (
        <Dropdown menu={{ items: more, onClick: ({ key }) => setAsked(key as Asked) }} trigger={['click']}>
          <Button aria-haspopup="menu" aria-label={t('terminalAct.more')}>
            …
          </Button>
        </Dropdown>
      )}
      {asked === 'fit' && <FitDialog terminal={terminal} onClose={close} />}
      {asked === 'correct' && <CorrectDialog terminal={terminal} onClose={close} />}
      {asked === 'off' && <TakeOffDialog terminal={terminal} onClose={close} />}
      {asked === 'change' && <ChangeDialog terminal={terminal} onClose={close} />}
      {asked === 'secret' && <IssueDialog targets={{ rows: [terminal] }} onIssued={onIssued} onClose={close} />}
      {asked === 'revoke' && <RevokeDialog rows={[terminal]} onClose={close} />}
    </>
  )
}

function HistoryPart({ terminalId }: { terminalId: string }) {
  const { t } = useText()
  const { data } = useQuery(terminalHistoryQuery(terminalId))
  return (
    <section className="panel-part" aria-label={t('kit.history')}>
      <h3>{t('kit.history')}</h3>
      <History entries={data?.rows} of="terminal" />
    </section>
  )
}
