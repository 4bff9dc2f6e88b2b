// Language and theme at the door, as plain controls.
import { chooseLocale } from '../../kit/i18n/i18n.ts'
import { chooseTheme, type ThemeChoice, themeChoices, useThemeChoice } from '../../kit/theme/preference.ts'
import { useText } from '../account/texts.ts'

export function Preferences() {
  const { t, locale } = useText()
  const choice = useThemeChoice()
  return (
    <div className="door-preferences">
      <button type="button" lang={locale === 'en' ? 'zh-CN' : 'en'} onClick={() => chooseLocale(locale === 'en' ? 'zh-CN' : 'en')}>
        {locale === 'en' ? '中文' : 'English'}
      </button>
      <select aria-label={t('theme.label')} value={choice} onChange={(event) => chooseTheme(event.target.value as ThemeChoice)}>
        {themeChoices.map((theme) => (
          <option key={theme} value={theme}>
            {t(`theme.${theme}`)}
          </option>
        ))}
      </select>
    </div>
  )
}
