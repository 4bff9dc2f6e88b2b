// The component library in our colours: compact on the desk, roomy on the phone. Its own compact algorithm makes the
// letters too small for eight hours of reading, so density is set here.
import { theme as antTheme, type ThemeConfig } from 'antd'
import { palettes, type Theme } from './palette.ts'

/** @param calm no motion: the style sheets take the time out of every transition, so nothing may wait for the end of one. */
export function antdTheme(theme: Theme, phone: boolean, calm: boolean): ThemeConfig {
  const colour = palettes[theme]
  const base = theme === 'dark' ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm
  return {
    algorithm: base,
    token: {
      colorPrimary: colour.accent,
      colorInfo: colour.accent,
      colorLink: colour.accent,
      colorSuccess: colour.accent,
      colorWarning: colour.idle,
      colorError: colour.alarm,
      colorText: colour.text,
      colorTextSecondary: colour.secondary,
      colorTextTertiary: colour.secondary,
      colorTextDescription: colour.secondary,
      colorTextPlaceholder: colour.secondary,
      colorBgLayout: colour.ground,
      colorBgContainer: colour.panel,
      colorBgElevated: colour.raised,
      colorBorder: colour.border,
      colorBorderSecondary: colour.border,
      colorTextLightSolid: colour.onAccent,
      // One for each language: base.css.
      fontFamily: 'var(--font)',
      fontSize: phone ? 15 : 13,
      borderRadius: 6,
      controlHeight: phone ? 40 : 30,
      sizeUnit: phone ? 4 : 3,
      wireframe: false,
      motion: !calm,
    },
    components: {
      Table: { headerBg: colour.ground, rowHoverBg: colour.hover, cellPaddingBlockSM: 7 },
      Tooltip: { colorBgSpotlight: theme === 'dark' ? '#2a3832' : '#24332c', colorTextLightSolid: '#f2f7f4' },
    },
  }
}
