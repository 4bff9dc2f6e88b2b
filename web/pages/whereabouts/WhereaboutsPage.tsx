// 车辆行踪: the whole scope at an instant, who was in an area, whom a vehicle met, where it stands at night. What is asked stands in the address; every question is on record,
// within a case where whoever asks must have one. The map is one for all four.
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useRef, useState } from 'react'
import { call, useAccount } from '../../kit/api/session.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { readNumber } from '../../kit/list/declareList.ts'
import { Switcher } from '../../kit/panel/Switcher.tsx'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { Watermark } from '../../parts/watermark/Watermark.tsx'
import { HereTab } from './HereTab.tsx'
import { InstantTab } from './InstantTab.tsx'
import { MeetingsTab } from './MeetingsTab.tsx'
import { NightsTab } from './NightsTab.tsx'
import { useText } from './texts.ts'
import { emptyScene, type Scene, useWhereaboutsMap } from './useWhereaboutsMap.ts'
import './whereabouts.css'

const tabs = { instant: InstantTab, here: HereTab, meetings: MeetingsTab, nights: NightsTab }
type Tab = keyof typeof tabs
const tabNames = Object.keys(tabs) as Tab[]

export function WhereaboutsPage() {
  const { t } = useText()
  const { url, change } = useUrl()
  const account = useAccount()
  const container = useRef<HTMLDivElement>(null)
  const [scene, setScene] = useState<Scene>(emptyScene)
  const failure = useWhereaboutsMap(container, scene)
  const caseId = readNumber(url.case)
  const { data: inCase } = useQuery({
    queryKey: ['cases', caseId],
    enabled: caseId !== undefined,
    queryFn: ({ signal }) => call('getCase', { params: { caseId: caseId! }, signal }),
  })
  const within = account.permissions['whereabouts.ask'].caseRequired
  const tab = tabNames.find((name) => name === url.tab) ?? 'instant'
  const Shown = tabs[tab]
  return (
    <div className="where">
      <header className="where-bar">
        <h1>{t('page.whereabouts')}</h1>
        {within && <CaseChoice caseId={caseId} onChange={(id) => change((old) => withEntries(old, { case: id }))} />}
        <span className="quiet">{t('where.onRecord')}</span>
      </header>
      <Switcher
        label={t('page.whereabouts')}
        value={tab}
        onChange={(key) => {
          setScene(emptyScene)
          change(({ case: kept }) => withEntries({}, { case: kept, tab: key }))
        }}
        options={tabNames.map((value) => ({ value, label: t(`where.tab.${value}`) }))}
      />
      <div className="where-stage">
        <Watermark text={`${account.displayName} ${formatInstant(Date.now()).slice(0, 16)} ${inCase?.number ?? ''}`} />
        <section className="where-side">
          {within && caseId === undefined ? (
            <EmptyState title={t('where.case')} text={t('where.caseNeeded')} />
          ) : (
            <Shown key={tab} caseId={caseId} onScene={setScene} />
          )}
        </section>
        <section className="where-map" aria-label={t('where.map')}>
          <div ref={container} className="where-canvas" />
          {failure !== null && <ErrorState error={failure} />}
        </section>
      </div>
    </div>
  )
}

function CaseChoice({ caseId, onChange }: { caseId: number | undefined; onChange: (id: string | undefined) => void }) {
  const { t } = useText()
  const { data } = useQuery({
    queryKey: ['cases', 'open'],
    queryFn: ({ signal }) => call('listCases', { query: { state: 'OPEN', limit: 200 }, signal }),
  })
  return (
    <Select
      className="where-case"
      aria-label={t('where.case')}
      placeholder={t('where.case')}
      notFoundContent={t('where.noCases')}
      value={data ? caseId : undefined}
      options={(data?.rows ?? []).map((row) => ({ value: row.caseId, label: `${row.number} ${row.purpose}` }))}
      onChange={(id: number) => onChange(String(id))}
    />
  )
}
