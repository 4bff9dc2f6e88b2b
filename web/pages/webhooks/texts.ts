// Texts of this page.
import { roomTexts } from '../../kit/i18n/i18n.ts'
import { partsTexts } from '../../parts/texts.ts'

export const webhooksTexts = roomTexts(partsTexts, {
  'webhooks.text': [
    '发生所选事件时，系统向外部网址推送一条带签名的消息，例如供短信网关使用。说明见运维文档。',
    'When what you choose happens, a signed message is sent to another system, such as a gateway for short messages. The operations manual says how.',
  ],
  'webhooks.none': ['还没有外部接口', 'No webhooks yet'],
  'webhooks.noneText': ['新建后，所选事件将推送给对方系统', 'Once there is one, the other system is told what you chose'],
  'webhooks.add': ['新建外部接口', 'New webhook'],
  'webhooks.change': ['修改', 'Change'],
  'webhooks.name': ['名称', 'Name'],
  'webhooks.url': ['网址（https）', 'Address (https)'],
  'webhooks.unit': ['适用单位（含下级）', 'Unit, with those below'],
  'webhooks.kinds': ['推送事件', 'Events'],
  'webhooks.allKinds': ['全部事件（含以后新增的）', 'All of them, those added later as well'],
  'webhooks.on': ['启用', 'In use'],
  'webhooks.test': ['发送测试', 'Send a test'],
  'webhooks.renew': ['更换密钥', 'New secret'],
  'webhooks.renewText': [
    '旧密钥立即失效，请同时更新对方系统。',
    'The secret before it ends at once; the other system must be given the new one.',
  ],
  'webhooks.secret': ['签名密钥', 'Secret'],
  'webhooks.secretText': ['只显示这一次，请立即交给对方系统保存。', 'It is shown this once. Hand it to the other system now.'],
  'webhooks.secretKept': ['已保存', 'It is kept'],
  'webhooks.failingSince': ['{{time}} 起无法送达', 'Nothing taken since {{time}}'],
  'webhooks.deliveries': ['送达记录', 'Deliveries'],
  'webhooks.noDeliveries': ['还没有推送', 'Nothing sent yet'],
  'webhooks.outcome.owed': ['待送达', 'Owed'],
  'webhooks.outcome.taken': ['已送达', 'Taken'],
  'webhooks.outcome.given-up': ['已放弃', 'Given up'],
  'webhooks.attempts': ['{{n}} 次', '{{n}} attempts'],
  'webhooks.unreached': ['无法连接', 'Not reached'],
  'webhooks.testKind': ['测试', 'Test'],
})

export const useText = webhooksTexts.useText
export type Text = ReturnType<typeof useText>['t']
export type TextKey = Parameters<Text>[0]
