// A place of a trip: named, found among towns and places, or pointed at on the map. Where it is stays known until it is taken back or another is
// found.
import { EnvironmentOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { AutoComplete, Button, Space } from 'antd'
import { lazy, Suspense, useRef, useState } from 'react'
import type { Stop } from '../../../services/contracts/api/tripFields.ts'
import { call } from '../../kit/api/session.ts'
import { useSettled } from '../../kit/useSettled.ts'
import { tripTexts } from './texts.ts'
import './trip.css'

const StopMap = lazy(() => import('./StopMap.tsx').then((module) => ({ default: module.StopMap })))
const FOUND = 8

type Props = { label: string; placeholder: string; value: Stop; onChange: (stop: Stop) => void }

export function StopField({ label, placeholder, value, onChange }: Props) {
  const { t } = tripTexts.useText()
  const [pointing, setPointing] = useState(false)
  const [typed, setTyped] = useState('')
  /** Where it is was pointed at: it may be called anything. */
  const pointed = useRef(false)
  const q = useSettled(typed, 250)
  const found = useQuery({
    queryKey: ['places', 'named', q],
    enabled: q.trim().length > 0,
    queryFn: ({ signal }) => call('findStops', { query: { q: q.trim(), limit: FOUND }, signal }),
  })
  const known = value.lon !== null
  return (
    <>
      <Space.Compact block>
        <AutoComplete
          className="stop-name"
          aria-label={label}
          value={value.name}
          maxLength={80}
          placeholder={placeholder}
          options={(found.data?.rows ?? []).map(({ name, of }) => ({ value: name, key: `${name} ${of}` }))}
          onSearch={setTyped}
          onChange={(name: string) => onChange(pointed.current ? { ...value, name } : { name, lon: null, lat: null })}
          onSelect={(name: string) => {
            const place = found.data?.rows.find((each) => each.name === name)
            if (!place) return
            pointed.current = false
            onChange({ name, lon: place.lon, lat: place.lat })
          }}
        />
        <Button
          icon={<EnvironmentOutlined />}
          type={known ? 'primary' : 'default'}
          ghost={known}
          aria-label={t(known ? 'stop.placed' : 'stop.point', { what: label })}
          title={t(known ? 'stop.placed' : 'stop.point', { what: label })}
          onClick={() => setPointing(true)}
        />
      </Space.Compact>
      {pointing && (
        <Suspense>
          <StopMap
            title={t('stop.point', { what: label })}
            value={value}
            onClose={() => setPointing(false)}
            onChange={(stop) => {
              pointed.current = stop.lon !== null
              onChange(stop)
              setPointing(false)
            }}
          />
        </Suspense>
      )}
    </>
  )
}
