// 审计案卷: the cases of whoever looks at vehicles' past, and the vehicles that wait for his release as the second person. The two share an address.
import { Tabs } from 'antd'
import { useState } from 'react'
import { caseStates } from '../../../services/domain/cases.ts'
import { queryClient } from '../../kit/api/session.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { AddButton } from '../../kit/list/AddButton.tsx'
import { declareList, idInAddress, readNumber } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { CasePanel } from './CasePanel.tsx'
import { OpenDialog } from './dialogs.tsx'
import type { FreshFinding } from './freshFinding.ts'
import { ReleaseList } from './ReleaseList.tsx'
import { useText } from './texts.ts'
import './cases.css'

const day = (instant: string): string => formatInstant(Date.parse(instant)).slice(0, 16)

const cases = declareList({
  endpoint: 'listCases',
  key: 'cases',
  useText,
  texts: {
    title: 'page.cases',
    search: 'cases.search',
    total: 'cases.total',
    emptyTitle: 'cases.emptyTitle',
    emptyText: 'cases.emptyText',
  },
  columns: [
    { title: 'cases.number', className: 'figure', cell: (row) => row.number },
    { title: 'cases.purpose', className: 'clip', cell: (row) => row.purpose },
    { title: 'cases.state', cell: (row, { t }) => t(`caseState.${row.state}`) },
    {
      title: 'cases.vehicles',
      cell: ({ vehicles: n, waiting }, { t }) => (waiting > 0 ? t('cases.waitingOf', { n, waiting }) : t('cases.vehiclesOf', { n })),
    },
    { title: 'cases.period', className: 'figure', cell: ({ from, until }) => `${day(from)} – ${day(until)}` },
    { title: 'cases.openedAt', className: 'figure', cell: (row) => day(row.openedAt) },
  ],
  idOf: (row) => row.caseId,
  address: idInAddress,
  filters: { state: choice({ label: 'cases.state', values: caseStates, word: (state) => `caseState.${state}` }) },
})

/** What was looked at within a case may change whether one may look: nothing of it is kept. */
const casesChanged = () => queryClient.invalidateQueries({ queryKey: ['cases'] })

export function CasesPage() {
  const { url } = useUrl()
  return url.list === 'releases' ? <ReleaseList key="releases" switcher={<CaseTabs />} /> : <CaseList key="cases" />
}

function CaseTabs() {
  const { t } = useText()
  const { url, change } = useUrl()
  return (
    <Tabs
      className="cases-tabs"
      activeKey={url.list === 'releases' ? 'releases' : 'cases'}
      onChange={(key) => change(() => withEntries({}, { list: key === 'cases' ? undefined : key }))}
      items={(['cases', 'releases'] as const).map((key) => ({ key, label: t(`cases.tab.${key}`) }))}
    />
  )
}

/** /cases?id=7&finding=new&vehicleId=…&from=…&until=…: a moment or a stretch that was seen in a replay. */
function freshIn(url: Record<string, string | undefined>): FreshFinding | undefined {
  const vehicleId = readNumber(url.vehicleId)
  if (url.finding !== 'new' || vehicleId === undefined) return undefined
  const [fromMs, untilMs] = [Date.parse(url.from ?? ''), Date.parse(url.until ?? url.from ?? '')]
  return Number.isNaN(fromMs) || Number.isNaN(untilMs) ? undefined : { vehicleId, fromMs, untilMs }
}

function CaseList() {
  const { t } = useText()
  const list = useList(cases)
  const { opened, open, url, change } = list
  const [opening, setOpening] = useState(false)
  // Whoever comes from a vehicle opens a case with it.
  const vehicleId = readNumber(url.open)
  return (
    <List
      of={list}
      above={<CaseTabs />}
      actions={
        <AddButton needs="case.keep" onClick={() => setOpening(true)}>
          {t('cases.open')}
        </AddButton>
      }
      drawer={
        opened !== null && (
          <CasePanel
            caseId={opened}
            fresh={freshIn(url)}
            onFreshDone={() =>
              change((old) => withEntries(old, { finding: undefined, vehicleId: undefined, from: undefined, until: undefined }))
            }
            onChanged={casesChanged}
            onClose={() => open(null)}
          />
        )
      }
    >
      {(opening || vehicleId !== undefined) && (
        <OpenDialog
          vehicleId={vehicleId}
          onOpened={async (caseId) => {
            await casesChanged()
            change((old) => withEntries(old, { open: undefined, id: String(caseId) }))
          }}
          onClose={() => {
            setOpening(false)
            if (url.open !== undefined) change((old) => withEntries(old, { open: undefined }))
          }}
        />
      )}
    </List>
  )
}
