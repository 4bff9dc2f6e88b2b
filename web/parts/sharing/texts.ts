// Texts of shared rides, which desk and phone show.
import { roomTexts } from '../../kit/i18n/i18n.ts'
import { kitTexts } from '../../kit/texts.ts'

export const sharingTexts = roomTexts(kitTexts, {
  'share.board': ['{{n}} 人上车', '{{n}} get on'],
  'share.leave': ['{{n}} 人下车', '{{n}} get off'],
  'share.pass': ['途经', 'passes'],
  'share.load': ['车上 {{n}} 人', '{{n}} on board'],
  'share.mine': ['本人', 'yours'],
  'share.done': ['{{time}} 已办', 'done {{time}}'],
  'share.noShow': ['{{time}} 未到', 'nobody came, {{time}}'],
  'share.stops': ['停靠顺序', 'Stops'],
  'share.ride': ['乘车 {{shared}} 分钟（直达 {{direct}} 分钟）', '{{shared}} min in the vehicle ({{direct}} direct)'],
  'share.saves': ['少行驶 {{km}} 公里，约节约 {{yuan}}', '{{km}} km not driven, about {{yuan}} saved'],
})
export const useText = sharingTexts.useText
