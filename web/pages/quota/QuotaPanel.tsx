// The quota of one unit and category: the application under way with its next step, all that were decided, and who did what.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { type QuotaAction, quotaLifecycle } from '../../../services/domain/lifecycle.ts'
import { sayReason } from '../../../services/domain/ownReasons.ts'
import type { VehicleCategory } from '../../../services/domain/vehicle.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { HistoryPart } from '../../parts/history/HistoryPart.tsx'
import { ApplyDialog } from './ApplyDialog.tsx'
import { type TextKey, useText } from './texts.ts'

export function QuotaPanel({ unitId, category, onClose }: { unitId: number; category: VehicleCategory; onClose: () => void }) {
  const { t, locale } = useText()
  const account = useAccount()
  const client = useQueryClient()
  const [asked, setAsked] = useState<QuotaAction | 'apply' | null>(null)
  const { data, error, refetch } = useQuery({
    queryKey: ['quotas', 'one', unitId, category],
    queryFn: ({ signal }) => call('getQuotaHistory', { query: { unitId, category }, signal }),
  })
  const open = data?.applications.find(({ state }) => state !== 'APPROVED')
  const mayDraft = may(account, 'ledger.draft')
  const mayChange = mayDraft && open && quotaLifecycle.submit.from.some((state) => state === open.state)
  const actions = (open?.mayAct ?? []) as QuotaAction[]
  return (
    <Panel
      id={`${unitId} ${category}`}
      title={data?.applications[0]?.unitName ?? t(`category.${category}`)}
      kind={t(`category.${category}`)}
      loading={!data}
      error={error}
      retry={() => void refetch()}
      onClose={onClose}
      actions={
        <>
          {actions.map((action, index) => (
            <Button key={action} type={index === 0 ? 'primary' : 'default'} onClick={() => setAsked(action)}>
              {t(`quotaAction.${action}`)}
            </Button>
          ))}
          {data && (mayChange || (mayDraft && !open)) && (
            <Button type={open ? 'default' : 'primary'} onClick={() => setAsked('apply')}>
              {t(open ? 'organisation.change' : 'quota.apply')}
            </Button>
          )}
        </>
      }
    >
      <section className="panel-part" aria-label={t('quota.applications')}>
        <h3>{t('quota.applications')}</h3>
        {data?.applications.map((each) => (
          <Facts key={each.quotaId}>
            <Fact name={t('ledger.state')}>
              <strong>{t(`quotaState.${each.state}` as TextKey)}</strong>
            </Fact>
            <Fact name={t('quota.seats')}>{String(each.seats)}</Fact>
            <Fact name={t('quota.effectiveFrom')}>{each.effectiveFrom}</Fact>
            <Fact name={t('quota.reason')}>{sayReason(each.reason, locale)}</Fact>
            {each.returnedWhy && <Fact name={t('quota.returnedWhy')}>{each.returnedWhy}</Fact>}
          </Facts>
        ))}
      </section>
      <HistoryPart of="quota" rows={data?.history} />
      {asked === 'apply' && <ApplyDialog application={open} unitId={unitId} category={category} onClose={() => setAsked(null)} />}
      {asked !== null && asked !== 'apply' && open && (
        <ReasonDialog
          title={t(`quotaAction.${asked}`)}
          onClose={() => setAsked(null)}
          onSubmit={(reason) =>
            call('actOnQuota', { params: { quotaId: open.quotaId }, body: { version: open.version, action: asked, reason } }).then(() =>
              client.invalidateQueries({ queryKey: ['quotas'] }),
            )
          }
        />
      )}
    </Panel>
  )
}
