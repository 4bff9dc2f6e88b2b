// Texts of what one was told. What a notification itself says is law of the house: services/domain/notificationWords.ts.
import { roomTexts } from '../../kit/i18n/i18n.ts'
import { kitTexts } from '../../kit/texts.ts'

export const notificationTexts = roomTexts(kitTexts, {
  'told.title': ['通知', 'Notifications'],
  'told.unread': ['{{n}} 条未读通知', '{{n}} unread notifications'],
  'told.none': ['没有通知', 'Nothing yet'],
  'told.readAll': ['全部标为已读', 'Mark all as read'],
  'told.new': ['未读', 'Unread'],
})

export const useText = notificationTexts.useText
