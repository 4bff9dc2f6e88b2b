// 监督: what rules suspect, to be told, answered and decided, one or several at once; and the rules with their values. The two share an address.
import { Button, Tabs } from 'antd'
import { useState } from 'react'
import type { FindingRow } from '../../../services/contracts/api/supervision.ts'
import { ruleCodes } from '../../../services/domain/supervision/codes.ts'
import { supervisionActions, supervisionStates } from '../../../services/domain/supervision/findings.ts'
import { severities } from '../../../services/domain/supervision/rule.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { may, useAccount } from '../../kit/api/session.ts'
import { MISSING } from '../../kit/format/number.ts'
import { declareList, idInAddress } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { useTicks } from '../../kit/list/useTicks.tsx'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { Plate } from '../../parts/marks/Plate.tsx'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { figureOf, noteOf } from '../../parts/supervision/figure.ts'
import { FindingPanel } from './FindingPanel.tsx'
import { type Action, FindingStep } from './FindingStep.tsx'
import { RuleList } from './RuleList.tsx'
import { oneIn, titleOf, whenOf } from './say.ts'
import { useText } from './texts.ts'
import './supervision.css'

const findings = declareList({
  endpoint: 'listSupervisionFindings',
  key: 'supervision',
  useText,
  texts: {
    title: 'page.supervision',
    search: 'supervision.search',
    total: 'supervision.total',
    emptyTitle: 'supervision.emptyTitle',
    emptyText: 'supervision.emptyText',
  },
  columns: [
    {
      title: 'supervision.rule',
      opens: true,
      cell: (row, { t }) => (
        <span className={`finding-mark finding-${row.severity}`}>
          {titleOf(row, t)}
          <span className="quiet"> {t(`supervisionSeverity.${row.severity}`)}</span>
        </span>
      ),
    },
    { title: 'supervision.vehicle', cell: ({ vehicle }) => <Plate plate={vehicle.plate} colour={vehicle.plateColour} /> },
    { title: 'supervision.when', className: 'figure', cell: (row, { t }) => whenOf(row, t) },
    {
      title: 'supervision.figure',
      className: 'figure',
      yields: true,
      cell: (row, { locale }) => (
        <>
          {figureOf(row, locale)} <span className="quiet">{noteOf(row.note, locale)}</span>
        </>
      ),
    },
    {
      title: 'supervision.rarity',
      className: 'figure',
      yields: true,
      cell: ({ rarity }, { t }) => (rarity ? t(`supervision.rarity.${rarity.per}`, { n: oneIn(rarity) }) : MISSING),
    },
    { title: 'supervision.state', cell: (row, { t }) => t(`supervisionState.${row.state}`) },
    { title: 'supervision.unit', className: 'clip', cell: (row) => row.organisation.name, yields: true },
  ],
  idOf: (row) => row.findingId,
  address: idInAddress,
  filters: {
    rule: choice({ label: 'supervision.rule', values: ruleCodes, word: (code) => `rule.${code}`, search: true }),
    state: choice({ label: 'supervision.state', values: supervisionStates, word: (state) => `supervisionState.${state}` }),
    severity: choice({ label: 'supervision.severity', values: severities, word: (severity) => `supervisionSeverity.${severity}` }),
    organisationId: unitFilter('supervision.unit'),
    by: choice({ label: 'supervision.by', values: ['rarity'], word: () => 'supervision.byRarity' }),
    late: choice({ label: 'supervision.late', values: ['true'], word: () => 'supervision.lateOnly' }),
    olderThanDays: choice({ url: 'age', label: 'supervision.older', values: [1, 3, 7, 30], word: (n) => ['supervision.olderDays', { n }] }),
  },
  everyMs: 30_000,
  exported: 'findings',
})

export function FindingsPage() {
  const { url } = useUrl()
  return url.list === 'rules' ? <RuleList switcher={<FindingTabs />} /> : <FindingList key="findings" />
}

function FindingTabs() {
  const { t } = useText()
  const { url, change } = useUrl()
  if (!may(useAccount(), 'finding.decide')) return null
  return (
    <Tabs
      className="finding-tabs"
      activeKey={url.list === 'rules' ? 'rules' : 'findings'}
      onChange={(key) => change(() => withEntries({}, { list: key === 'findings' ? undefined : key }))}
      items={(['findings', 'rules'] as const).map((key) => ({ key, label: t(`supervision.tab.${key}`) }))}
    />
  )
}

function FindingList() {
  const { t } = useText()
  const account = useAccount()
  const list = useList(findings)
  const { opened, open } = list
  const [asked, setAsked] = useState<Action | null>(null)
  const { chosen, unchoose, ticks } = useTicks({
    page: list.rows,
    idOf: findings.idOf,
    wholePage: t('supervision.selectPage'),
    one: (row) => t('supervision.select', { plate: plateAsPrinted(row.vehicle.plate), rule: t(`rule.${row.rule}`) }),
  })
  const rows = [...chosen.values()]
  const shared = supervisionActions.filter((action) => rows.length > 0 && rows.every(({ mayAct }) => mayAct.includes(action)))
  return (
    <List
      of={list}
      above={
        <>
          <FindingTabs />
          <RuleCounts counts={list.answer?.byRule ?? []} chosen={list.url.rule} onChoose={(rule) => list.set({ rule })} />
        </>
      }
      ticks={may(account, 'finding.decide') ? ticks : undefined}
      actions={
        rows.length > 0 && (
          <>
            <Button onClick={unchoose}>{t('supervision.unselect')}</Button>
            {shared.map((action) => (
              <Button key={action} disabled={rows.length > 100} onClick={() => setAsked(action)}>
                {t('supervision.chosen', { action: t(`supervisionAction.${action}`), n: rows.length })}
              </Button>
            ))}
          </>
        )
      }
      drawer={opened !== null && <FindingPanel findingId={opened} onClose={() => open(null)} onOpen={open} />}
    >
      {asked && <FindingStep rows={rows} action={asked} onDone={unchoose} onClose={() => setAsked(null)} />}
    </List>
  )
}

/** How many there are of each rule; one press shows those alone. */
function RuleCounts({
  counts,
  chosen,
  onChoose,
}: {
  counts: readonly { rule: FindingRow['rule']; count: number }[]
  chosen: string | undefined
  onChoose: (rule: string | undefined) => void
}) {
  const { t } = useText()
  return (
    <div className="finding-counts">
      {counts.map(({ rule, count }) => (
        <Button
          key={rule}
          size="small"
          type={chosen === rule ? 'primary' : 'default'}
          aria-pressed={chosen === rule}
          onClick={() => onChoose(chosen === rule ? undefined : rule)}
        >
          {t('supervision.countOf', { rule: t(`rule.${rule}`), n: count })}
        </Button>
      ))}
    </div>
  )
}
