// 定期报告: what came to oneself, what one is sent, where one is reached by mail; and the reports that are set in one's scope, with what became of each.
import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Input, Tag } from 'antd'
import { useState } from 'react'
import type { ReportDelivery, ReportPlan } from '../../../services/contracts/api/reports.ts'
import { type ReportListName, reportLists } from '../../../services/contracts/exchange.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { saveFile } from '../../kit/api/saveFile.ts'
import { call, queryClient } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { formatCount } from '../../kit/format/number.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { AddButton } from '../../kit/list/AddButton.tsx'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { ReportDialog } from './ReportDialog.tsx'
import { type Text, useText } from './texts.ts'
import '../../kit/panel/cards.css'
import './reports.css'

const SHOWN = 20
const EVERY_MS = 10_000
const refresh = () => queryClient.invalidateQueries({ queryKey: ['reports'] })
const minuteOf = (instant: string): string => formatInstant(Date.parse(instant)).slice(0, 16)

/** What a list page had when “send regularly” was pressed there. */
function readAsked(text: string | undefined): { list: ReportListName; filter: Record<string, string> } | undefined {
  const parts = new URLSearchParams(text ?? '')
  const list = reportLists.find((one) => one === parts.get('list'))
  parts.delete('list')
  return list && { list, filter: Object.fromEntries(parts) }
}

export function ReportsPage() {
  const { t } = useText()
  const { url, change } = useUrl()
  const asked = readAsked(url.of)
  const [opened, setOpened] = useState<ReportPlan | 'new' | null>(null)
  const own = useQuery({
    queryKey: ['reports', 'own'],
    queryFn: ({ signal }) => call('listOwnReports', { query: { limit: SHOWN }, signal }),
    refetchInterval: EVERY_MS,
  })
  const close = () => {
    setOpened(null)
    if (asked) change((old) => withEntries(old, { of: undefined }))
  }
  return (
    <div className="cards-page reports">
      <div className="card-head">
        <h1>{t('page.reports')}</h1>
        <AddButton needs="report.plan" onClick={() => setOpened('new')}>
          {t('reports.make')}
        </AddButton>
      </div>
      <p className="quiet">{t('reports.text')}</p>
      {own.error && !own.data && <ErrorState error={own.error} retry={() => void own.refetch()} />}
      {own.data && (
        <>
          <Received rows={own.data.rows} />
          <Subscriptions reports={own.data.reports} />
          <MailAddress {...own.data.mail} />
        </>
      )}
      <Plans onChange={setOpened} />
      {(opened !== null || asked !== undefined) && (
        <ReportDialog
          key={opened === null ? 'asked' : 'own'}
          plan={opened === 'new' || opened === null ? undefined : opened}
          asked={opened === null ? asked : undefined}
          onClose={close}
        />
      )}
    </div>
  )
}

const tagOf = { owed: 'processing', sent: 'success', refused: 'warning', failed: 'error' } as const

function DeliveryLine({ row, withName }: { row: ReportDelivery; withName: boolean }) {
  const { t, locale } = useText()
  const [fault, setFault] = useState<unknown>(null)
  return (
    <li>
      <span>
        {withName ? row.name : row.to} <Tag color={tagOf[row.state]}>{t(`deliveryState.${row.state}`)}</Tag>
        <br />
        <span className="quiet">
          <span className="figure">{minuteOf(row.plannedAt)}</span> · {t(`reportChannel.${row.channel}`)}
          {row.rows !== null && ` · ${t('reports.rows', { n: formatCount(row.rows) })}`}
          {row.why && ` · ${t(`notSentWhy.${row.why}`)}`}
          {row.state !== 'sent' && row.attempts > 1 && ` · ${t('reports.attempts', { n: row.attempts })}`}
          {row.said && ` · ${row.said}`}
        </span>
        {fault !== null && (
          <span className="error-text" role="alert">
            {errorText(fault, t, locale)}
          </span>
        )}
      </span>
      {withName && row.channel === 'app' && row.state === 'sent' && (
        <Button
          onClick={() => {
            setFault(null)
            saveFile('readOwnReport', { params: { deliveryId: row.deliveryId } }).catch(setFault)
          }}
        >
          {t('reports.download')}
        </Button>
      )}
    </li>
  )
}

function Received({ rows }: { rows: ReportDelivery[] }) {
  const { t } = useText()
  return (
    <section className="card" aria-label={t('reports.received')}>
      <h2>{t('reports.received')}</h2>
      {rows.length === 0 && <EmptyState title={t('reports.receivedNone')} text={t('reports.receivedNoneText')} />}
      <ul className="rows">
        {rows.map((row) => (
          <DeliveryLine key={row.deliveryId} row={row} withName />
        ))}
      </ul>
    </section>
  )
}

type Rhythm = Pick<ReportPlan, 'every' | 'onDay' | 'atMinute'>
/** 每月 1 日 08:00 */
function rhythmText({ every, onDay, atMinute }: Rhythm, t: Text): string {
  const clock = `${String(Math.floor(atMinute / 60)).padStart(2, '0')}:${String(atMinute % 60).padStart(2, '0')}`
  const day =
    every === 'week'
      ? t(`weekday.${(onDay - 1) as 0}`)
      : every === 'month'
        ? onDay === 31
          ? t('reports.monthEnd')
          : t('reports.dayOf', { n: onDay })
        : ''
  return [t(`reportEvery.${every}`), day, clock].filter(Boolean).join(' ')
}

type Own = Rhythm & { reportId: number; name: string; byApp: boolean; byMail: boolean; left: boolean }
function Subscriptions({ reports }: { reports: Own[] }) {
  const { t } = useText()
  if (reports.length === 0) return null
  const set = async (reportId: number, on: boolean) => {
    await call('leaveReport', { params: { reportId }, body: { on } })
    await refresh()
  }
  return (
    <section className="card" aria-label={t('reports.subscriptions')}>
      <h2>{t('reports.subscriptions')}</h2>
      <ul className="rows">
        {reports.map((one) => (
          <li key={one.reportId}>
            <span>
              {one.name} {one.left && <Tag>{t('reports.left')}</Tag>}
              <br />
              <span className="quiet">
                {rhythmText(one, t)} ·{' '}
                {[one.byApp && t('reportChannel.app'), one.byMail && t('reportChannel.mail')].filter(Boolean).join(t('search.comma'))}
              </span>
            </span>
            <Button onClick={() => void set(one.reportId, one.left)}>{t(one.left ? 'reports.return' : 'reports.leave')}</Button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function MailAddress({ set, address }: { set: boolean; address: string | null }) {
  const { t } = useText()
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  return (
    <section className="card" aria-label={t('reports.mail')}>
      <h2>{t('reports.mail')}</h2>
      {!set && <p className="stale">{t('reports.mailUnset')}</p>}
      <p className="button-row">
        <span className={address === null ? 'quiet' : undefined}>{address ?? t('reports.mailNone')}</span>
        <Button
          onClick={() => {
            setTyped(address ?? '')
            setOpen(true)
          }}
        >
          {t('reports.mailChange')}
        </Button>
      </p>
      {open && (
        <FormDialog
          title={t('reports.mailChange')}
          onSubmit={async () => {
            await call('setMailAddress', { body: { address: typed.trim() || null } })
            await refresh()
          }}
          onClose={() => setOpen(false)}
        >
          <Field name="address" label={t('reports.mail')} whole>
            <Input
              value={typed}
              maxLength={200}
              inputMode="email"
              placeholder={t('reports.mailHint')}
              onChange={(event) => setTyped(event.target.value)}
            />
          </Field>
        </FormDialog>
      )}
    </section>
  )
}

function Plans({ onChange }: { onChange: (plan: ReportPlan) => void }) {
  const { t } = useText()
  const [ended, setEnded] = useState(false)
  const { data, error, refetch } = useQuery({
    queryKey: ['reports', 'plans', ended],
    queryFn: ({ signal }) => call('listReports', { query: { limit: 200, ...(ended ? { ended: 'true' } : {}) }, signal }),
  })
  return (
    <>
      <div className="card-head">
        <h2>{t('reports.plans')}</h2>
        <Checkbox checked={ended} onChange={({ target }) => setEnded(target.checked)}>
          {t('reports.ended')}
        </Checkbox>
      </div>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {data?.rows.length === 0 && <EmptyState title={t('reports.plansNone')} text={t('reports.plansNoneText')} />}
      {data?.rows.map((plan) => (
        <Plan key={plan.reportId} plan={plan} onChange={() => onChange(plan)} />
      ))}
    </>
  )
}

function Plan({ plan, onChange }: { plan: ReportPlan; onChange: () => void }) {
  const { t, locale } = useText()
  const [shown, setShown] = useState(false)
  const [said, setSaid] = useState<string | null>(null)
  const params = { reportId: plan.reportId }
  const { data } = useQuery({
    queryKey: ['reports', 'deliveries', plan.reportId],
    queryFn: ({ signal }) => call('listReportDeliveries', { params, query: { limit: SHOWN }, signal }),
    enabled: shown,
    refetchInterval: EVERY_MS,
  })
  const attempt = async (work: () => Promise<string | null>) => {
    setSaid(await work().catch((fault: unknown) => errorText(fault, t, locale)))
    await refresh()
  }
  const { reportId: _id, organisation: _unit, nextAt, madeBy: _by, version, readers, ...fields } = plan
  const turn = (on: boolean) =>
    attempt(async () => {
      await call('changeReport', {
        params,
        body: { ...fields, readers: readers.map(({ accountId, byApp, byMail }) => ({ accountId, byApp, byMail })), on, version },
      })
      return null
    })
  return (
    <section className="card" aria-label={plan.name}>
      <h2>
        {plan.name} {nextAt === null && <Tag>{t('reports.isEnded')}</Tag>}
      </h2>
      <p>
        {t(`reports.list.${plan.list}`)} · {rhythmText(plan, t)} · {plan.format.toUpperCase()}
        <br />
        <span className="quiet">
          {plan.organisation.name} · {plan.madeBy}
          {nextAt !== null && ` · ${t('reports.next', { time: minuteOf(nextAt) })}`}
        </span>
      </p>
      <p>
        {t('reports.readers')}
        {t('kit.colon')}
        {readers.map(({ name, left }) => (left ? t('kit.aside', { what: name, aside: t('reports.left') }) : name)).join(t('search.comma'))}
      </p>
      <p className="button-row">
        <Button onClick={onChange}>{t('reports.change')}</Button>
        <Button
          disabled={nextAt === null}
          onClick={() =>
            void attempt(async () => {
              const { deliveries } = await call('sendReport', { params })
              setShown(true)
              return deliveries > 0 ? t('reports.sent', { n: deliveries }) : t('reports.sentNone')
            })
          }
        >
          {t('reports.sendNow')}
        </Button>
        <Button onClick={() => void turn(nextAt === null)}>{t(nextAt === null ? 'reports.begin' : 'reports.end')}</Button>
        <Button aria-expanded={shown} onClick={() => setShown(!shown)}>
          {t('reports.deliveries')}
        </Button>
      </p>
      <p role="status">{said}</p>
      {shown && data?.rows.length === 0 && <p className="quiet">{t('reports.deliveriesNone')}</p>}
      {shown && (
        <ul className="rows">
          {data?.rows.map((row) => (
            <DeliveryLine key={row.deliveryId} row={row} withName={false} />
          ))}
        </ul>
      )}
    </section>
  )
}
