// Texts of a driver’s own file.
import { roomTexts } from '../../kit/i18n/i18n.ts'
import { kitTexts } from '../../kit/texts.ts'

export const driverTexts = roomTexts(kitTexts, {
  'driver.licenceExpired': ['已过期', 'expired'],
  'driver.licenceSoon': ['即将到期', 'expires soon'],
  'driver.stateReason': ['理由', 'Reason'],
  'driver.rating': ['行程评价', 'Ratings'],
  'driver.ratingText': ['平均 {{average}} 星（{{n}} 次，匿名汇总）', '{{average}} stars on average of {{n}}, without names'],
  'driver.ratingNone': ['评价次数不足，暂不汇总', 'Too few ratings yet'],
  'driver.driven': ['本月出车', 'Driven this month'],
  'driver.drivenText': ['{{orders}} 单，{{hours}} 小时，{{km}} 公里', '{{orders}} orders, {{hours}} h, {{km}} km'],
  'driver.choose': ['按姓名查找驾驶员', 'Find a driver by name'],
  'driver.limitsWeek': ['；每周 {{hours}} 小时', '; {{hours}} h a week'],
  'driver.limits': ['驾驶时长限制', 'Driving limits'],
  'driver.limitsText': [
    '每日 {{day}} 小时；连续驾驶 {{run}} 小时须休息 {{rest}} 分钟{{week}}',
    '{{day}} h a day; {{rest}} min rest after {{run}} h without a break{{week}}',
  ],

  'driverStatus.on_duty': ['在岗', 'On duty'],
  'driverStatus.off_duty': ['不在岗', 'Off duty'],
  'driverStatus.leave': ['请假', 'On leave'],
  'driverStatus.suspended': ['停岗', 'Suspended'],
  'driverStatus.retired': ['离岗', 'Left'],
  'driverStatus.unknown': ['日历未知', 'Calendar unknown'],

  'loans.none': ['没有借调记录', 'No loans'],

  'own.text': [
    '以下是系统登记的您的信息。如有错误，请联系本单位车管员更正。',
    'This is what is entered about you. If anything is wrong, ask your unit’s fleet manager to correct it.',
  ],
  'own.none': ['您的账号没有关联驾驶员档案', 'Your account is not linked to a driver’s file'],
})

export const useText = driverTexts.useText
