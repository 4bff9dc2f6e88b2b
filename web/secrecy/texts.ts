import { bilingual } from '../i18n/bilingual.ts'

export const secrecyTexts = bilingual({
  'page.secrecy': ['涉密车辆', 'Sensitive vehicles'],
  'secret.vehicle': ['涉密车辆', 'Sensitive vehicle'],
  'secret.mark': ['涉密', 'Sensitive'],
  'secret.named': ['涉密车辆：您在知悉人名册上', 'Sensitive vehicle: you are named for it'],
  'secret.left': ['涉密 · 剩余 {{left}}', 'Unmasked · {{left}} left'],
  'secret.until': ['涉密车辆：查看授权有效至 {{until}}', 'Sensitive vehicle: unmasked until {{until}}'],
  'secret.coarse': ['涉密，仅显示大致位置', 'Sensitive: shown roughly'],
  'secret.about': ['约 {{age}}', 'about {{age}}'],
})
