// A change that needs a reason: what it is, the fields it has, why, and the refusal in words when there is one.
import { Input, Modal } from 'antd'
import { useState } from 'react'
import { ApiError } from '../api/client.ts'
import { errorText } from '../api/errorText.ts'
import { useText } from '../i18n/i18n.ts'

type Props = {
  title: string
  text?: string
  danger?: boolean
  /** False while the fields are not yet what they must be. */
  ready?: boolean
  onSubmit: (reason: string) => Promise<void>
  onClose: () => void
  children?: React.ReactNode
}

export function ReasonDialog({ title, text, danger = false, ready = true, onSubmit, onClose, children }: Props) {
  const { t, locale } = useText()
  const [reason, setReason] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const taken = error instanceof ApiError && error.issues.some(({ message }) => message === 'taken')
  async function submit() {
    setBusy(true)
    setError(null)
    try {
      await onSubmit(reason.trim())
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      open
      title={title}
      okText={title}
      okButtonProps={{ danger, disabled: !ready || reason.trim().length < 4, loading: busy }}
      onOk={() => void submit()}
      onCancel={onClose}
    >
      <div className="policy-fields">
        {text && <p className="quiet policy-wide">{text}</p>}
        {children}
        {/* biome-ignore lint/a11y/noLabelWithoutControl: the text area is the control inside */}
        <label className="policy-wide">
          {t('account.reason')}
          <Input.TextArea
            rows={2}
            maxLength={200}
            value={reason}
            placeholder={t('account.reasonHint')}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        <div role="alert" className="policy-wide">
          {error !== null && <p className="door-error">{taken ? t('account.taken') : errorText(error, t, locale)}</p>}
        </div>
      </div>
    </Modal>
  )
}
