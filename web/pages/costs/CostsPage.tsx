// 单车核算, 预算, 价目: what was booked, what may be spent, and by which prices. The three share an address; which one is shown is in the URL.
import { Tabs } from 'antd'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { BudgetList } from './BudgetList.tsx'
import { SumList } from './SumList.tsx'
import { TariffList } from './TariffList.tsx'
import { useText } from './texts.ts'
import './costs.css'

const tabs = ['sums', 'budgets', 'tariffs'] as const

export function CostsPage() {
  const { url } = useUrl()
  if (url.list === 'budgets') return <BudgetList key="budgets" switcher={<CostTabs />} />
  return url.list === 'tariffs' ? <TariffList key="tariffs" switcher={<CostTabs />} /> : <SumList key="sums" switcher={<CostTabs />} />
}

function CostTabs() {
  const { t } = useText()
  const { url, change } = useUrl()
  return (
    <Tabs
      className="costs-tabs"
      activeKey={tabs.find((tab) => tab === url.list) ?? 'sums'}
      onChange={(key) => change(() => withEntries({}, { list: key === 'sums' ? undefined : key }))}
      items={tabs.map((key) => ({ key, label: t(`costs.tab.${key}`) }))}
    />
  )
}
