// 单车核算, 费用单, 对账单, 结账, 预算, 价目: what was booked, what is entered, which months are closed, what may be spent, and by which prices. They share an address;
// which one is shown is in the URL.
import { Switcher } from '../../kit/panel/Switcher.tsx'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { BillList } from './BillList.tsx'
import { BudgetList } from './BudgetList.tsx'
import { LineList } from './LineList.tsx'
import { MonthList } from './MonthList.tsx'
import { StatementList } from './StatementList.tsx'
import { SumList } from './SumList.tsx'
import { TariffList } from './TariffList.tsx'
import { useText } from './texts.ts'

const lists = {
  sums: SumList,
  bills: BillList,
  statements: StatementList,
  lines: LineList,
  months: MonthList,
  budgets: BudgetList,
  tariffs: TariffList,
} as const
const tabs = Object.keys(lists) as (keyof typeof lists)[]
const shownOf = (list: string | undefined) => tabs.find((tab) => tab === list) ?? 'sums'

export function CostsPage() {
  const { url } = useUrl()
  const shown = shownOf(url.list)
  const Shown = lists[shown]
  return <Shown key={shown} switcher={<CostTabs />} />
}

function CostTabs() {
  const { t } = useText()
  const { url, change } = useUrl()
  return (
    <Switcher
      label={t('page.costs')}
      value={shownOf(url.list)}
      onChange={(key) => change(() => withEntries({}, { list: key === 'sums' ? undefined : key }))}
      options={tabs.map((value) => ({ value, label: t(`costs.tab.${value}`) }))}
    />
  )
}
