// 审计日志: who did what, when and why; a record opens beside the list; the chain is verified from here.
import { DownloadOutlined, SearchOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import { type AuditAction, auditActions } from '../../../services/contracts/auditActions.ts'
import { sayReason } from '../../../services/domain/ownReasons.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { saveFile } from '../../kit/api/saveFile.ts'
import { may, useAccount } from '../../kit/api/session.ts'
import { MISSING } from '../../kit/format/number.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { declareList, numberIn } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useEndlessList } from '../../kit/list/useList.ts'
import { actionText, subjectText, subjectTypes, subjectTypeText } from '../../parts/history/words.ts'
import { actor, moment, seesOnlyOwn, typed } from './filters.tsx'
import { RecordPanel } from './RecordPanel.tsx'
import { type TextKey, useText } from './texts.ts'
import { VerifyPanel } from './VerifyPanel.tsx'
import '../../kit/panel/cards.css'
import './audit.css'

const records = declareList({
  endpoint: 'listAudit',
  key: 'audit',
  useText,
  texts: {
    title: 'audit.title',
    emptyTitle: 'audit.emptyTitle',
    emptyText: 'audit.emptyText',
    noMatchText: 'audit.emptyFiltered',
  },
  columns: [
    { title: 'audit.columnTime', className: 'figure', cell: (row) => formatInstant(Date.parse(row.at)) },
    {
      title: 'audit.columnActor',
      cell: (row) => (
        <span>
          {row.username} <small className="quiet">{row.organisation}</small>
        </span>
      ),
    },
    { title: 'audit.columnAction', opens: true, cell: (row, { t }) => actionText(t, row.action) },
    { title: 'audit.columnSubject', cell: (row, { t }) => (row.subject ? subjectText(t, row.subject, row.names) : MISSING) },
    {
      title: 'audit.columnPurpose',
      className: 'audit-purpose',
      cell: (row, { locale }) => (row.purpose === null ? MISSING : sayReason(row.purpose, locale)),
    },
    { title: 'audit.columnSeq', className: 'figure quiet', cell: (row) => row.seq },
  ],
  idOf: (row) => row.seq,
  address: numberIn('record'),
  filters: {
    text: typed('audit.search', <SearchOutlined />),
    actor: actor('audit.actor'),
    action: choice<AuditAction, TextKey>({
      label: 'audit.action',
      values: auditActions,
      name: (action, { t }) => actionText(t, action),
      search: true,
    }),
    subjectType: choice<string, TextKey>({
      label: 'audit.subjectType',
      values: subjectTypes,
      name: (type, { t }) => subjectTypeText(t, type),
    }),
    subjectId: typed('audit.subjectId'),
    from: moment('audit.from'),
    to: moment('audit.to'),
  },
})

export function AuditPage() {
  const { t, locale } = useText()
  const account = useAccount()
  const list = useEndlessList(records)
  const { opened, open, answer, next, filter } = list
  const save = useMutation({ mutationFn: () => saveFile('exportAudit', { query: filter }) })
  const exports = may(account, 'audit.export')
  return (
    <List
      of={list}
      className="audit"
      note={seesOnlyOwn(account) && <span className="quiet">{t('audit.ownOnly')}</span>}
      actions={
        exports && (
          <Button icon={<DownloadOutlined />} title={t('audit.exportText')} loading={save.isPending} onClick={() => save.mutate()}>
            {t('audit.export')}
          </Button>
        )
      }
      lead={
        <>
          {save.error && (
            <p className="audit-broken" role="alert">
              {errorText(save.error, t, locale)}
            </p>
          )}
          {exports && <VerifyPanel />}
        </>
      }
      moreFilters={list.narrowed && <Button onClick={list.clear}>{t('kit.clear')}</Button>}
      foot={
        next && (
          <div className="audit-more">
            {answer?.searchedTo && (
              <span className="quiet">{t('audit.searchedTo', { time: formatInstant(Date.parse(answer.searchedTo)) })}</span>
            )}
            <Button loading={list.busy} onClick={next}>
              {t('audit.more')}
            </Button>
          </div>
        )
      }
      drawer={opened !== null && <RecordPanel key={opened} seq={opened} onClose={() => open(null)} />}
    />
  )
}
