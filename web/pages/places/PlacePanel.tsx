// One place: what it is, where, for whom and how long.
import { Button } from 'antd'
import type { Place } from '../../../services/contracts/api/places.ts'
import { formatCount, formatPlace } from '../../kit/format/number.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { kindText, validText } from './placeWords.ts'
import { useText } from './texts.ts'

type Props = {
  placeId: number
  place: Place | undefined
  error: unknown
  retry: () => void
  onClose: () => void
  onEdit: ((place: Place) => void) | undefined
}

export function PlacePanel({ placeId, place, error, retry, onClose, onEdit }: Props) {
  const { t } = useText()
  return (
    <Panel
      id={placeId}
      title={place?.name}
      kind={place && kindText(place, t)}
      actions={
        place &&
        onEdit &&
        (place.own ? <Button onClick={() => onEdit(place)}>{t('kit.edit')}</Button> : <span className="quiet">{t('place.fromAbove')}</span>)
      }
      error={error}
      retry={retry}
      loading={!place}
      onClose={onClose}
    >
      {place && (
        <section className="panel-part">
          <Facts>
            <Fact name={t('place.unit')}>{place.organisation.name}</Fact>
            <Fact name={t('place.position')}>{formatPlace(place.lon, place.lat)}</Fact>
            <Fact name={t('place.shape')}>
              {place.radiusM === null
                ? t('place.polygonOf', { n: place.corners ?? 0 })
                : t('place.circleOf', { m: formatCount(place.radiusM) })}
            </Fact>
            <Fact name={t('place.valid')}>{validText(place, t)}</Fact>
            {place.note && <Fact name={t('kit.note')}>{place.note}</Fact>}
          </Facts>
          {place.kind === 'sensitive' && <p className="warn-box">{t('places.sensitiveNote')}</p>}
        </section>
      )}
    </Panel>
  )
}
