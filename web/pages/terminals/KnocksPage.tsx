// Who came to the broker and was not let in: what is unknown may be registered, what is known opens in the list.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import type { AnswerOf } from '../../../services/contracts/api.ts'
import { TERMINAL_ID } from '../../../services/contracts/topics.ts'
import { call } from '../../kit/api/session.ts'
import { formatCount } from '../../kit/format/number.ts'
import { ListPage, PAGE_ROWS, useListUrl } from '../../kit/list/ListPage.tsx'
import { type Column, ListTable } from '../../kit/list/ListTable.tsx'
import type { Issued } from './issued.ts'
import { Contact, Moment } from './marks.tsx'
import { RegisterDialog } from './RegisterDialog.tsx'
import { type Text, useText } from './texts.ts'
import './terminals.css'

type Knock = AnswerOf<'listTerminalKnocks'>['rows'][number]

const isUnknown = ({ why }: Knock) => why === 'unknown' || why === 'gateway'

const columns = (t: Text, act: (knock: Knock) => React.ReactNode): Column<Knock>[] => [
  { title: t('knock.name'), cell: (row) => <span className="figure">{row.name}</span> },
  {
    title: t('knock.why'),
    className: 'knocks-why',
    cell: (row) => (
      <span>
        {t(`knockWhy.${row.why}`)} {TERMINAL_ID.test(row.name) && <small className="quiet">{t(`knockAdvice.${row.why}`)}</small>}
      </span>
    ),
  },
  { title: t('knock.from'), cell: (row) => <span className="figure">{row.cameBy}</span>, className: 'clip' },
  { title: t('knock.times'), cell: (row) => <span className="figure">{formatCount(row.times)}</span> },
  { title: t('knock.first'), cell: (row) => <Moment at={row.firstAt} /> },
  { title: t('knock.last'), cell: (row) => <Contact at={row.lastAt} /> },
  { title: t('knock.do'), cell: act },
]

export function KnocksPage({ switcher, onIssued }: { switcher: React.ReactNode; onIssued: (issued: Issued) => void }) {
  const { t } = useText()
  const { change, q, page, offset } = useListUrl()
  const [registering, setRegistering] = useState<string | null>(null)
  const query = q.trim() || undefined
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['knocks', query, page],
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
    queryFn: ({ signal }) => call('listTerminalKnocks', { query: { q: query, limit: PAGE_ROWS, offset }, signal }),
  })
  const act = (knock: Knock) => {
    if (!TERMINAL_ID.test(knock.name)) return
    if (isUnknown(knock)) setRegistering(knock.name)
    else change(() => ({ id: knock.name }))
  }
  return (
    <ListPage
      title={t('page.terminals')}
      searchHint={t('knocks.search')}
      total={data ? t('knocks.total', { n: formatCount(data.total) }) : ''}
      count={data?.total}
      busy={isFetching}
      above={
        <>
          {switcher}
          <p className="quiet knocks-text">{t('knocks.text')}</p>
        </>
      }
    >
      <ListTable
        columns={columns(t, (knock) =>
          TERMINAL_ID.test(knock.name) ? (
            <Button
              size="small"
              onClick={(event) => {
                event.stopPropagation()
                act(knock)
              }}
            >
              {t(isUnknown(knock) ? 'knock.register' : 'knock.open')}
            </Button>
          ) : (
            <span className="quiet">{t('knock.badName')}</span>
          ),
        )}
        rows={data?.rows}
        idOf={(row) => `${row.name} ${row.why}`}
        selected={null}
        onOpen={(id) => {
          const knock = data?.rows.find((row) => `${row.name} ${row.why}` === id)
          if (knock) act(knock)
        }}
        error={error}
        retry={() => void refetch()}
        empty={{ title: t('knocks.emptyTitle'), text: query ? t('kit.noMatch') : t('knocks.emptyText') }}
      />
      {registering !== null && <RegisterDialog prefilled={registering} onIssued={onIssued} onClose={() => setRegistering(null)} />}
    </ListPage>
  )
}
