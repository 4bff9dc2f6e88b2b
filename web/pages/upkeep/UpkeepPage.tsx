// 维修保养: work orders, what is due, insurance and inspections, and the plans. They share an address; which one is shown is in the URL.
import { Switcher } from '../../kit/panel/Switcher.tsx'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { DueList } from './DueList.tsx'
import { PlanList } from './PlanList.tsx'
import { RenewalList } from './RenewalList.tsx'
import { useText } from './texts.ts'
import { WorkOrderList } from './WorkOrderList.tsx'
import './upkeep.css'

const lists = { orders: WorkOrderList, due: DueList, renewals: RenewalList, plans: PlanList } as const
const tabs = Object.keys(lists) as (keyof typeof lists)[]
const shownOf = (list: string | undefined) => tabs.find((tab) => tab === list) ?? 'orders'

export function UpkeepPage() {
  const { url } = useUrl()
  const shown = shownOf(url.list)
  const Shown = lists[shown]
  return <Shown key={shown} switcher={<UpkeepTabs />} />
}

function UpkeepTabs() {
  const { t } = useText()
  const { url, change } = useUrl()
  return (
    <Switcher
      label={t('page.upkeep')}
      value={shownOf(url.list)}
      onChange={(key) => change(() => withEntries({}, { list: key === 'orders' ? undefined : key }))}
      options={tabs.map((value) => ({ value, label: t(`upkeep.tab.${value}`) }))}
    />
  )
}
