// One driver: file, duty, loans, history; and what may be done about him, by the tables of states and permissions.
import { useQuery } from '@tanstack/react-query'
import { Button, Tabs } from 'antd'
import { useState } from 'react'
import { type DriverState, driverMoves } from '../../../services/domain/duty.ts'
import { may, useAccount } from '../../kit/api/session.ts'
import { Panel } from '../../kit/panel/Panel.tsx'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { FilePart } from '../../parts/driver/FilePart.tsx'
import { StatusTag } from '../../parts/driver/marks.tsx'
import { History } from '../../parts/history/History.tsx'
import { useOrganisations } from '../../parts/organisation/organisations.ts'
import { DriverDialog } from './DriverDialog.tsx'
import { DutyPart } from './DutyPart.tsx'
import { FitnessPart } from './FitnessPart.tsx'
import { LoansPart } from './LoansPart.tsx'
import { driverHistoryQuery, driverQuery } from './queries.ts'
import { LendDialog, MoveDialog, StateDialog } from './StandingDialogs.tsx'
import { useText } from './texts.ts'

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
            <Button onClick={() => setOpen('edit')}>{t('kit.edit')}</Button>
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

function HistoryPart({ driverId }: { driverId: number }) {
  const { data } = useQuery(driverHistoryQuery(driverId))
  return (
    <section className="panel-part">
      <History entries={data?.rows} of="driver" />
    </section>
  )
}
