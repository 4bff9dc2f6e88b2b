// One record beside the list: who, when, what, why, what changed, and where it stands in the chain.
import { CloseOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import type { AuditRecord } from '../../../services/contracts/api/audit.ts'
import { call } from '../../kit/api/session.ts'
import { MISSING } from '../../kit/format/number.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { ErrorState } from '../../kit/State.tsx'
import { Changes } from '../../parts/history/History.tsx'
import { actionText, changesOf, roleText, subjectText } from '../../parts/history/words.ts'
import { useText } from './texts.ts'

export function RecordPanel({ seq, onClose }: { seq: number; onClose: () => void }) {
  const { t } = useText()
  const { data, error, refetch } = useQuery({
    queryKey: ['audit-record', seq],
    queryFn: ({ signal }) => call('getAuditRecord', { params: { seq }, signal }),
  })
  return (
    <aside className="audit-panel" aria-label={t('audit.record', { seq })}>
      <header>
        <h2>{t('audit.record', { seq })}</h2>
        <Button type="text" icon={<CloseOutlined />} aria-label={t('audit.close')} onClick={onClose} />
      </header>
      {error ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : data ? (
        <Contents record={data} />
      ) : (
        <div className="bone bone-card" />
      )}
    </aside>
  )
}

function Contents({ record }: { record: AuditRecord }) {
  const { t } = useText()
  const { before, after, detail, subject, signedAt, names } = record
  const about = { action: record.action, names, subjectType: subject?.type }
  return (
    <>
      <Facts>
        <Fact name={t('audit.columnAction')}>
          <strong>{actionText(t, record.action)}</strong>
        </Fact>
        <Fact name={t('audit.columnTime')}>{formatInstant(Date.parse(record.at))}</Fact>
        <Fact name={t('audit.columnActor')}>{record.username}</Fact>
        <Fact name={t('audit.role')}>{record.role ? roleText(t, record.role) : t('audit.nobody')}</Fact>
        <Fact name={t('audit.organisation')}>{record.organisation ?? MISSING}</Fact>
        <Fact name={t('audit.columnSubject')}>{subject ? subjectText(t, subject, names) : MISSING}</Fact>
        <Fact name={t('audit.columnPurpose')}>{record.purpose ?? MISSING}</Fact>
      </Facts>
      {changesOf(before, after).length > 0 && (
        <section>
          <h3>{t('audit.changes')}</h3>
          <Changes before={before} after={after} about={about} />
        </section>
      )}
      {detail && (
        <section>
          <h3>{t('audit.details')}</h3>
          <Changes after={detail} about={about} />
        </section>
      )}
      <section>
        <h3>{t('audit.chain')}</h3>
        <Facts>
          <Fact name={t('audit.columnSeq')}>{record.seq}</Fact>
          <Fact name={t('audit.algorithm')}>{record.algorithm.toUpperCase()}</Fact>
          <Fact name={t('audit.hash')}>
            <code>{record.hash}</code>
          </Fact>
          <Fact name={t('audit.prevHash')}>
            <code>{record.prevHash}</code>
          </Fact>
          <Fact name={t('audit.signedAt')}>{signedAt ? formatInstant(Date.parse(signedAt)) : t('audit.notSigned')}</Fact>
        </Facts>
      </section>
    </>
  )
}
