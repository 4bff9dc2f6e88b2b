// The map on which a place of a trip is pointed at.
import { Button, Modal } from 'antd'
import { useRef, useState } from 'react'
import type { Stop } from '../../../services/contracts/api/tripFields.ts'
import { formatPlace } from '../../kit/format/number.ts'
import { ErrorState } from '../../kit/State.tsx'
import type { ShownPlace } from '../../map/placeMap.ts'
import { usePlaceMap } from '../../map/usePlaceMap.ts'
import { tripTexts } from './texts.ts'

const none: readonly ShownPlace[] = []
/** As large as a gate that one waits at. */
const RADIUS_M = 60

type Props = { title: string; value: Stop; onChange: (stop: Stop) => void; onClose: () => void }

export function StopMap({ title, value, onChange, onClose }: Props) {
  const { t } = tripTexts.useText()
  const container = useRef<HTMLDivElement>(null)
  const [draft, setDraft] = useState(() => ({
    type: 'circle' as const,
    centre: [value.lon ?? Number.NaN, value.lat ?? Number.NaN] as [number, number],
    radiusM: RADIUS_M,
  }))
  const [lon, lat] = draft.centre
  const placed = !Number.isNaN(lon)
  const point = (centre: [number, number]) => setDraft((old) => ({ ...old, centre }))
  const { failure } = usePlaceMap({
    container,
    places: none,
    selected: null,
    draft,
    drawing: true,
    onBox: () => undefined,
    onOpen: () => undefined,
    onPoint: point,
    onDrag: (_corner, at) => point(at),
  })
  const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6
  return (
    <Modal
      open
      title={title}
      width={760}
      onCancel={onClose}
      footer={
        <>
          {value.lon !== null && <Button onClick={() => onChange({ ...value, lon: null, lat: null })}>{t('stop.remove')}</Button>}
          <Button onClick={onClose}>{t('kit.cancel')}</Button>
          <Button type="primary" disabled={!placed} onClick={() => onChange({ ...value, lon: round(lon), lat: round(lat) })}>
            {t('stop.take')}
          </Button>
        </>
      }
    >
      {failure ? <ErrorState error={failure} /> : <div ref={container} className="stop-map" />}
      <p className="quiet figure" role="status">
        {placed ? formatPlace(lon, lat) : t('stop.hint')}
      </p>
    </Modal>
  )
}
