// 我的账号: calendars of one's own trips, or of a vehicle, for a calendar program. The address is the key: it is shown once, changed, or taken back.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import type { Feed } from '../../../services/contracts/api/feeds.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call, useAccount } from '../../kit/api/session.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { VehicleChoice } from '../../parts/vehicle/VehicleChoice.tsx'
import { OneTime } from './OneTime.tsx'
import { useText } from './texts.ts'

type Chosen = { vehicleId: number; plate: string }

export function FeedPart() {
  const { t, locale } = useText()
  const cache = useQueryClient()
  const { role, permissions } = useAccount()
  const { data } = useQuery({ queryKey: ['me', 'feeds'], queryFn: ({ signal }) => call('listFeeds', { signal }) })
  const [vehicle, setVehicle] = useState<Chosen | null>(null)
  const [ending, setEnding] = useState<Feed | null>(null)
  const [url, setUrl] = useState<string | null>(null)
  const [fault, setFault] = useState<unknown>(null)
  async function attempt(work: () => Promise<unknown>) {
    setFault(null)
    await work().catch(setFault)
    await cache.invalidateQueries({ queryKey: ['me', 'feeds'] })
  }
  const make = (body: { vehicleId?: number }) =>
    attempt(async () => {
      setUrl((await call('makeFeed', { body })).url)
      setVehicle(null)
    })
  const ofVehicles = permissions['order.view'].reach === 'scope' && permissions['live.view'].reach === 'scope'
  return (
    <section className="card" aria-labelledby="me-feeds">
      <h2 id="me-feeds">{t('feeds.title')}</h2>
      <p className="quiet">{t('feeds.text')}</p>
      <ul className="identity-list">
        {data?.rows.map((feed) => (
          <li key={feed.feedId}>
            <span>{feed.driver ?? (feed.plate === null ? t('feeds.hidden') : plateAsPrinted(feed.plate))}</span>{' '}
            <span className="quiet">
              {feed.readAt === null ? t('feeds.unread') : t('feeds.readAt', { time: formatInstant(Date.parse(feed.readAt)) })}
            </span>{' '}
            <Button
              size="small"
              onClick={() => void attempt(async () => setUrl((await call('renewFeed', { params: { feedId: feed.feedId } })).url))}
            >
              {t('feeds.renew')}
            </Button>{' '}
            <Button size="small" danger onClick={() => setEnding(feed)}>
              {t('feeds.revoke')}
            </Button>
          </li>
        ))}
      </ul>
      <p className="button-row">
        {role === 'driver' && <Button onClick={() => void make({})}>{t('feeds.own')}</Button>}
        {ofVehicles && (
          <>
            <VehicleChoice label={t('feeds.vehicle')} value={vehicle} onChange={setVehicle} />
            <Button disabled={vehicle === null} onClick={() => void make({ vehicleId: vehicle!.vehicleId })}>
              {t('feeds.make')}
            </Button>
          </>
        )}
      </p>
      <div role="alert">{fault !== null && <p className="error-text">{errorText(fault, t, locale)}</p>}</div>
      {ending && (
        <Modal
          open
          title={t('feeds.revoke')}
          okButtonProps={{ danger: true }}
          onOk={() => {
            setEnding(null)
            void attempt(() => call('revokeFeed', { params: { feedId: ending.feedId } }))
          }}
          onCancel={() => setEnding(null)}
        >
          <p>{t('feeds.revokeText')}</p>
        </Modal>
      )}
      {url !== null && <OneTime title={t('feeds.address')} text={t('feeds.addressText')} secret={url} onClose={() => setUrl(null)} />}
    </section>
  )
}
