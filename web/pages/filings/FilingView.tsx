// One filing whole: where it stands, its tables, what the checks say, what is below it, how it differs, and what was done.
import { ArrowLeftOutlined, DownloadOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Skeleton, Tabs } from 'antd'
import { useState } from 'react'
import type { Filing } from '../../../services/contracts/api/filing.ts'
import { filingFormats } from '../../../services/contracts/api/filing.ts'
import { sayCheck } from '../../../services/domain/filing/checks.ts'
import { saveFile } from '../../kit/api/saveFile.ts'
import { call } from '../../kit/api/session.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { ErrorState } from '../../kit/State.tsx'
import { Differences } from './Differences.tsx'
import { FiledTables } from './FiledTables.tsx'
import './filings.css'
import { StepDialog } from './StepDialog.tsx'
import { useText } from './texts.ts'

type Action = Filing['mayAct'][number]
type Props = { id: number; onOpen: (id: number) => void; onClose: () => void }

export function FilingView({ id, onOpen, onClose }: Props) {
  const { t, locale } = useText()
  const [round, setRound] = useState<{ of: number; round: number } | null>(null)
  const [asked, setAsked] = useState<Action | null>(null)
  const shown = round?.of === id ? round.round : undefined
  const { data, error, refetch } = useQuery({
    queryKey: ['filings', 'one', id, shown],
    queryFn: ({ signal }) => call('readFiling', { params: { filingId: id }, query: shown === undefined ? {} : { round: shown }, signal }),
  })
  return (
    <div className="filing">
      <header className="filing-head">
        <Button type="text" icon={<ArrowLeftOutlined />} aria-label={t('filings.back')} onClick={onClose} />
        <h1>{data ? `${data.organisation.name} ${data.period}` : t('page.filings')}</h1>
        {data && <strong>{t(`filingState.${data.state}`)}</strong>}
        <span className="filing-acts">
          {data?.mayAct.map((action, at) => (
            <Button
              key={action}
              type={at === 0 && action !== 'giveBack' && action !== 'sendBack' ? 'primary' : 'default'}
              danger={action === 'giveBack' || action === 'sendBack'}
              onClick={() => setAsked(action)}
            >
              {t(`filingAction.${action}`)}
            </Button>
          ))}
          {data &&
            data.rounds.length > 0 &&
            filingFormats.map((format) => (
              <Button
                key={format}
                icon={<DownloadOutlined />}
                aria-label={`${t('filings.file')} ${format}`}
                onClick={() =>
                  void saveFile('downloadFiling', {
                    params: { filingId: id },
                    query: { format, locale, ...(shown ? { round: shown } : {}) },
                  })
                }
              >
                {format.toUpperCase()}
              </Button>
            ))}
        </span>
      </header>
      {error !== null && <ErrorState error={error} retry={() => void refetch()} />}
      {!data && error === null && <Skeleton active title={false} paragraph={{ rows: 8 }} />}
      {data && (
        <>
          <Standing filing={data} />
          <Tabs
            className="filing-tabs"
            items={[
              { key: 'tables', label: t('filings.tables'), children: <FiledTables filing={data} /> },
              { key: 'checks', label: `${t('filings.checks')} ${data.checks.length}`, children: <Checks filing={data} /> },
              ...(data.below.length > 0
                ? [
                    {
                      key: 'below',
                      label: `${t('filings.below.title')} ${data.below.length}`,
                      children: <Below filing={data} onOpen={onOpen} />,
                    },
                  ]
                : []),
              ...(data.rounds.length > 0
                ? [{ key: 'differences', label: t('filings.differences'), children: <Differences id={id} round={shown} onOpen={onOpen} /> }]
                : []),
              {
                key: 'history',
                label: t('filings.history'),
                children: <History filing={data} onShow={(chosen) => setRound({ of: id, round: chosen })} />,
              },
            ]}
          />
          {asked && <StepDialog filing={data} action={asked} onDone={() => setRound(null)} onClose={() => setAsked(null)} />}
        </>
      )}
    </div>
  )
}

function Standing({ filing: { told, above, dueOn, overdue } }: { filing: Filing }) {
  const { t } = useText()
  return (
    <p className="quiet filing-standing">
      {above.length > 0 && <span>{above.join(' / ')}</span>}
      <span className={overdue ? 'stale figure' : 'figure'}>
        {t('filings.due')} {dueOn}
      </span>
      <span className="figure">
        {told.from} – {told.until}
      </span>
      <span className={told.round === null ? 'stale' : undefined}>
        {told.round === null ? t('filings.draft') : t('filings.told', { round: told.round, at: formatInstant(Date.parse(told.takenAt)) })}
      </span>
      {told.preliminary && <span className="stale">{t('filings.preliminary', { day: told.until })}</span>}
      {told.sha256 && (
        <span className="filing-hash">
          {t('filings.hash')} <code>{told.sha256}</code>
        </span>
      )}
    </p>
  )
}

function Checks({ filing: { checks } }: { filing: Filing }) {
  const { t, locale } = useText()
  if (checks.length === 0) return <p className="quiet">{t('filings.checksNone')}</p>
  return (
    <ul className="rows">
      {checks.map((check) => (
        <li key={check.key}>
          <span>
            {sayCheck(check, locale)}
            {check.explanation && (
              <>
                <br />
                <span className="quiet">{check.explanation}</span>
              </>
            )}
          </span>
          <span className={check.severity === 'error' ? 'stale' : 'quiet'}>{t(`filings.${check.severity}`)}</span>
        </li>
      ))}
    </ul>
  )
}

function Below({ filing: { below }, onOpen }: { filing: Filing; onOpen: (id: number) => void }) {
  const { t } = useText()
  return (
    <ul className="rows">
      {below.map(({ organisationId, name, filingId, state, included }) => (
        <li key={organisationId}>
          <span>
            {filingId === null ? (
              name
            ) : (
              <Button type="link" size="small" onClick={() => onOpen(filingId)}>
                {name}
              </Button>
            )}
          </span>
          <span className={included ? 'quiet' : 'stale'}>
            {state === null ? t('filings.notBegun') : t(`filingState.${state}`)} {included && t('filings.included')}
          </span>
        </li>
      ))}
    </ul>
  )
}

function History({ filing: { steps, rounds }, onShow }: { filing: Filing; onShow: (round: number) => void }) {
  const { t } = useText()
  return (
    <>
      <ul className="rows">
        {steps.map((step) => (
          <li key={`${step.at} ${step.action} ${step.by}`}>
            <span>
              {t(`filingAction.${step.action as 'begin'}`)} <span className="quiet">{step.by}</span>
              {step.reason && (
                <>
                  <br />
                  {step.reason}
                </>
              )}
            </span>
            <span className="quiet figure">{formatInstant(Date.parse(step.at))}</span>
          </li>
        ))}
      </ul>
      {rounds.length > 0 && (
        <>
          <h2>{t('filings.rounds')}</h2>
          <ul className="rows">
            {rounds.map(({ round, takenAt, sha256 }) => (
              <li key={round}>
                <Button type="link" size="small" onClick={() => onShow(round)}>
                  {t('filings.told', { round, at: formatInstant(Date.parse(takenAt)) })}
                </Button>
                <code className="quiet filing-hash">{sha256}</code>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
