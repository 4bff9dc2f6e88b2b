// One record beside the list: who, when, what, why, what changed, and where it stands in the chain.
import { useQuery } from '@tanstack/react-query'
import type { AuditRecord } from '../../../services/contracts/api/audit.ts'
import { sayReason } from '../../../services/domain/ownReasons.ts'
import { call } from '../../kit/api/session.ts'
import { MISSING } from '../../kit/format/number.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
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
    <Panel id={seq} title={t('audit.record', { seq })} error={error} retry={() => void refetch()} loading={!data} onClose={onClose}>
      {data && <Contents record={data} />}
    </Panel>
  )
}

function Contents({ record }: { record: AuditRecord }) {
  const { t, locale } = useText()
  const { before, after, detail, subject, signedAt, names } = record
  const about = { action: record.action, names, subjectType: subject?.type }
  return (
    <>
      <section className="panel-part">
        <Facts>
          <Fact name={t('audit.columnAction')}>
            <strong>{actionText(t, record.action)}</strong>
          </Fact>
          <Fact name={t('audit.columnTime')}>{formatInstant(Date.parse(record.at))}</Fact>
          <Fact name={t('audit.columnActor')}>{record.username}</Fact>
          <Fact name={t('audit.role')}>{record.role ? roleText(t, record.role) : t('audit.nobody')}</Fact>
          <Fact name={t('audit.organisation')}>{record.organisation ?? MISSING}</Fact>
          <Fact name={t('audit.columnSubject')}>{subject ? subjectText(t, subject, names) : MISSING}</Fact>
          <Fact name={t('audit.columnPurpose')}>{record.purpose === null ? MISSING : sayReason(record.purpose, locale)}</Fact>
        </Facts>
      </section>
      {changesOf(before, after).length > 0 && (
        <section className="panel-part">
          <h3>{t('audit.changes')}</h3>
          <Changes before={before} after={after} about={about} />
        </section>
      )}
      {detail && (
        <section className="panel-part">
          <h3>{t('audit.details')}</h3>
          <Changes after={detail} about={about} />
        </section>
      )}
      <section className="panel-part">
        <h3>{t('audit.chain')}</h3>
        <Facts>
          <Fact name={t('audit.columnSeq')}>{record.seq}</Fact>
          <Fact name={t('audit.algorithm')}>{record.algorithm.toUpperCase()}</Fact>
          <Fact name={t('audit.hash')}>
            <code className="audit-hash">{record.hash}</code>
          </Fact>
          <Fact name={t('audit.prevHash')}>
            <code className="audit-hash">{record.prevHash}</code>
          </Fact>
          <Fact name={t('audit.signedAt')}>{signedAt ? formatInstant(Date.parse(signedAt)) : t('audit.notSigned')}</Fact>
        </Facts>
      </section>
    </>
  )
}
