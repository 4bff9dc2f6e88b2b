import { bilingual } from '../i18n/bilingual.ts'

export const secrecyTexts = bilingual({})
