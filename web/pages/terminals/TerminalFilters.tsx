// By what the list of terminals is cut; each choice goes into the address.
import { Select } from 'antd'
import { terminalStates } from '../../../services/contracts/api/terminals.ts'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import type { TerminalFilter } from '../../parts/terminal/queries.ts'
import { useText } from './texts.ts'

/** An hour, a day, three, a week, a month. */
export const SILENT_HOURS = [1, 24, 72, 168, 720] as const

export function TerminalFilters({ filter, set }: { filter: TerminalFilter; set: (entries: Record<string, string | undefined>) => void }) {
  const { t } = useText()
  const silentText = (hours: number) => (hours < 24 ? t('terminalFilter.hours', { n: hours }) : t('terminalFilter.days', { n: hours / 24 }))
  return (
    <>
      <UnitChoice
        label={t('kit.filterUnit')}
        value={filter.organisationId as number | undefined}
        onChange={(org) => set({ org: org === undefined ? undefined : String(org) })}
      />
      <Select
        allowClear
        aria-label={t('terminalFilter.state')}
        placeholder={t('terminalFilter.state')}
        value={filter.state}
        options={terminalStates.map((value) => ({ value, label: t(`terminalState.${value}`) }))}
        onChange={(value) => set({ state: value })}
        popupMatchSelectWidth={false}
      />
      <Select
        allowClear
        aria-label={t('terminalFilter.fitted')}
        placeholder={t('terminalFilter.fitted')}
        value={filter.fitted}
        options={(['yes', 'no'] as const).map((value) => ({ value, label: t(`terminalFilter.fitted.${value}`) }))}
        onChange={(value) => set({ fitted: value })}
        popupMatchSelectWidth={false}
      />
      <Select
        allowClear
        aria-label={t('terminalFilter.silent')}
        placeholder={t('terminalFilter.silent')}
        value={filter.silentHours as number | undefined}
        options={SILENT_HOURS.map((value) => ({ value, label: silentText(value) }))}
        onChange={(value: number | undefined) => set({ silent: value === undefined ? undefined : String(value) })}
        popupMatchSelectWidth={false}
      />
    </>
  )
}
