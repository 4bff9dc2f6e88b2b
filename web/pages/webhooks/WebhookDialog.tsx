// Telling another system, or changing what it is told.
import { Checkbox, Input, Switch } from 'antd'
import { useState } from 'react'
import type { Webhook } from '../../../services/contracts/api/webhooks.ts'
import { webhookKinds } from '../../../services/domain/notifications.ts'
import { call, queryClient, useAccount } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { useText } from './texts.ts'

type Kinds = Webhook['kinds']

type Props = { webhook: Webhook | undefined; onSecret: (secret: string) => void; onClose: () => void }

export function WebhookDialog({ webhook, onSecret, onClose }: Props) {
  const { t } = useText()
  const account = useAccount()
  const [name, setName] = useState(webhook?.name ?? '')
  const [url, setUrl] = useState(webhook?.url ?? '')
  const [kinds, setKinds] = useState<Kinds>(webhook ? webhook.kinds : [])
  const [on, setOn] = useState(webhook?.state !== 'off')
  const [organisationId, setOrganisationId] = useState<number | undefined>(account.organisation.organisationId)
  async function save() {
    const fields = { name: name.trim(), url: url.trim(), kinds }
    if (webhook)
      await call('changeWebhook', { params: { webhookId: webhook.webhookId }, body: { ...fields, on, version: webhook.version } })
    else onSecret((await call('makeWebhook', { body: { ...fields, organisationId: organisationId! } })).secret)
    await queryClient.invalidateQueries({ queryKey: ['webhooks'] })
  }
  const ready = name.trim() !== '' && URL.canParse(url.trim()) && kinds?.length !== 0 && organisationId !== undefined
  return (
    <FormDialog title={webhook ? webhook.name : t('webhooks.add')} ready={ready} onSubmit={save} onClose={onClose}>
      <Field name="name" label={t('webhooks.name')} whole>
        <Input value={name} maxLength={60} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field name="url" label={t('webhooks.url')} whole>
        <Input value={url} maxLength={1000} inputMode="url" onChange={(event) => setUrl(event.target.value)} />
      </Field>
      {webhook ? (
        <Field name="on" label={t('webhooks.on')} whole>
          <Switch checked={on} aria-label={t('webhooks.on')} onChange={setOn} />
        </Field>
      ) : (
        <Field name="organisationId" label={t('webhooks.unit')} whole>
          <UnitChoice label={t('webhooks.unit')} required value={organisationId} onChange={setOrganisationId} />
        </Field>
      )}
      <div className="form-whole form-field webhook-kinds">
        <span>{t('webhooks.kinds')}</span>
        <Checkbox
          checked={kinds === null}
          indeterminate={kinds !== null && kinds.length > 0}
          onChange={({ target }) => setKinds(target.checked ? null : [])}
        >
          {t('webhooks.allKinds')}
        </Checkbox>
        <Checkbox.Group
          aria-label={t('webhooks.kinds')}
          value={kinds ?? [...webhookKinds]}
          options={webhookKinds.map((kind) => ({ value: kind, label: t(`eventKind.${kind}`) }))}
          onChange={(chosen) => setKinds(chosen as Kinds)}
        />
      </div>
    </FormDialog>
  )
}
