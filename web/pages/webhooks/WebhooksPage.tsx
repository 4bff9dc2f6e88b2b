// 外部接口: other systems that are told what happens; what was sent to each, and what it answered.
import { useQuery } from '@tanstack/react-query'
import { Button, Modal, Tag } from 'antd'
import { useState } from 'react'
import type { Webhook } from '../../../services/contracts/api/webhooks.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call, queryClient } from '../../kit/api/session.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { AddButton } from '../../kit/list/AddButton.tsx'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { Deliveries } from './Deliveries.tsx'
import { type Text, useText } from './texts.ts'
import { WebhookDialog } from './WebhookDialog.tsx'
import '../../kit/panel/cards.css'
import './webhooks.css'

const tagOf = { active: 'success', failing: 'warning', off: 'default' } as const

export function WebhooksPage() {
  const { t } = useText()
  const { data, error, refetch } = useQuery({ queryKey: ['webhooks'], queryFn: ({ signal }) => call('listWebhooks', { signal }) })
  const [asked, setAsked] = useState<Webhook | 'new' | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  return (
    <div className="cards-page webhooks">
      <div className="card-head">
        <h1>{t('page.webhooks')}</h1>
        <AddButton needs="webhook.manage" onClick={() => setAsked('new')}>
          {t('webhooks.add')}
        </AddButton>
      </div>
      <p className="quiet">{t('webhooks.text')}</p>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {data?.rows.length === 0 && <EmptyState title={t('webhooks.none')} text={t('webhooks.noneText')} />}
      {data?.rows.map((webhook) => (
        <OneWebhook key={webhook.webhookId} webhook={webhook} onChange={() => setAsked(webhook)} onSecret={setSecret} />
      ))}
      {asked !== null && (
        <WebhookDialog webhook={asked === 'new' ? undefined : asked} onSecret={setSecret} onClose={() => setAsked(null)} />
      )}
      {secret !== null && (
        <Modal
          open
          title={t('webhooks.secret')}
          mask={{ closable: false }}
          footer={
            <Button type="primary" onClick={() => setSecret(null)}>
              {t('webhooks.secretKept')}
            </Button>
          }
          onCancel={() => setSecret(null)}
        >
          <p>{t('webhooks.secretText')}</p>
          <p>
            <code>{secret}</code>
          </p>
        </Modal>
      )}
    </div>
  )
}

const kindsText = (kinds: Webhook['kinds'], t: Text): string =>
  kinds === null ? t('webhooks.allKinds') : kinds.map((kind) => t(`eventKind.${kind}`)).join(t('search.comma'))

type OneProps = { webhook: Webhook; onChange: () => void; onSecret: (secret: string) => void }

function OneWebhook({ webhook, onChange, onSecret }: OneProps) {
  const { t, locale } = useText()
  const [renewing, setRenewing] = useState(false)
  const [fault, setFault] = useState<unknown>(null)
  const params = { webhookId: webhook.webhookId }
  async function attempt(work: () => Promise<unknown>) {
    setFault(null)
    await work().catch(setFault)
    await queryClient.invalidateQueries({ queryKey: ['webhooks'] })
  }
  return (
    <section className="card" aria-label={webhook.name}>
      <h2>
        {webhook.name} <Tag color={tagOf[webhook.state]}>{t(`webhookState.${webhook.state}`)}</Tag>
      </h2>
      <p className="webhook-url">{webhook.url}</p>
      <p className="quiet">
        {webhook.organisation.name} · {kindsText(webhook.kinds, t)}
      </p>
      {webhook.failingSince && (
        <p className="alarm">{t('webhooks.failingSince', { time: formatInstant(Date.parse(webhook.failingSince)) })}</p>
      )}
      <p className="button-row">
        <Button onClick={onChange}>{t('webhooks.change')}</Button>
        <Button onClick={() => void attempt(() => call('testWebhook', { params }))}>{t('webhooks.test')}</Button>
        <Button onClick={() => setRenewing(true)}>{t('webhooks.renew')}</Button>
      </p>
      <div role="alert">{fault !== null && <p className="error-text">{errorText(fault, t, locale)}</p>}</div>
      <Deliveries webhookId={webhook.webhookId} />
      {renewing && (
        <Modal
          open
          title={t('webhooks.renew')}
          okButtonProps={{ danger: true }}
          onOk={() => {
            setRenewing(false)
            void attempt(async () => onSecret((await call('renewWebhookSecret', { params, body: { version: webhook.version } })).secret))
          }}
          onCancel={() => setRenewing(false)}
        >
          <p>{t('webhooks.renewText')}</p>
        </Modal>
      )}
    </section>
  )
}
