// The map on which a place of a trip is pointed at.
import { Button, Modal } from 'antd'
import { useState } from 'react'
import type { Stop } from '../../../services/contracts/api/tripFields.ts'
import { PointMap } from './PointMap.tsx'
import { tripTexts } from './texts.ts'

type Props = { title: string; value: Stop; onChange: (stop: Stop) => void; onClose: () => void }

export function StopMap({ title, value, onChange, onClose }: Props) {
  const { t } = tripTexts.useText()
  const [point, setPoint] = useState<[number, number] | null>(() =>
    value.lon === null || value.lat === null ? null : [value.lon, value.lat],
  )
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
          <Button type="primary" disabled={!point} onClick={() => point && onChange({ ...value, lon: point[0], lat: point[1] })}>
            {t('stop.take')}
          </Button>
        </>
      }
    >
      <PointMap point={point} onPoint={setPoint} />
    </Modal>
  )
}
