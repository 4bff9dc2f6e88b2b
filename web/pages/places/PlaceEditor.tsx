// Entering or changing a place, with its shape drawn on the map beside it. The list of corners is the map's equal for the keyboard.
import { Button, Input, InputNumber, Radio, Select } from 'antd'
import { useEffect, useState } from 'react'
import type { Place } from '../../../services/contracts/api/places.ts'
import { refusalSentence } from '../../../services/contracts/refusals.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { MAX_RADIUS_M, MAX_VERTICES, MIN_RADIUS_M, type Shape, withoutDoubledCorners } from '../../../services/domain/geofence.ts'
import { findShapeProblem, type PlaceKind, placeKinds, type SensitiveKind, sensitiveKinds } from '../../../services/domain/places.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call, queryClient, useAccount } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import type { Draft } from '../../map/placeMap.ts'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { useText } from './texts.ts'

type Props = {
  place: Place | undefined
  draft: Draft | null
  onDraft: (draft: Draft | null) => void
  /** A position was typed: show it. */
  onTyped: (point: [number, number]) => void
  onClose: () => void
  onSaved: (placeId: number) => void
}

const DEFAULT_RADIUS_M = 100
const draftOf = (shape: Shape): Draft =>
  shape.type === 'circle'
    ? { type: 'circle', centre: [...shape.centre], radiusM: shape.radiusM }
    : { type: 'polygon', corners: shape.ring.slice(0, -1).map(([lon, lat]) => [lon, lat]) }

function shapeOf(draft: Draft | null): Shape | undefined {
  if (!draft) return undefined
  if (draft.type === 'circle') return Number.isNaN(draft.centre[0]) ? undefined : draft
  return draft.corners.length < 3 ? undefined : { type: 'polygon', ring: withoutDoubledCorners([...draft.corners, draft.corners[0]!]) }
}

export function PlaceEditor({ place, draft, onDraft, onTyped, onClose, onSaved }: Props) {
  const { t, locale } = useText()
  const account = useAccount()
  const [name, setName] = useState(place?.name ?? '')
  const [kind, setKind] = useState<PlaceKind>(place?.kind ?? 'designated_lot')
  const [sensitiveKind, setSensitiveKind] = useState<SensitiveKind>(place?.sensitiveKind ?? 'hotel')
  const [organisationId, setOrganisationId] = useState<number | undefined>(
    place?.organisation.organisationId ?? account.organisation.organisationId,
  )
  const [validFrom, setValidFrom] = useState(place?.validFrom ?? dayAt(Date.now()))
  const [validUntil, setValidUntil] = useState(place?.validUntil ?? '')
  const [note, setNote] = useState(place?.note ?? '')
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const none: Draft = { type: 'polygon', corners: [] }

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the editor opens
  useEffect(() => onDraft(place ? draftOf(place.shape) : none), [])

  const current = draft ?? none
  const shape = shapeOf(draft)
  const problem = shape && findShapeProblem(shape, kind)
  const ready = name.trim() !== '' && shape !== undefined && !problem && validFrom !== '' && organisationId !== undefined
  const point = /^\s*(-?\d+(?:\.\d+)?)\s*[,，\s]\s*(-?\d+(?:\.\d+)?)\s*$/.exec(typed)

  async function save() {
    setBusy(true)
    setError(null)
    const fields = {
      name,
      kind,
      sensitiveKind: kind === 'sensitive' ? sensitiveKind : null,
      shape: shape as { type: 'circle'; centre: [number, number]; radiusM: number } | { type: 'polygon'; ring: [number, number][] },
      validFrom,
      validUntil: validUntil || null,
      note: note || null,
    }
    try {
      const placeId = place ? place.placeId : (await call('createPlace', { body: { ...fields, organisationId: organisationId! } })).placeId
      if (place) await call('editPlace', { params: { placeId }, body: { ...fields, version: place.version } })
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: ['places'] }),
        queryClient.invalidateQueries({ queryKey: ['place', placeId] }),
      ])
      onSaved(placeId)
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }

  /** A position that was typed does what a click there would do. */
  function add() {
    if (!point) return
    const at: [number, number] = [Number(point[2]), Number(point[1])]
    onDraft(current.type === 'circle' ? { ...current, centre: at } : { type: 'polygon', corners: [...current.corners, at] })
    onTyped(at)
    setTyped('')
  }

  return (
    <Panel
      id={place?.placeId ?? 'new'}
      title={place ? t('places.edit') : t('places.add')}
      className="place-editor"
      onClose={onClose}
      actions={
        <>
          <Button type="primary" disabled={!ready} loading={busy} onClick={() => void save()}>
            {t('kit.save')}
          </Button>
          <Button onClick={onClose}>{t('kit.cancel')}</Button>
        </>
      }
    >
      <div className="panel-part form-grid">
        <div role="alert" className="form-whole">
          {error !== null && <p className="error-text">{errorText(error, t, locale)}</p>}
        </div>
        <Field label={t('place.name')} whole>
          <Input value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field label={t('place.kind')} whole={kind !== 'sensitive'}>
          <Select
            aria-label={t('place.kind')}
            value={kind}
            options={placeKinds.map((value) => ({ value, label: t(`placeKind.${value}`) }))}
            onChange={setKind}
          />
        </Field>
        {kind === 'sensitive' && (
          <Field label={t('place.sensitiveKind')}>
            <Select
              aria-label={t('place.sensitiveKind')}
              value={sensitiveKind}
              options={sensitiveKinds.map((value) => ({ value, label: t(`sensitiveKind.${value}`) }))}
              onChange={setSensitiveKind}
            />
          </Field>
        )}
        {!place && (
          <Field label={t('place.unit')} whole>
            <UnitChoice label={t('place.unit')} value={organisationId} onChange={setOrganisationId} required />
          </Field>
        )}
        <div className="form-whole form-field">
          <span>{t('place.shape')}</span>
          <Radio.Group
            aria-label={t('place.shape')}
            value={current.type}
            options={[
              { value: 'polygon', label: t('place.polygon') },
              { value: 'circle', label: t('place.circle') },
            ]}
            onChange={(event) =>
              onDraft(
                event.target.value === 'circle' ? { type: 'circle', centre: [Number.NaN, Number.NaN], radiusM: DEFAULT_RADIUS_M } : none,
              )
            }
          />
          <p className="quiet">{current.type === 'circle' ? t('place.drawCircle') : t('place.drawPolygon')}</p>
        </div>
        {current.type === 'circle' ? (
          <Field label={t('place.radius')}>
            <InputNumber
              min={MIN_RADIUS_M}
              max={MAX_RADIUS_M}
              value={current.radiusM}
              onChange={(radiusM) => radiusM !== null && onDraft({ ...current, radiusM })}
            />
          </Field>
        ) : (
          <div className="form-whole button-row">
            <Button
              size="small"
              disabled={current.corners.length === 0}
              onClick={() => onDraft({ type: 'polygon', corners: current.corners.slice(0, -1) })}
            >
              {t('place.undo')}
            </Button>
            <Button size="small" disabled={current.corners.length === 0} onClick={() => onDraft(none)}>
              {t('place.redraw')}
            </Button>
            <span className="quiet figure">{t('place.polygonOf', { n: current.corners.length })}</span>
          </div>
        )}
        <Field label={t('place.position')} whole>
          <Input
            value={typed}
            placeholder="40.81700, 111.66400"
            status={typed && !point ? 'warning' : undefined}
            disabled={current.type === 'polygon' && current.corners.length >= MAX_VERTICES}
            onChange={(event) => setTyped(event.target.value)}
            onPressEnter={add}
            onBlur={add}
          />
        </Field>
        <p className={problem ? 'form-whole error-text' : 'form-whole quiet'} aria-live="polite">
          {problem ? refusalSentence(`place.shape.${problem}`, {}, locale) : shape ? '' : t('place.notDrawn')}
        </p>
        <Field label={t('place.validFrom')}>
          <Input type="date" value={validFrom} onChange={(event) => setValidFrom(event.target.value)} />
        </Field>
        <Field label={t('place.validUntil')}>
          <Input type="date" value={validUntil} onChange={(event) => setValidUntil(event.target.value)} />
        </Field>
        <Field label={t('kit.note')} whole>
          <Input value={note} maxLength={400} onChange={(event) => setNote(event.target.value)} />
        </Field>
      </div>
    </Panel>
  )
}
