// Texts of this page.
import { roomTexts } from '../../kit/i18n/i18n.ts'
import { partsTexts } from '../../parts/texts.ts'

export const publicationsTexts = roomTexts(partsTexts, {
  'publications.total': ['共 {{n}} 份', '{{n}} publications'],
  'publications.emptyTitle': ['没有公示单', 'No publications'],
  'publications.emptyText': ['按月起草公示单，由另一人审定后公开', 'A month is drafted, and public when another person has approved it'],
  'publications.noMatchTitle': ['没有符合条件的公示单', 'No publication matches'],
  'publications.noMatchText': ['放宽条件再查', 'Ask for more'],
  'publications.organisation': ['单位', 'Organisation'],
  'publications.unit': ['全部单位', 'All units'],
  'publications.month': ['月份', 'Month'],
  'publications.state': ['状态', 'State'],
  'publications.trips': ['行程', 'Trips'],
  'publications.draft': ['起草公示单', 'Draft a publication'],
  'publications.monthHint': ['已结束的月份，如 2026-11', 'A month that is over, such as 2026-11'],
  'publications.rules': ['公示规则', 'Rules'],
  'publications.rulesNone': ['尚未设定公示规则，未设定前不能起草', 'No rule yet; nothing can be drafted before there is one'],
  'publications.rule': ['设定规则', 'Set a rule'],
  'publications.from': ['生效日期', 'In force from'],
  'publications.items': ['公示事项', 'Items'],
  'publications.classes': ['车辆分类', 'Classes'],
  'publications.purposes': ['用车事由', 'Purposes'],
  'publications.never': [
    '涉密车辆、执法执勤、机要文件、应急处置一律不公示；不含人员姓名，地点仅限已登记的办公和停车场所',
    'Never of sensitive vehicles, law enforcement, confidential documents and emergencies; no names of persons, and only places of work that are registered',
  ],
  'publications.public': ['公示页面', 'The public page'],
  'publications.preview': ['公众看到的内容', 'What everybody reads'],
  'publications.steps': ['办理记录', 'History'],
  'publications.cut': ['只显示前 {{n}} 条', 'The first {{n}} alone'],
  'publications.otherPlace': ['其他地点', 'Another place'],
})
export const { useText } = publicationsTexts
