// The terminals of the scope: a row opens one beside the list; chosen ones are given secrets or taken out of service together.
import { PlusOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { MAX_TERMINALS_AT_ONCE, type TerminalRow, terminalStates } from '../../../services/contracts/api/terminals.ts'
import { TERMINAL_ID } from '../../../services/contracts/topics.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { may, useAccount } from '../../kit/api/session.ts'
import { formatCount, MISSING } from '../../kit/format/number.ts'
import { declareList } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { useTicks } from '../../kit/list/useTicks.tsx'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { IssueDialog, RevokeDialog, type Targets } from './CredentialDialogs.tsx'
import type { Issued } from './issued.ts'
import { Contact, StateTag } from './marks.tsx'
import { RegisterDialog } from './RegisterDialog.tsx'
import { TerminalPanel } from './TerminalPanel.tsx'
import { useText } from './texts.ts'

const terminals = declareList({
  endpoint: 'listTerminals',
  key: 'terminals',
  useText,
  texts: {
    title: 'page.terminals',
    search: 'terminals.search',
    total: 'terminals.total',
    emptyTitle: 'terminals.emptyTitle',
    emptyText: 'terminals.emptyText',
    noMatchTitle: 'terminals.emptyMatch',
  },
  columns: [
    { title: 'terminal.number', cell: (row) => <span className="figure">{row.terminalId}</span> },
    { title: 'terminal.state', cell: (row) => <StateTag terminal={row} /> },
    {
      title: 'terminal.vehicle',
      cell: (row, { t }) => (row.vehicle ? plateAsPrinted(row.vehicle.plate) : <span className="quiet">{t('terminal.noVehicle')}</span>),
    },
    { title: 'kit.unit', cell: (row) => row.organisation.name, className: 'clip' },
    { title: 'terminal.model', cell: (row) => row.model ?? MISSING, className: 'clip' },
    { title: 'terminal.contact', cell: (row) => <Contact at={row.lastContactAt} /> },
  ],
  idOf: (row) => row.terminalId,
  address: {
    read: (url) => (TERMINAL_ID.test(url.id ?? '') ? url.id! : null),
    write: (terminalId: string | null) => ({ id: terminalId ?? undefined, tab: undefined }),
  },
  filters: {
    organisationId: unitFilter('kit.filterUnit'),
    state: choice({ label: 'terminalFilter.state', values: terminalStates, word: (state) => `terminalState.${state}` }),
    fitted: choice({ label: 'terminalFilter.fitted', values: ['yes', 'no'], word: (fitted) => `terminalFilter.fitted.${fitted}` }),
    // An hour, a day, three, a week, a month.
    silentHours: choice({
      url: 'silent',
      label: 'terminalFilter.silent',
      values: [1, 24, 72, 168, 720],
      word: (hours) => (hours < 24 ? ['terminalFilter.hours', { n: hours }] : ['terminalFilter.days', { n: hours / 24 }]),
    }),
  },
  exported: 'terminals',
})

export function TerminalList({ switcher, onIssued }: { switcher: React.ReactNode; onIssued: (issued: Issued) => void }) {
  const { t } = useText()
  const account = useAccount()
  const navigate = useNavigate()
  const list = useList(terminals)
  const { opened, open, filter, total: found = 0 } = list
  const { chosen, unchoose, ticks } = useTicks({
    page: list.rows,
    idOf: terminals.idOf,
    wholePage: t('terminals.selectPage'),
    one: ({ terminalId }) => t('terminals.select', { terminal: terminalId }),
  })
  const [dialog, setDialog] = useState<'register' | { issue: Targets } | { revoke: TerminalRow[] } | null>(null)
  const manages = may(account, 'terminal.manage')
  const tooMany = chosen.size > MAX_TERMINALS_AT_ONCE
  const most = tooMany ? t('terminals.most', { n: formatCount(MAX_TERMINALS_AT_ONCE) }) : undefined
  const targets: Targets = { rows: [...chosen.values()] }
  const all = manages && chosen.size === 0 && filter.state === 'unissued' && found > 0 && found <= MAX_TERMINALS_AT_ONCE
  return (
    <List
      of={list}
      ticks={manages ? ticks : undefined}
      above={switcher}
      actions={
        <>
          {chosen.size > 0 && <Button onClick={unchoose}>{t('terminals.unselect')}</Button>}
          {chosen.size > 0 && (
            <Button danger disabled={tooMany} title={most} onClick={() => setDialog({ revoke: [...chosen.values()] })}>
              {t('terminals.revokeChosen', { n: formatCount(chosen.size) })}
            </Button>
          )}
          {chosen.size > 0 && (
            <Button type="primary" disabled={tooMany} title={most} onClick={() => setDialog({ issue: targets })}>
              {t('terminals.issueChosen', { n: formatCount(chosen.size) })}
            </Button>
          )}
          {all && (
            <Button type="primary" onClick={() => setDialog({ issue: { filter, count: found } })}>
              {t('terminals.issueFound', { n: formatCount(found) })}
            </Button>
          )}
          {may(account, 'ledger.import') && chosen.size === 0 && (
            <Button onClick={() => void navigate({ to: '/exchange', search: { subject: 'terminals' } } as never)}>
              {t('terminals.import')}
            </Button>
          )}
          {manages && chosen.size === 0 && (
            <Button type={all ? 'default' : 'primary'} icon={<PlusOutlined />} onClick={() => setDialog('register')}>
              {t('terminals.register')}
            </Button>
          )}
        </>
      }
      drawer={opened !== null && <TerminalPanel terminalId={opened} onClose={() => open(null)} onIssued={onIssued} />}
    >
      {dialog === 'register' && <RegisterDialog onIssued={onIssued} onClose={() => setDialog(null)} />}
      {dialog !== null && typeof dialog === 'object' && 'issue' in dialog && (
        <IssueDialog targets={dialog.issue} onIssued={onIssued} onClose={() => setDialog(null)} />
      )}
      {dialog !== null && typeof dialog === 'object' && 'revoke' in dialog && (
        <RevokeDialog rows={dialog.revoke} onDone={unchoose} onClose={() => setDialog(null)} />
      )}
    </List>
  )
}
