// The drawer beside a list: a heading that takes the reading position when it opens, actions, and parts.
import { CloseOutlined } from '@ant-design/icons'
import { Button, Skeleton } from 'antd'
import { useEffect, useRef } from 'react'
import { ErrorState } from '../State.tsx'
import { useText } from '../texts.ts'
import './panel.css'

type Props = {
  /** Of what is shown: another value means another thing was opened. */
  id: number | string
  title: string | undefined
  kind?: React.ReactNode
  actions?: React.ReactNode
  error?: unknown
  retry?: () => void
  loading?: boolean
  className?: string
  onClose: () => void
  children?: React.ReactNode
}

export function Panel({ id, title, kind, actions, error, retry, loading = false, className, onClose, children }: Props) {
  const { t } = useText()
  const heading = useRef<HTMLHeadingElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when another thing is opened
  useEffect(() => heading.current?.focus({ preventScroll: true }), [id])
  return (
    <aside className={className ? `panel ${className}` : 'panel'} aria-label={title ?? t('kit.details')}>
      <header className="panel-head">
        <h2 ref={heading} tabIndex={-1} className="panel-title">
          {title ?? <span className="bone bone-title" />}
        </h2>
        <Button type="text" icon={<CloseOutlined />} aria-label={t('action.close')} onClick={onClose} />
        {kind && <div className="panel-kind">{kind}</div>}
        {actions && <div className="panel-actions wrap">{actions}</div>}
      </header>
      {error && loading ? (
        <ErrorState error={error} retry={retry} />
      ) : loading ? (
        <div className="panel-body panel-part">
          <Skeleton active title={false} paragraph={{ rows: 6 }} />
        </div>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard, and a panel may hold nothing to press
        <div className="panel-body" tabIndex={0}>
          {children}
        </div>
      )}
    </aside>
  )
}
