// A dialog that changes something: fields, one verb, and the refusal in words when there is one. It stays open until the server said yes.
// What was typed is not lost by a slip: leaving asks first. Who was overtaken by somebody else's change is offered what is there now; any
// other refusal leaves what was typed where it is, and one that concerns a field is said at that field.
import { useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { createContext, useContext, useEffect, useRef, useState } from 'react'
import { ApiError } from '../api/client.ts'
import { errorText, issueText } from '../api/errorText.ts'
import type { Locale } from '../format/time.ts'
import { useText } from '../texts.ts'
import { useUnsaved } from '../useUnsaved.ts'
import './form.css'

/** What takes the focus when the dialog opens: the first thing to fill in. */
const CONTROLS = 'input:not([type="hidden"]), textarea, button:not([hidden])'

type Props = {
  title: string
  submitText?: string
  danger?: boolean
  /** For what does not fit into the usual breadth, px. */
  width?: number
  /** False while the fields are not yet what they must be. */
  ready?: boolean
  /** What this dialog says about a refusal better than the catalogue does; null = the catalogue's sentence. */
  explain?: (error: unknown) => string | null
  onSubmit: () => Promise<unknown>
  onClose: () => void
  children: React.ReactNode
}

export function FormDialog({ title, submitText, danger = false, width, ready = true, explain, onSubmit, onClose, children }: Props) {
  const { t, locale } = useText()
  const client = useQueryClient()
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const [touched, setTouched] = useState(false)
  const [leaving, setLeaving] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  useUnsaved(touched, t('kit.unsavedLeave'), busy)
  const fields = useRef(new Map<string, HTMLElement>())
  const wrong = fieldErrors(error, fields.current, locale)
  const atFields = Object.keys(wrong).length > 0
  const overtaken = error instanceof ApiError && error.code === 'CHANGED_MEANWHILE'
  const whole = useRef<HTMLDivElement>(null)
  // A long form scrolls: what was refused is not left below its edge.
  useEffect(() => {
    if (error !== null && !atFields) whole.current?.scrollIntoView({ block: 'nearest' })
  }, [error, atFields])
  const first = Object.keys(wrong)[0]
  useEffect(() => {
    if (first !== undefined) fields.current.get(first)?.querySelector<HTMLElement>(CONTROLS)?.focus()
  }, [first])
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
      width={width}
      okText={submitText ?? t('kit.save')}
      cancelText={t('kit.cancel')}
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
        className="form-grid"
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
        <FieldErrors.Provider value={{ wrong, known: fields.current }}>{children}</FieldErrors.Provider>
        <div ref={whole} role="alert" className="form-whole">
          {error !== null && !atFields && <p className="error-text">{explain?.(error) ?? errorText(error, t, locale)}</p>}
          {overtaken && (
            <>
              <p className="quiet">{t('kit.conflictText')}</p>
              <Button
                onClick={() => {
                  void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
                  onClose()
                }}
              >
                {t('kit.conflictReload')}
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
    <div className="form-leaving" role="alert">
      <span>{t('kit.unsaved')}</span>
      <Button danger onClick={onLeave}>
        {t('kit.discard')}
      </Button>
      <Button type="primary" autoFocus onClick={onStay}>
        {t('kit.keepEditing')}
      </Button>
    </div>
  )
}

type Errors = { wrong: Readonly<Record<string, string>>; known: Map<string, HTMLElement> }
const FieldErrors = createContext<Errors>({ wrong: {}, known: new Map() })

/** `body.set.plate` → the field `plate`, if the dialog shows it: the innermost name of the path that it knows. */
function fieldErrors(error: unknown, known: ReadonlyMap<string, HTMLElement>, locale: Locale): Record<string, string> {
  if (!(error instanceof ApiError) || error.code === 'CHANGED_MEANWHILE') return {}
  const said = error.issues.map((issue) => ({
    field: issue.path.split('.').findLast((part) => known.has(part)),
    text: issueText(issue, locale),
  }))
  // Only when every one of them has its place: nothing is left unsaid.
  if (said.some(({ field, text }) => field === undefined || text === undefined)) return {}
  return Object.fromEntries(said.map(({ field, text }) => [field!, text!]))
}

/** A label over its control. `whole`: over both columns. `name`: as paths of refusals name it; what is wrong with it is said here. */
export function Field({
  label,
  name,
  whole = false,
  required = false,
  children,
}: {
  label: string
  name?: string
  whole?: boolean
  /** Marked, where a form has both: what is missing keeps it from being sent. */
  required?: boolean
  children: React.ReactNode
}) {
  const { wrong, known } = useContext(FieldErrors)
  const own = useRef<HTMLLabelElement>(null)
  useEffect(() => {
    if (!name || !own.current) return
    known.set(name, own.current)
    return () => void known.delete(name)
  }, [name, known])
  const error = name === undefined ? undefined : wrong[name]
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label
      ref={own}
      className={`form-field${whole ? ' form-whole' : ''}${required ? ' form-field-required' : ''}${error ? ' form-field-wrong' : ''}`}
    >
      <span>{label}</span>
      {children}
      {error && (
        <span role="alert" className="error-text">
          {error}
        </span>
      )}
    </label>
  )
}
