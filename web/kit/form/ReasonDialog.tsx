// A change and why it is made: the reason goes on record with it.
import { Input } from 'antd'
import { useState } from 'react'
import { useText } from '../texts.ts'
import { Field, FormDialog } from './FormDialog.tsx'

const LEAST = 4

type Props = {
  title: string
  text?: string
  submitText?: string
  danger?: boolean
  width?: number
  ready?: boolean
  explain?: (error: unknown) => string | null
  onSubmit: (reason: string) => Promise<unknown>
  onClose: () => void
  children?: React.ReactNode
}

export function ReasonDialog({
  title,
  text,
  submitText = title,
  danger,
  width,
  ready = true,
  explain,
  onSubmit,
  onClose,
  children,
}: Props) {
  const { t } = useText()
  const [reason, setReason] = useState('')
  return (
    <FormDialog
      title={title}
      submitText={submitText}
      danger={danger}
      width={width}
      ready={ready && reason.trim().length >= LEAST}
      explain={explain}
      onSubmit={() => onSubmit(reason.trim())}
      onClose={onClose}
    >
      {text && <p className="quiet form-whole">{text}</p>}
      {children}
      <Field label={t('reason.title')} whole>
        <Input.TextArea
          rows={2}
          maxLength={200}
          value={reason}
          placeholder={t('reason.hint')}
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
    </FormDialog>
  )
}
