// One driver: file, duty, loans, history; and what may be done about him, by the tables of states and permissions.
import { useQuery } from '@tanstack/react-query'
import { Button, Tabs } from 'antd'
import { useState } from 'react'
import type { DriverDetail } from '../../services/contracts/api/drivers.ts'
import { dayAt } from '../../services/contracts/days.ts'
import { type DriverState, driverMoves } from '../../services/contracts/duty.ts'
import { plateAsPrinted } from '../../services/contracts/vehicle.ts'
import { may, useAccount } from '../api/session.ts'
import { History } from '../audit/History.tsx'
import { Panel } from '../desk/Panel.tsx'
import { useOrganisations } from '../filters/organisations.ts'
import { MISSING } from '../format/number.ts'
import { useText } from '../i18n/i18n.ts'
import { useUrl, withEntries } from '../useUrl.ts'
import { Fact, Facts } from '../vehicle/Facts.tsx'
import { DriverDialog } from './DriverDialog.tsx'
import { DutyPart } from './DutyPart.tsx'
import { FitnessPart } from './FitnessPart.tsx'
import { LoansPart } from './LoansPart.tsx'
import { Expiry, StatusTag } from './marks.tsx'
import { driverHistoryQuery, driverQuery } from './queries.ts'
import { LendDialog, MoveDialog, StateDialog } from './StandingDialogs.tsx'

type Open = 'edit' | 'move' | 'lend' | DriverState | null
const tabs = ['file', 'duty', 'loans', 'fitness', 'history'] as const

export function DriverPanel({ driverId, onClose }: { driverId: number; onClose: () => void }) {
  const { t } = useText()
  const account = useAccount()
  const tree = useOrganisations()
  const { url, change } = useUrl()
  const tab = tabs.find((each) => each === url.tab) ?? 'file'
  const { data: driver, error, refetch } = useQuery(driverQuery(driverId))
  const [open, setOpen] = useState<Open>(null)
  // Who is only lent here is managed at home.
  const manages = may(account, 'driver.manage') && driver !== undefined && tree?.byId.has(driver.organisation.organisationId) === true
  const close = () => setOpen(null)
  return (
    <Panel
      id={driverId}
      title={driver?.name}
      kind={
        driver && (
          <>
            <StatusTag status={driver.status} /> {driver.organisation.name}
          </>
        )
      }
      actions={
        manages && (
          <>
            <Button onClick={() => setOpen('edit')}>{t('desk.edit')}</Button>
            {driver.state !== 'retired' && <Button onClick={() => setOpen('move')}>{t('driverAct.move')}</Button>}
            {driver.state !== 'retired' && <Button onClick={() => setOpen('lend')}>{t('driverAct.lend')}</Button>}
            {driverMoves[driver.state].map((state) => (
              <Button key={state} danger={state !== 'active'} onClick={() => setOpen(state)}>
                {t(`driverAct.${state}`)}
              </Button>
            ))}
          </>
        )
      }
      error={error}
      retry={() => void refetch()}
      loading={!driver}
      onClose={onClose}
    >
      {driver && (
        <>
          <Tabs
            activeKey={tab}
            onChange={(key) => change((old) => withEntries(old, { tab: key === 'file' ? undefined : key }), 'follow')}
            items={tabs.map((key) => ({ key, label: t(`driverTab.${key}`) }))}
          />
          {tab === 'file' && <FilePart driver={driver} />}
          {tab === 'duty' && <DutyPart driver={driver} manages={manages} />}
          {tab === 'loans' && <LoansPart driver={driver} manages={manages} />}
          {tab === 'fitness' && <FitnessPart driverId={driverId} vehicle={driver.vehicle} />}
          {tab === 'history' && <HistoryPart driverId={driverId} />}
          {open === 'edit' && <DriverDialog driver={driver} onClose={close} />}
          {open === 'move' && <MoveDialog driver={driver} onClose={close} />}
          {open === 'lend' && <LendDialog driver={driver} onClose={close} />}
          {(open === 'active' || open === 'suspended' || open === 'retired') && (
            <StateDialog driver={driver} state={open} onClose={close} />
          )}
        </>
      )}
    </Panel>
  )
}

export function FilePart({ driver }: { driver: DriverDetail }) {
  const { t } = useText()
  const { dayMin, continuousMin, restMin } = driver.limits
  const hours = (minutes: number) => Math.round(minutes / 6) / 10
  return (
    <section className="vehicle-part">
      <Facts>
        <Fact name={t('desk.unit')}>{driver.organisation.name}</Fact>
        {driver.lentTo && <Fact name={t('driver.lentTo')}>{driver.lentTo.name}</Fact>}
        <Fact name={t('driver.phone')}>{driver.phone}</Fact>
        <Fact name={t('driver.licenceNo')}>{driver.licenceNo ?? MISSING}</Fact>
        <Fact name={t('driver.licenceClass')}>{driver.licenceClass ?? MISSING}</Fact>
        <Fact name={t('driver.licenceIssued')}>{driver.licenceIssuedOn ?? MISSING}</Fact>
        <Fact name={t('driver.licenceExpires')}>
          <Expiry day={driver.licenceExpiresOn} today={dayAt(Date.now())} />
        </Fact>
        <Fact name={t('driver.vehicle')}>{driver.vehicle ? plateAsPrinted(driver.vehicle.plate) : MISSING}</Fact>
        {driver.stateReason && <Fact name={t('driver.stateReason')}>{driver.stateReason}</Fact>}
        <Fact name={t('driver.limits')}>{t('driver.limitsText', { day: hours(dayMin), run: hours(continuousMin), rest: restMin })}</Fact>
      </Facts>
    </section>
  )
}

function HistoryPart({ driverId }: { driverId: number }) {
  const { data } = useQuery(driverHistoryQuery(driverId))
  return (
    <section className="vehicle-part">
      <History entries={data?.rows} />
    </section>
  )
}
