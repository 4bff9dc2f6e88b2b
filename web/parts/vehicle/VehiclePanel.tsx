// One vehicle, the same beside the map and beside the list: who it is, its last report, its day.
import { CloseOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Skeleton } from 'antd'
import { useEffect, useRef } from 'react'
import { isSecretNo } from '../../../services/domain/secrecy.ts'
import { may, useAccount } from '../../kit/api/session.ts'
import { ErrorState } from '../../kit/State.tsx'
import { ClassMark } from '../marks/Marks.tsx'
import { Plate } from '../marks/Plate.tsx'
import { SecretMark } from '../marks/SecretMark.tsx'
import { useText } from '../texts.ts'
import { Identity } from './Identity.tsx'
import { LastReport } from './LastReport.tsx'
import type { LiveReport } from './liveReport.ts'
import { vehicleQuery } from './queries.ts'
import { SecretPanel } from './SecretPanel.tsx'
import '../../kit/panel/panel.css'
import './vehicle.css'

type Props = {
  vehicleId: number
  /** A newer report than the server's detail, where a live line brings one. */
  report: LiveReport | null
  onClose: () => void
  actions?: React.ReactNode
  /** Trips and trail; left out where the role may not see tracks. */
  children?: React.ReactNode
}

/** A vehicle that is seen coarsely has a number and no file. */
export function VehiclePanel(props: Props) {
  return isSecretNo(props.vehicleId) ? <SecretPanel secretNo={props.vehicleId} onClose={props.onClose} /> : <OpenPanel {...props} />
}

function OpenPanel({ vehicleId, report, onClose, actions, children }: Props) {
  const { t } = useText()
  const account = useAccount()
  const heading = useRef<HTMLHeadingElement>(null)
  const { data, error, refetch } = useQuery(vehicleQuery(vehicleId))

  // Opening moves the reading position here; the data arriving later does not.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when another vehicle is opened
  useEffect(() => heading.current?.focus({ preventScroll: true }), [vehicleId])

  return (
    <aside className="panel" aria-label={t('vehicle.title')}>
      <header className="panel-head">
        <h2 ref={heading} tabIndex={-1}>
          {data ? <Plate plate={data.plate} colour={data.plateColour} large /> : <span className="bone bone-title" />}
          <span className="visually-hidden">{t('vehicle.title')}</span>
        </h2>
        <Button type="text" icon={<CloseOutlined />} aria-label={t('action.close')} onClick={onClose} />
        {data && (
          <p className="panel-kind">
            <SecretMark secret={data.secret} until={data.unmaskedUntil} /> <ClassMark vehicleClass={data.class} />{' '}
            {[...new Set([t(`class.${data.class}`), t(`category.${data.category}`)])].join(' · ')}
          </p>
        )}
        {actions && <div className="panel-actions">{actions}</div>}
      </header>
      {error && !data ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : data ? (
        <div className="panel-body">
          <LastReport vehicle={data} report={report?.vehicleId === vehicleId ? report : null} />
          {may(account, 'track.view') && children}
          <Identity vehicle={data} />
        </div>
      ) : (
        <div className="panel-body">
          <Skeleton active title={false} paragraph={{ rows: 5 }} />
          <Skeleton active title={false} paragraph={{ rows: 6 }} />
        </div>
      )}
    </aside>
  )
}
