// The values of a rule, each under its name.
import { wordOf } from '../../../services/domain/words.ts'
import { minuteText, weekdaysText } from '../../kit/format/minutes.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { nameOf } from './say.ts'
import { useText } from './texts.ts'

export function Values({ values }: { values: Record<string, unknown> }) {
  const { t, locale } = useText()
  const part = (name: string, value: unknown): string =>
    name.endsWith('Minute') ? minuteText(value as number) : name === 'weekdays' ? weekdaysText(value as number, t) : String(value)
  const say = (name: string, value: unknown): string => {
    if (value === null) return t('ruleSet.none')
    if (typeof value === 'boolean') return t(value ? 'ruleSet.yes' : 'ruleSet.no')
    if (Array.isArray(value))
      return value.map((each) => wordOf('sensitiveKind', String(each), locale) ?? String(each)).join(t('search.comma'))
    if (typeof value === 'object')
      return Object.entries(value)
        .map(([name, each]) => `${nameOf(name, t)} ${part(name, each)}`)
        .join(t('kit.clause'))
    return part(name, value)
  }
  return (
    <Facts>
      {Object.entries(values).map(([name, value]) => (
        <Fact key={name} name={nameOf(name, t)}>
          <span className="figure">{say(name, value)}</span>
        </Fact>
      ))}
    </Facts>
  )
}
