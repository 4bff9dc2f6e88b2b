// The terminals of the scope: a row opens one beside the list; chosen ones are given secrets or taken out of service together.
import { PlusOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Checkbox } from 'antd'
import { useState } from 'react'
import { MAX_TERMINALS_AT_ONCE, type TerminalRow, terminalStates } from '../../../services/contracts/api/terminals.ts'
import { TERMINAL_ID } from '../../../services/contracts/topics.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { formatCount, MISSING } from '../../kit/format/number.ts'
import { ListPage, PAGE_ROWS, useListUrl } from '../../kit/list/ListPage.tsx'
import { type Column, ListTable } from '../../kit/list/ListTable.tsx'
import type { TerminalFilter } from '../../parts/terminal/queries.ts'
import { IssueDialog, RevokeDialog, type Targets } from './CredentialDialogs.tsx'
import type { Issued } from './issued.ts'
import { Contact, StateTag } from './marks.tsx'
import { RegisterDialog } from './RegisterDialog.tsx'
import { SILENT_HOURS, TerminalFilters } from './TerminalFilters.tsx'
import { TerminalPanel } from './TerminalPanel.tsx'
import { type Text, useText } from './texts.ts'

const columns = (t: Text): Column<TerminalRow>[] => [
  { title: t('terminal.number'), cell: (row) => <span className="figure">{row.terminalId}</span> },
  { title: t('terminal.state'), cell: (row) => <StateTag terminal={row} /> },
  {
    title: t('terminal.vehicle'),
    cell: (row) => (row.vehicle ? plateAsPrinted(row.vehicle.plate) : <span className="quiet">{t('terminal.noVehicle')}</span>),
  },
  { title: t('kit.unit'), cell: (row) => row.organisation.name, className: 'clip' },
  { title: t('terminal.model'), cell: (row) => row.model ?? MISSING, className: 'clip' },
  { title: t('terminal.contact'), cell: (row) => <Contact at={row.lastContactAt} /> },
]

export function TerminalList({ switcher, onIssued }: { switcher: React.ReactNode; onIssued: (issued: Issued) => void }) {
  const { t } = useText()
  const account = useAccount()
  const navigate = useNavigate()
  const { url, set, open, q, page, offset } = useListUrl()
  const [chosen, setChosen] = useState<ReadonlyMap<string, TerminalRow>>(new Map())
  const [dialog, setDialog] = useState<'register' | { issue: Targets } | { revoke: TerminalRow[] } | null>(null)
  const id = TERMINAL_ID.test(url.id ?? '') ? url.id! : null
  const filter: TerminalFilter = {
    q: q.trim().replaceAll('·', '') || undefined,
    organisationId: /^[1-9]\d{0,9}$/.test(url.org ?? '') ? Number(url.org) : undefined,
    state: terminalStates.find((each) => each === url.state),
    fitted: (['yes', 'no'] as const).find((each) => each === url.fitted),
    silentHours: SILENT_HOURS.find((each) => String(each) === url.silent),
  }
  const filtered = Object.values(filter).some((value) => value !== undefined)
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['terminals', filter, page],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call('listTerminals', { query: { ...filter, limit: PAGE_ROWS, offset }, signal }),
  })
  const manages = may(account, 'terminal.manage')
  const tooMany = chosen.size > MAX_TERMINALS_AT_ONCE
  const most = tooMany ? t('terminals.most', { n: formatCount(MAX_TERMINALS_AT_ONCE) }) : undefined
  const targets: Targets = { rows: [...chosen.values()] }
  const found = data?.total ?? 0
  const all = manages && chosen.size === 0 && filter.state === 'unissued' && found > 0 && found <= MAX_TERMINALS_AT_ONCE
  return (
    <ListPage
      title={t('page.terminals')}
      searchHint={t('terminals.search')}
      total={data ? t('terminals.total', { n: formatCount(data.total) }) : ''}
      count={data?.total}
      busy={isFetching}
      exported={{ subject: 'terminals', list: 'terminals', filter: filter as Record<string, string> }}
      above={switcher}
      actions={
        <>
          {chosen.size > 0 && <Button onClick={() => setChosen(new Map())}>{t('terminals.unselect')}</Button>}
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
      filters={<TerminalFilters filter={filter} set={set} />}
      drawer={id !== null && <TerminalPanel terminalId={id} onClose={() => open(null)} onIssued={onIssued} />}
    >
      <ListTable
        columns={columns(t)}
        ticks={manages ? ticksOf(t, data?.rows ?? [], chosen, setChosen) : undefined}
        rows={data?.rows}
        idOf={(row) => row.terminalId}
        selected={id}
        onOpen={open}
        error={error}
        retry={() => void refetch()}
        empty={{
          title: t(filtered ? 'terminals.emptyMatch' : 'terminals.emptyTitle'),
          text: filtered ? t('kit.noMatch') : t('terminals.emptyText'),
          action: filtered ? (
            <Button onClick={() => set({ q: undefined, org: undefined, state: undefined, fitted: undefined, silent: undefined })}>
              {t('kit.clear')}
            </Button>
          ) : undefined,
        }}
      />
      {dialog === 'register' && <RegisterDialog onIssued={onIssued} onClose={() => setDialog(null)} />}
      {dialog !== null && typeof dialog === 'object' && 'issue' in dialog && (
        <IssueDialog targets={dialog.issue} onIssued={onIssued} onClose={() => setDialog(null)} />
      )}
      {dialog !== null && typeof dialog === 'object' && 'revoke' in dialog && (
        <RevokeDialog rows={dialog.revoke} onDone={() => setChosen(new Map())} onClose={() => setDialog(null)} />
      )}
    </ListPage>
  )
}

type Chosen = ReadonlyMap<string, TerminalRow>

/** A box for each row and one for the page; what was chosen on other pages stays chosen. */
function ticksOf(t: Text, page: readonly TerminalRow[], chosen: Chosen, setChosen: (next: Chosen) => void) {
  const whole = page.length > 0 && page.every((row) => chosen.has(row.terminalId))
  const choose = (rows: readonly TerminalRow[], wanted: boolean) => {
    const next = new Map(chosen)
    for (const row of rows) wanted ? next.set(row.terminalId, row) : next.delete(row.terminalId)
    setChosen(next)
  }
  return {
    head: (
      <Checkbox
        checked={whole}
        indeterminate={!whole && page.some((row) => chosen.has(row.terminalId))}
        aria-label={t('terminals.selectPage')}
        onChange={() => choose(page, !whole)}
      />
    ),
    cell: (row: TerminalRow) => (
      <Checkbox
        checked={chosen.has(row.terminalId)}
        aria-label={t('terminals.select', { terminal: row.terminalId })}
        onChange={(event) => choose([row], event.target.checked)}
      />
    ),
  }
}
