// The drawer beside a list: a heading that takes the reading position when it opens, actions, and parts.
import { CloseOutlined } from '@ant-design/icons'
import { Button, Skeleton } from 'antd'
import { useEffect, useRef } from 'react'
import { ErrorState } from '../frame/State.tsx'
import { useText } from '../i18n/i18n.ts'
import '../vehicle/vehicle.css'
import './desk.css'

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
    <aside className={className ? `vehicle desk-panel ${className}` : 'vehicle desk-panel'} aria-label={title ?? t('desk.details')}>
      <header className="vehicle-head">
        <h2 ref={heading} tabIndex={-1} className="desk-title">
          {title ?? <span className="bone bone-plate" />}
        </h2>
        <Button type="text" icon={<CloseOutlined />} aria-label={t('action.close')} onClick={onClose} />
        {kind && <div className="vehicle-kind">{kind}</div>}
        {actions && <div className="vehicle-actions desk-wrap">{actions}</div>}
      </header>
      {error && loading ? (
        <ErrorState error={error} retry={retry} />
      ) : loading ? (
        <div className="vehicle-body vehicle-part">
          <Skeleton active title={false} paragraph={{ rows: 6 }} />
        </div>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard, and a panel may hold nothing to press
        <div className="vehicle-body" tabIndex={0}>
          {children}
        </div>
      )}
    </aside>
  )
}
