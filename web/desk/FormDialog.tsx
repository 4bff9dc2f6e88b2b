// A dialog that changes something: fields, one verb, and the refusal in words when there is one. It stays open until the server said yes.
// What was typed is not lost by a slip: leaving asks first. Who was overtaken by somebody else's change is offered what is there now.
import { useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useRef, useState } from 'react'
import { ApiError } from '../api/client.ts'
import { errorText } from '../api/errorText.ts'
import { useText } from '../i18n/i18n.ts'
import { useUnsaved } from '../unsaved.ts'
import './desk.css'

/** What takes the focus when the dialog opens: the first thing to fill in. */
const CONTROLS = 'input:not([type="hidden"]), textarea, button:not([hidden])'

type Props = {
  title: string
  submitText?: string
  danger?: boolean
  /** False while the fields are not yet what they must be. */
  ready?: boolean
  /** What this dialog says about a refusal better than the catalogue does; null = the catalogue's sentence. */
  explain?: (error: unknown) => string | null
  onSubmit: () => Promise<unknown>
  onClose: () => void
  children: React.ReactNode
}

export function FormDialog({ title, submitText, danger = false, ready = true, explain, onSubmit, onClose, children }: Props) {
  const { t, locale } = useText()
  const client = useQueryClient()
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const [touched, setTouched] = useState(false)
  const [leaving, setLeaving] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  useUnsaved(touched, t('desk.unsavedLeave'), busy)
  const overtaken = error instanceof ApiError && error.code === 'CONFLICT'
  async function submit() {
    if (!ready || busy) return
    setBusy(true)
    setError(null)
    try {
      await onSubmit()
      onClose()
    } catch (failure) {
      // When the session has ended, the door lies over this dialog and says so.
      if (!(failure instanceof ApiError && failure.code === 'NOT_SIGNED_IN')) setError(failure)
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
      onCancel={() => (touched && !leaving ? setLeaving(true) : onClose())}
      mask={{ closable: !touched }}
      afterOpenChange={(opened) => opened && form.current?.querySelector<HTMLElement>(CONTROLS)?.focus()}
      footer={leaving ? <Leaving onStay={() => setLeaving(false)} onLeave={onClose} /> : undefined}
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: nothing is done by the click; it is seen that something was chosen */}
      <form
        ref={form}
        className="desk-form"
        // What is chosen in a list that hangs outside the dialog comes up here too: events follow the tree of components.
        onInput={() => setTouched(true)}
        onClick={(event) => {
          if ((event.target as Element).closest('.ant-select-item-option, .ant-picker-cell, .picker-row')) setTouched(true)
        }}
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        {children}
        <div role="alert" className="desk-whole">
          {error !== null && <p className="desk-error">{explain?.(error) ?? errorText(error, t, locale)}</p>}
          {overtaken && (
            <>
              <p className="quiet">{t('desk.conflictText')}</p>
              <Button
                onClick={() => {
                  void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
                  onClose()
                }}
              >
                {t('desk.conflictReload')}
              </Button>
            </>
          )}
        </div>
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
      </form>
    </Modal>
  )
}

function Leaving({ onStay, onLeave }: { onStay: () => void; onLeave: () => void }) {
  const { t } = useText()
  return (
    <div className="desk-leaving" role="alert">
      <span>{t('desk.unsaved')}</span>
      <Button danger onClick={onLeave}>
        {t('desk.discard')}
      </Button>
      <Button type="primary" autoFocus onClick={onStay}>
        {t('desk.keepEditing')}
      </Button>
    </div>
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
