// Who came to the broker and was not let in: what is unknown may be registered, what is known opens in the list.
import { Button } from 'antd'
import { useState } from 'react'
import { TERMINAL_ID } from '../../../services/contracts/topics.ts'
import { formatCount } from '../../kit/format/number.ts'
import { declareList, type RowOf } from '../../kit/list/declareList.ts'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import type { Issued } from './issued.ts'
import { Contact, Moment } from './marks.tsx'
import { RegisterDialog } from './RegisterDialog.tsx'
import { useText } from './texts.ts'
import './terminals.css'

type Knock = RowOf<'listTerminalKnocks'>

const isUnknown = ({ why }: Knock) => why === 'unknown' || why === 'gateway'

const knocks = declareList({
  endpoint: 'listTerminalKnocks',
  key: 'knocks',
  everyMs: 15_000,
  useText,
  texts: {
    title: 'page.terminals',
    search: 'knocks.search',
    total: 'knocks.total',
    emptyTitle: 'knocks.emptyTitle',
    emptyText: 'knocks.emptyText',
  },
  columns: [
    { title: 'knock.name', cell: (row) => <span className="figure">{row.name}</span> },
    {
      title: 'knock.why',
      className: 'knocks-why',
      cell: (row, { t }) => (
        <span>
          {t(`knockWhy.${row.why}`)} {TERMINAL_ID.test(row.name) && <small className="quiet">{t(`knockAdvice.${row.why}`)}</small>}
        </span>
      ),
    },
    { title: 'knock.from', cell: (row) => <span className="figure">{row.cameBy}</span>, className: 'clip' },
    { title: 'knock.times', cell: (row) => <span className="figure">{formatCount(row.times)}</span> },
    { title: 'knock.first', cell: (row) => <Moment at={row.firstAt} /> },
    { title: 'knock.last', cell: (row) => <Contact at={row.lastAt} /> },
    {
      title: 'knock.do',
      // It does what a click anywhere in the row does, and says what that is.
      cell: (row, { t }) =>
        TERMINAL_ID.test(row.name) ? (
          <Button size="small">{t(isUnknown(row) ? 'knock.register' : 'knock.open')}</Button>
        ) : (
          <span className="quiet">{t('knock.badName')}</span>
        ),
    },
  ],
  idOf: (row) => `${row.name} ${row.why}`,
})

export function KnocksPage({ switcher, onIssued }: { switcher: React.ReactNode; onIssued: (issued: Issued) => void }) {
  const { t } = useText()
  const list = useList(knocks)
  const [registering, setRegistering] = useState<string | null>(null)
  const act = (knock: Knock) => {
    if (!TERMINAL_ID.test(knock.name)) return
    if (isUnknown(knock)) setRegistering(knock.name)
    else list.change(() => ({ id: knock.name }))
  }
  return (
    <List
      of={list}
      onOpen={act}
      above={
        <>
          {switcher}
          <p className="quiet knocks-text">{t('knocks.text')}</p>
        </>
      }
    >
      {registering !== null && <RegisterDialog prefilled={registering} onIssued={onIssued} onClose={() => setRegistering(null)} />}
    </List>
  )
}
