// Texts of these pages.
import { roomTexts } from '../../kit/i18n/i18n.ts'
import { tripTexts } from '../../parts/trip/texts.ts'

export const loansTexts = roomTexts(tripTexts, {
  'loans.tab.loans': ['车辆借用', 'Loans'],
  'loans.tab.agreements': ['借用协议', 'Agreements'],
  'loans.total': ['共 {{n}} 项', '{{n}} loans'],
  'loans.emptyTitle': ['还没有借用', 'No loans yet'],
  'loans.emptyText': [
    '本单位和车队没有合适车辆时，可向其他单位借用一段时间',
    'Where neither the unit nor its pool has a vehicle, one is borrowed from another unit for a time',
  ],
  'loans.filterUnit': ['单位', 'Unit'],
  'loans.state': ['状态', 'State'],
  'loans.lender': ['出借单位', 'Lender'],
  'loans.borrower': ['借用单位', 'Borrower'],
  'loans.span': ['借用时间', 'Time'],
  'loans.byAgreement': ['按协议', 'By agreement'],
  'loans.ask': ['申请借用', 'Ask for a loan'],
  'loans.plate': ['号牌号码', 'Plate'],
  'loans.plateHint': ['选择车辆，可输入号牌筛选', 'Choose a vehicle; type a part of its plate to narrow'],
  'loans.plateFirst': ['请先填写借用单位和起止时间', 'Choose borrower and time first'],
  'loans.offered': ['{{plate}} · {{class}} · {{n}} 座 · {{unit}}', '{{plate}} · {{class}} · {{n}} seats · {{unit}}'],
  'loans.taken': [
    '{{plate}} · {{class}} · {{n}} 座 · {{unit}} · 此时段不空闲',
    '{{plate}} · {{class}} · {{n}} seats · {{unit}} · not free then',
  ],
  'loans.from': ['开始', 'From'],
  'loans.until': ['结束', 'Until'],
  'loans.trips': ['已派行程', 'Trips already given'],
  'loans.steps': ['办理过程', 'Steps'],
  'agreements.total': ['共 {{n}} 份', '{{n}} agreements'],
  'agreements.emptyTitle': ['还没有借用协议', 'No agreements yet'],
  'agreements.emptyText': ['协议有效期内，借用无需逐次同意', 'While an agreement stands no loan needs a consent of its own'],
  'agreements.days': ['有效期', 'Days'],
  'agreements.inForce': ['有效', 'In force'],
  'agreements.add': ['登记协议', 'Add an agreement'],
})

export const useText = loansTexts.useText
