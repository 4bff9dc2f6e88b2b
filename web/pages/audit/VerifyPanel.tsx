// Verifies the chain on the server and says in plain words what came of it.
import { SafetyCertificateOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, Progress } from 'antd'
import type { AuditVerificationState } from '../../../services/contracts/api/audit.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call, queryClient } from '../../kit/api/session.ts'
import { formatCount } from '../../kit/format/number.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { auditTexts, type Text, type TextKey, useText } from './texts.ts'

const KEY = ['audit-verification']
const LOOK_MS = 1_000
const LAST = 10_000

export function VerifyPanel() {
  const { t, locale } = useText()
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => call('getAuditVerification', { signal }),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? LOOK_MS : false),
  })
  const begin = useMutation({
    mutationFn: (last: number | undefined) => call('verifyAudit', { body: { last } }),
    onSuccess: (state) => queryClient.setQueryData(KEY, state),
    onError: () => queryClient.invalidateQueries({ queryKey: KEY }),
  })
  const running = data?.state === 'running'
  return (
    <section className="card" aria-labelledby="verify-title">
      <div className="card-head">
        <h2 id="verify-title">{t('audit.verifyTitle')}</h2>
        <Button type="primary" icon={<SafetyCertificateOutlined />} disabled={running} onClick={() => begin.mutate(undefined)}>
          {t('audit.verifyAll')}
        </Button>
        <Button disabled={running} onClick={() => begin.mutate(LAST)}>
          {t('audit.verifyLast')}
        </Button>
      </div>
      <p className="quiet">{t('audit.verifyText')}</p>
      {data && (
        <p className="quiet">
          {t('audit.retention', {
            days: formatCount(data.retention.keepDays),
            oldest: data.retention.oldestAt ? formatInstant(Date.parse(data.retention.oldestAt)) : '',
          })}
        </p>
      )}
      <div aria-live="polite">{data && <Outcome state={data} />}</div>
      {begin.error && (
        <p className="audit-broken" role="alert">
          {errorText(begin.error, t, locale)}
        </p>
      )}
    </section>
  )
}

function Outcome({ state }: { state: AuditVerificationState }) {
  const { t } = useText()
  const { from, to, checked, heads, unsigned, findingCount, findings, endedAt } = state
  if (state.state === 'never') return <p>{t('audit.verifyNever')}</p>
  if (state.state === 'failed') return <p className="audit-broken">{t('audit.verifyFailed')}</p>
  if (state.state === 'running') {
    const total = to - from + 1
    return (
      <>
        <p>{t('audit.verifyRunning', { checked: formatCount(checked), total: formatCount(total) })}</p>
        <Progress percent={Math.floor((checked / Math.max(1, total)) * 100)} size="small" aria-label={t('audit.verifyTitle')} />
      </>
    )
  }
  return (
    <>
      <p className={state.state === 'whole' ? 'audit-whole' : 'audit-broken'}>
        <strong>
          {state.state === 'whole'
            ? t('audit.verifyWhole', { from: formatCount(from), to: formatCount(to), checked: formatCount(checked) })
            : t('audit.verifyBroken', { n: formatCount(findingCount) })}
        </strong>
      </p>
      <ul>
        {findings.map((finding) => (
          <li key={`${finding.kind} ${finding.seq} ${finding.says}`}>{findingText(t, finding)}</li>
        ))}
      </ul>
      <p className="quiet">
        {heads > 0 ? t('audit.verifyHeads', { n: formatCount(heads), unsigned: formatCount(unsigned) }) : t('audit.verifyNoHeads')}
        {endedAt && ` · ${t('audit.verifyEnded', { time: formatInstant(Date.parse(endedAt)) })}`}
      </p>
    </>
  )
}

function findingText(t: Text, { kind, seq, says }: AuditVerificationState['findings'][number]): string {
  const key = `audit.finding.${kind}`
  return auditTexts.find(key) ? t(key as TextKey, { seq: seq ?? '', says }) : says
}
