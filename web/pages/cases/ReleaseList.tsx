// Vehicles in cases that wait for a second person: who asks, why, for which period; released or not.
import { Button } from 'antd'
import { useState } from 'react'
import type { CaseVehicleAction } from '../../../services/domain/cases.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { queryClient } from '../../kit/api/session.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { declareList, idInAddress } from '../../kit/list/declareList.ts'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { Plate } from '../../parts/marks/Plate.tsx'
import { StepDialog } from './CasePanel.tsx'
import { useText } from './texts.ts'

const minute = (instant: string): string => formatInstant(Date.parse(instant)).slice(0, 16)

const releases = declareList({
  endpoint: 'listCaseReleases',
  key: 'cases',
  useText,
  texts: { title: 'page.cases', total: 'releases.total', emptyTitle: 'releases.emptyTitle', emptyText: 'releases.emptyText' },
  columns: [
    {
      title: 'releases.plate',
      cell: (row, { t }) => (row.vehicle ? <Plate plate={row.vehicle.plate} colour={row.vehicle.plateColour} /> : t('cases.hidden')),
    },
    { title: 'releases.unit', className: 'clip', cell: (row) => row.vehicle?.unit },
    { title: 'cases.number', className: 'figure', cell: (row) => row.number },
    { title: 'cases.purpose', className: 'clip', cell: (row) => row.purpose },
    { title: 'releases.by', cell: (row) => row.addedBy },
    { title: 'releases.at', className: 'figure', cell: (row) => minute(row.addedAt) },
  ],
  idOf: (row) => row.caseVehicleId,
  address: idInAddress,
})

export function ReleaseList({ switcher }: { switcher: React.ReactNode }) {
  const { t } = useText()
  const list = useList(releases)
  const { opened, open, rows } = list
  const [asked, setAsked] = useState<CaseVehicleAction | null>(null)
  const row = rows?.find(({ caseVehicleId }) => caseVehicleId === opened)
  return (
    <List
      of={list}
      above={switcher}
      drawer={
        opened !== null &&
        row && (
          <Panel
            id={opened}
            title={row.vehicle ? plateAsPrinted(row.vehicle.plate) : t('cases.hidden')}
            kind={t(`caseVehicleState.${row.state}`)}
            actions={row.mayAct.map((action) => (
              <Button key={action} type={action === 'release' ? 'primary' : 'default'} onClick={() => setAsked(action)}>
                {t(`caseVehicleAction.${action}`)}
              </Button>
            ))}
            onClose={() => open(null)}
          >
            <section className="panel-part">
              <Facts>
                <Fact name={t('cases.number')}>{row.number}</Fact>
                <Fact name={t('cases.purpose')}>{row.purpose}</Fact>
                <Fact name={t('cases.basis')}>{row.basis}</Fact>
                <Fact name={t('cases.period')}>
                  <span className="figure">
                    {minute(row.from)} – {minute(row.until)}
                  </span>
                </Fact>
                <Fact name={t('releases.unit')}>{row.vehicle?.unit}</Fact>
                <Fact name={t('releases.by')}>{row.addedBy}</Fact>
              </Facts>
              {asked && (
                <StepDialog
                  row={row}
                  action={asked}
                  onChanged={() => queryClient.invalidateQueries({ queryKey: ['cases'] })}
                  onClose={() => setAsked(null)}
                />
              )}
            </section>
          </Panel>
        )
      }
    />
  )
}
