// 对账单: statements of suppliers of fuel and current. A file is tried before it is imported; finance approves what was matched.
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import type { FuelStatement } from '../../../services/contracts/api/fuelStatements.ts'
import { call, may, queryClient, useAccount } from '../../kit/api/session.ts'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { formatFen } from '../../kit/format/money.ts'
import { formatCount } from '../../kit/format/number.ts'
import { AddButton } from '../../kit/list/AddButton.tsx'
import { declareList, idInAddress } from '../../kit/list/declareList.ts'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { minuteOf } from '../../parts/trip/when.ts'
import { StatementDialog } from './StatementDialog.tsx'
import { useText } from './texts.ts'

const statements = declareList({
  endpoint: 'listFuelStatements',
  key: 'statements',
  useText,
  texts: { title: 'page.costs', total: 'statements.total', emptyTitle: 'statements.emptyTitle', emptyText: 'statements.emptyText' },
  columns: [
    { title: 'statements.file', className: 'clip', cell: (row) => row.fileName },
    { title: 'bills.supplier', className: 'clip', cell: (row) => row.supplier.name },
    { title: 'statements.matched', className: 'figure', cell: (row) => formatCount(row.matched) },
    { title: 'statements.waiting', className: 'figure', cell: (row) => formatCount(row.waiting) },
    { title: 'statements.toApprove', className: 'figure', cell: (row) => formatCount(row.toApprove) },
    { title: 'bills.amount', className: 'figure', cell: (row) => formatFen(row.fen) },
    { title: 'statements.importedAt', className: 'figure', yields: true, cell: (row) => minuteOf(row.importedAt) },
    { title: 'costs.unit', className: 'clip', yields: true, cell: (row) => row.unit.name },
  ],
  idOf: (row) => row.statementId,
  address: idInAddress,
  filters: { organisationId: unitFilter('costs.filterUnit') },
})

export function StatementList({ switcher }: { switcher: React.ReactNode }) {
  const { t } = useText()
  const list = useList(statements)
  const [importing, setImporting] = useState(false)
  const { opened, open, rows } = list
  const statement = rows?.find(({ statementId }) => statementId === opened)
  return (
    <List
      of={list}
      above={switcher}
      actions={
        <AddButton needs="bill.enter" onClick={() => setImporting(true)}>
          {t('statements.import')}
        </AddButton>
      }
      drawer={opened !== null && <StatementPanel id={opened} statement={statement} onClose={() => open(null)} />}
    >
      {importing && <StatementDialog onClose={() => setImporting(false)} />}
    </List>
  )
}

function StatementPanel({ id, statement, onClose }: { id: number; statement: FuelStatement | undefined; onClose: () => void }) {
  const { t } = useText()
  const approves = may(useAccount(), 'cost.approve')
  const [approving, setApproving] = useState(false)
  return (
    <Panel
      id={id}
      title={statement?.fileName}
      kind={statement?.supplier.name}
      actions={
        approves &&
        statement !== undefined &&
        statement.toApprove > 0 && (
          <Button type="primary" onClick={() => setApproving(true)}>
            {t('statements.approve', { n: statement.toApprove })}
          </Button>
        )
      }
      loading={!statement}
      onClose={onClose}
    >
      {statement && (
        <section className="panel-part">
          <Facts>
            <Fact name={t('costs.unit')}>{statement.unit.name}</Fact>
            <Fact name={t('statements.matched')}>{formatCount(statement.matched)}</Fact>
            <Fact name={t('statements.waiting')}>{formatCount(statement.waiting)}</Fact>
            <Fact name={t('statements.dismissed')}>{formatCount(statement.dismissed)}</Fact>
            <Fact name={t('bills.amount')}>{formatFen(statement.fen)}</Fact>
            <Fact name={t('statements.importedAt')}>
              <span className="figure">{minuteOf(statement.importedAt)}</span> {statement.by}
            </Fact>
          </Facts>
          <Link to="/costs" search={{ list: 'lines', statementId: String(id) } as never}>
            {t('statements.lines')}
          </Link>
          {approving && (
            <ReasonDialog
              title={t('statements.approve', { n: statement.toApprove })}
              onSubmit={async (reason) => {
                await call('approveFuelStatement', { params: { statementId: id }, body: { bills: statement.toApprove, reason } })
                await Promise.all(
                  ['statements', 'bills', 'costs', 'months'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
                )
              }}
              onClose={() => setApproving(false)}
            />
          )}
        </section>
      )}
    </Panel>
  )
}
