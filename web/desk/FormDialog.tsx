// A dialog that changes something: fields, one verb, and the refusal in words when there is one. It stays open until the server said yes.
import { Modal } from 'antd'
import { useState } from 'react'
import { errorText } from '../api/errorText.ts'
import { useText } from '../i18n/i18n.ts'
import './desk.css'

type Props = {
  title: string
  submitText?: string
  danger?: boolean
  /** False while the fields are not yet what they must be. */
  ready?: boolean
  onSubmit: () => Promise<unknown>
  onClose: () => void
  children: React.ReactNode
}

export function FormDialog({ title, submitText, danger = false, ready = true, onSubmit, onClose, children }: Props) {
  const { t, locale } = useText()
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  async function submit() {
    if (!ready || busy) return
    setBusy(true)
    setError(null)
    try {
      await onSubmit()
      onClose()
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  return (
    <Modal
      open
      title={title}
      okText={submitText ?? t('desk.save')}
      cancelText={t('desk.cancel')}
      okButtonProps={{ danger, disabled: !ready, loading: busy }}
      onOk={() => void submit()}
      onCancel={onClose}
    >
      <form
        className="desk-form"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        {children}
        <div role="alert" className="desk-whole">
          {error !== null && <p className="desk-error">{errorText(error, t, locale)}</p>}
        </div>
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
      </form>
    </Modal>
  )
}

/** A label over its control. `whole`: over both columns. */
export function Field({ label, whole = false, children }: { label: string; whole?: boolean; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className={whole ? 'desk-field desk-whole' : 'desk-field'}>
      <span>{label}</span>
      {children}
    </label>
  )
}
