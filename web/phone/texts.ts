// Texts of what a phone gets.
import { roomTexts } from '../kit/i18n/i18n.ts'
import { kitTexts } from '../kit/texts.ts'

export const phoneTexts = roomTexts(kitTexts, {
  'phone.allPages': ['全部功能', 'All pages'],
})

export const useText = phoneTexts.useText
