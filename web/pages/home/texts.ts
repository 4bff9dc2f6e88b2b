// Texts of this page.
import { roomTexts } from '../../kit/i18n/i18n.ts'
import { partsTexts } from '../../parts/texts.ts'

export const homeTexts = roomTexts(partsTexts, {
  'home.greeting': ['{{name}}，您好', 'Welcome, {{name}}'],
  'home.forTitle': ['本角色的职责', 'What your role is for'],
  'home.noPageTitle': ['暂无可用页面', 'No page is open to you yet'],
  'home.noPageText': [
    '本角色所需的页面尚未开通。开通后会出现在左侧功能栏，无需另行申请。',
    'The pages this role needs are not available yet; no request is needed; they will appear in the side menu.',
  ],
})

export const useText = homeTexts.useText
