// Small signs with a shape of their own, so that status and class are never told by colour alone.
import type { VehicleStatus } from '../../../services/domain/status.ts'
import type { VehicleClass } from '../../../services/domain/vehicle.ts'
import { useText } from '../texts.ts'
import './marks.css'

const statusShapes: Record<VehicleStatus, React.ReactNode> = {
  moving: <path d="M8 1.5 13.5 14 8 11.2 2.5 14Z" fill="currentColor" />,
  idle: (
    <>
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.8" />
      <circle cx="8" cy="8" r="2.6" fill="currentColor" />
    </>
  ),
  parked: <circle cx="8" cy="8" r="4" fill="currentColor" />,
  offline: <circle cx="8" cy="8" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.8" strokeDasharray="3 1.7" />,
}

export function StatusMark({ status }: { status: VehicleStatus }) {
  return (
    <svg className={`mark mark-${status}`} viewBox="0 0 16 16" aria-hidden="true">
      {statusShapes[status]}
    </svg>
  )
}

/** The mark and the word. */
export function StatusWord({ status }: { status: VehicleStatus }) {
  const { t } = useText()
  return (
    <span className="status-word">
      <StatusMark status={status} />
      {t(`status.${status}`)}
    </span>
  )
}

const classShapes: Record<VehicleClass, React.ReactNode> = {
  official: <circle cx="8" cy="8" r="5.5" />,
  law_enforcement: <path d="M8 1.8 13.5 3.800V8c0 3.3-2.3 5.3-5.5 6.300C4.8 13.3 2.5 11.3 2.5 8V3.800Z" />,
  leased: <rect x="2.8" y="2.8" width="10.4" height="10.4" rx="1.5" />,
}

export function ClassMark({ vehicleClass }: { vehicleClass: VehicleClass }) {
  return (
    <svg
      className="mark mark-class"
      viewBox="0 0 16 16"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinejoin="round"
    >
      {classShapes[vehicleClass]}
    </svg>
  )
}
