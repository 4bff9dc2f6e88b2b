// Roles that must say why they look: asked before the map opens, and shown above it as long as it is open.
import { Form, Input, Modal } from 'antd'
import { useState } from 'react'
import type { Account } from '../../../services/contracts/api.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call, rememberAccount } from '../../kit/api/session.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { useText } from './texts.ts'

const SINCE = 'morin.purposeSinceMs'
export const needsPurpose = (account: Account): boolean =>
  account.permissions['live.view']?.purposeRequired === true && account.livePurpose === null

export function PurposeDialog({ onStated, onClose }: { onStated: () => void; onClose: () => void }) {
  const { t, locale } = useText()
  const [form] = Form.useForm<{ purpose: string }>()
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  async function state({ purpose }: { purpose: string }) {
    setBusy(true)
    setError(null)
    try {
      const account = await call('statePurpose', { body: { purpose: purpose.trim() } })
      sessionStorage.setItem(SINCE, String(Date.now()))
      rememberAccount(account)
      onStated()
    } catch (failure) {
      setError(errorText(failure, t, locale))
    } finally {
      setBusy(false)
    }
  }

  return (
    <Modal
      open
      title={t('purpose.title')}
      okText={t('purpose.submit')}
      cancelText={t('purpose.cancel')}
      confirmLoading={busy}
      onOk={() => form.submit()}
      onCancel={onClose}
      mask={{ closable: false }}
      afterOpenChange={(opened) => opened && form.focusField('purpose')}
    >
      <p className="quiet purpose-text">{t('purpose.text')}</p>
      <Form className="purpose-form" form={form} layout="vertical" requiredMark={false} onFinish={(values) => void state(values)}>
        <Form.Item
          name="purpose"
          label={t('purpose.label')}
          validateStatus={error ? 'error' : undefined}
          help={error ?? undefined}
          rules={[{ required: true, whitespace: true, min: 4, max: 200, message: t('purpose.length') }]}
        >
          <Input.TextArea rows={3} maxLength={200} showCount placeholder={t('purpose.example')} />
        </Form.Item>
      </Form>
    </Modal>
  )
}

/** Who looks, why, since when. */
export function PurposeBar({ account, onChange }: { account: Account; onChange: () => void }) {
  const { t } = useText()
  const since = Number(sessionStorage.getItem(SINCE))
  if (!account.livePurpose) return null
  return (
    <p className="purpose-bar">
      <span>
        {t('purpose.bar')}
        <strong>{account.livePurpose}</strong>
      </span>
      <span>{t('purpose.who', { name: account.displayName })}</span>
      {since > 0 && <span className="figure">{t('purpose.since', { time: formatInstant(since).slice(0, 16) })}</span>}
      <button type="button" className="bare" onClick={onChange}>
        {t('purpose.change')}
      </button>
    </p>
  )
}
